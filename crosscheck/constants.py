"""What the initial assignments of a document say for given parameters.

libRoadRunner follows them when a parameter is set as `init(name)`, but computes the whole model anew for each, about a
second on the joined axis; here they are computed once a person."""

import math

import libsbml as sbml

BINARY = {sbml.AST_DIVIDE: lambda a, b: a / b, sbml.AST_POWER: pow, sbml.AST_FUNCTION_POWER: pow}
UNARY = {
    sbml.AST_FUNCTION_EXP: math.exp,
    sbml.AST_FUNCTION_LN: math.log,
    sbml.AST_FUNCTION_TANH: math.tanh,
    sbml.AST_FUNCTION_SIN: math.sin,
    sbml.AST_FUNCTION_COS: math.cos,
    sbml.AST_FUNCTION_ABS: abs,
}


class Constants:
    def __init__(self, path):
        self.document = sbml.readSBMLFromFile(str(path))
        model = self.document.getModel()
        self.values = {p.getId(): p.getValue() for p in model.getListOfParameters()}
        self.assigned = {a.getSymbol(): a.getMath() for a in model.getListOfInitialAssignments()}
        self.functions = {f.getId(): f.getMath() for f in model.getListOfFunctionDefinitions()}

    def of(self, given):
        """The values of all that has an initial assignment, with these values of parameters."""
        known = {name: value for name, value in self.values.items() if name not in self.assigned} | given
        for name in self.assigned:
            self._symbol(name, known)
        return {name: known[name] for name in self.assigned}

    def _symbol(self, name, known):
        if name not in known:
            known[name] = self._value(self.assigned[name], known, {})
        return known[name]

    def _value(self, node, known, bound):
        kind = node.getType()
        if kind == sbml.AST_NAME:
            name = node.getName()
            return bound[name] if name in bound else self._symbol(name, known)
        if node.isNumber():
            return node.getValue()
        operands = [self._value(node.getChild(i), known, bound) for i in range(node.getNumChildren())]
        if kind == sbml.AST_PLUS:
            return sum(operands)
        if kind == sbml.AST_TIMES:
            return math.prod(operands)
        if kind == sbml.AST_MINUS:
            return -operands[0] if len(operands) == 1 else operands[0] - operands[1]
        if kind == sbml.AST_FUNCTION_ROOT:
            return math.sqrt(operands[-1]) if len(operands) == 1 else operands[1] ** (1.0 / operands[0])
        if kind == sbml.AST_FUNCTION:
            return self._call(node.getName(), operands, known)
        if kind in BINARY:
            return BINARY[kind](*operands)
        if kind in UNARY:
            return UNARY[kind](*operands)
        raise RuntimeError(f"no rule for {sbml.formulaToL3String(node)}")

    def _call(self, name, operands, known):
        function = self.functions[name]
        last = function.getNumChildren() - 1
        names = (function.getChild(i).getName() for i in range(last))
        return self._value(function.getChild(last), known, dict(zip(names, operands)))
