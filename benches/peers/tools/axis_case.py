"""What the peers share on the joined axis: the document with what rates need, people, reference, the measure of error.

The folder is written by the example `crosscheck`: one document, a table of people (parameters `p:id`, states `y0:id`) and
a reference trajectory a person.
"""

import csv
import json
import sys
from pathlib import Path

import libsbml
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "crosscheck"))
import constants  # noqa: E402


class Case:
    def __init__(self, folder, people):
        folder = Path(folder)
        manifest = json.loads((folder / "manifest.json").read_text())
        self.model = manifest["model"]
        self.document, table = (folder / name for name in manifest["shared"])
        with table.open(newline="") as file:
            header, *rows = csv.reader(file)
        states = [c for c in manifest["columns"] if f"y0:{c['id']}" in header]
        self.states = [c["id"] for c in states]
        self.typical = np.array([c["typical"] for c in states])
        known = constants.Constants(self.document)
        self.people = [
            (start_values(dict(zip(header, map(float, row))), known), trajectory(folder / person["trajectory"]))
            for row, person in list(zip(rows, manifest["patients"]))[: int(people)]
        ]

    def errors(self, found, reference):
        """Of all read-outs of all states: |y − ref| / (|ref| + 1e-3 · typical size)."""
        reference = reference[:, 1 : 1 + len(self.typical)]
        return np.abs(found - reference) / (np.abs(reference) + 1e-3 * self.typical)


def rate(seconds, people):
    return f"{people / seconds:.2f} patients/s ({1e3 * seconds / people:.0f} ms each, {people} people)"


def summary(errors):
    errors = np.array(errors)
    return f"error max {errors.max():.1e}, rms {np.sqrt((errors**2).mean()):.1e}"


def start_values(values, known):
    """What a person sets, by name: parameters, what initial assignments say for them, states."""
    given = {name[2:]: value for name, value in values.items() if name.startswith("p:")}
    return given | known.of(given) | {name[3:]: value for name, value in values.items() if name.startswith("y0:")}


def trajectory(path):
    """Rows of a reference: time (d), then the columns."""
    with path.open(newline="") as file:
        _, *rows = csv.reader(file)
    return np.array(rows, dtype=float)


def without_what_no_rate_needs(path, keep_initial_assignments=True):
    """The document as text, without the rules and initial assignments that nothing but reporting needs; if asked, without
    any initial assignment (a person sets what they define)."""
    document = libsbml.readSBMLFromFile(str(path))
    model = document.getModel()
    uses = {rule.getVariable(): names_in(rule.getMath(), set()) for rule in model.getListOfRules()}
    assigned = {rule.getVariable() for rule in model.getListOfRules() if rule.isAssignment()}
    for start in model.getListOfInitialAssignments():
        name = start.getSymbol()
        if name not in uses:
            assigned.add(name)
        uses.setdefault(name, set()).update(names_in(start.getMath(), set()))
    needed, waiting = set(), [name for name in uses if name not in assigned]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting.extend(uses.get(name, ()))
    for name in assigned - needed:
        model.removeRuleByVariable(name)
        model.removeInitialAssignment(name)
        model.removeParameter(name)
    if not keep_initial_assignments:
        model.getListOfInitialAssignments().clear(True)
    return libsbml.writeSBMLToString(document)


def names_in(node, found):
    if node.getType() == libsbml.AST_NAME:
        found.add(node.getName())
    for i in range(node.getNumChildren()):
        names_in(node.getChild(i), found)
    return found
