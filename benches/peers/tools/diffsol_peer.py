"""diffsol (BDF, sparse LU): the model as DiffSL, compiled once by its just-in-time compiler (LLVM).

The input changes at two times; each stretch between them is a solve of its own that starts from the last one's end.
"""

import libsbml
import numpy as np
import pydiffsol
from common import DAYS, LAST_DAY, main

CHANGES = [(0.0, 0.0), (28.0, 1.0), (112.0, 0.0)]  # (day, input), as the model's events say


def expression(node, names) -> str:
    """A formula in DiffSL."""
    if node.isName():
        return names[node.getName()]
    if node.isNumber():
        return repr(float(node.getValue()))
    parts = [expression(node.getChild(i), names) for i in range(node.getNumChildren())]
    kind = node.getType()
    if kind == libsbml.AST_FUNCTION_EXP:
        return f"exp({parts[0]})"
    if kind in (libsbml.AST_POWER, libsbml.AST_FUNCTION_POWER):
        return f"pow({parts[0]}, {parts[1]})"
    if kind == libsbml.AST_MINUS and len(parts) == 1:
        return f"(-1.0 * {parts[0]})"
    operator = {libsbml.AST_PLUS: "+", libsbml.AST_MINUS: "-", libsbml.AST_TIMES: "*", libsbml.AST_DIVIDE: "/"}[kind]
    return f"({f' {operator} '.join(parts)})"


def ordered(rules: dict, formulas: dict) -> list:
    """Assignment rules, each after those that it reads."""
    done, order = set(), []

    def visit(name):
        if name not in done:
            done.add(name)
            for other in formulas[name]:
                if other in rules:
                    visit(other)
            order.append(name)

    for name in rules:
        visit(name)
    return order


def reads(node) -> list:
    inside = [name for i in range(node.getNumChildren()) for name in reads(node.getChild(i))]
    return [node.getName()] if node.isName() else inside


def diffsl(case) -> str:
    """The model in DiffSL; inputs are the varied parameters, the initial state and the model's own input."""
    model = libsbml.readSBMLFromString(case.sbml).getModel()
    rules = [model.getRule(i) for i in range(model.getNumRules())]
    rates = {rule.getVariable(): rule.getMath() for rule in rules if rule.isRate()}
    assigned = {rule.getVariable(): rule.getMath() for rule in rules if rule.isAssignment()}
    names, text = {}, ["in_i {"]
    for i, name in enumerate(case.parameter_names):
        names[name] = f"given{i}"
    names["u"] = "input"
    text += [f"  {names[name]} = 1.0," for name in case.parameter_names + ["u"]]
    text += [f"  start{i} = 1.0," for i in range(len(case.state_names))] + ["}"]
    names |= {name: f"state{i}" for i, name in enumerate(case.state_names)}
    names |= {name: f"rule{i}" for i, name in enumerate(assigned)}
    for i in range(model.getNumParameters()):
        parameter = model.getParameter(i)
        if parameter.getId() not in names:
            names[parameter.getId()] = f"fixed{i}"
            text.append(f"fixed{i} {{ {float(parameter.getValue())!r} }}")
    text += ["u_i {"] + [f"  state{i} = start{i}," for i in range(len(case.state_names))] + ["}"]
    for name in ordered(assigned, {rule: reads(math) for rule, math in assigned.items()}):
        text.append(f"{names[name]} {{ {expression(assigned[name], names)} }}")
    text += ["F_i {"] + [f"  {expression(rates[name], names)}," for name in case.state_names] + ["}"]
    return "\n".join(text)


def solve(case, patients, relative, absolute):
    # KLU is offered too and ends in a segmentation fault on this model (pydiffsol 0.6.2).
    method = {"ode_solver": pydiffsol.bdf, "linear_solver": pydiffsol.lu}
    ode = pydiffsol.Ode(diffsl(case), matrix_type=pydiffsol.faer_sparse, **method)
    ode.rtol, ode.atol = relative, absolute
    yield None
    ends = [change[0] for change in CHANGES[1:]] + [float(LAST_DAY)]
    for patient in patients:
        state, parts = case.initial[patient], []
        for (start, value), end in zip(CHANGES, ends):
            days = DAYS[(DAYS >= start) & (DAYS <= end)] - start
            found = ode.solve_dense(np.concatenate([case.parameters[patient], [value], state]), days).ys.T
            state = found[-1]
            parts.append(found if end == LAST_DAY else found[:-1])
        yield patient, np.concatenate(parts), None


main("diffsol", solve)
