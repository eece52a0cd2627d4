"""libRoadRunner on the joined axis: the states alone, at 1e-6 or the tolerances given, and its error.

    cargo run --profile quick -p gutskin-people --example crosscheck -- --model axis_ad_lean --changes 2 --out FOLDER
    python3 benches/peers/tools/libroadrunner_axis.py FOLDER [PEOPLE] [RELATIVE] [ABSOLUTE] [MCJIT|NONE|LESS]

The first command writes people, one document and reference trajectories, and prints the same for the lanes. Rules that
no rate needs are left out of the document here, so that the usual compiler (MCJIT) gets through it in some minutes;
setting up is not counted. Needs the packages of `crosscheck/requirements.txt`.
"""

import csv
import json
import sys
import tempfile
import time
from pathlib import Path

import libsbml
import numpy as np
import roadrunner

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "crosscheck"))
import constants  # noqa: E402


def names_in(node, found):
    if node.getType() == libsbml.AST_NAME:
        found.add(node.getName())
    for i in range(node.getNumChildren()):
        names_in(node.getChild(i), found)
    return found


def without_what_no_rate_needs(path):
    """The document as text, without the rules and initial assignments that nothing but reporting needs."""
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
    return libsbml.writeSBMLToString(document)


def load(text, compiler):
    roadrunner.Logger.disableLogging()
    roadrunner.Config.setValue(roadrunner.Config.SBML_APPLICABLEVALIDATORS, 0)
    options = roadrunner.LoadSBMLOptions()
    if compiler != "MCJIT":
        options.setLLVMBackend(roadrunner.LoadSBMLOptions.LLJIT)
        options.setLLJitOptimizationLevel(getattr(roadrunner.LoadSBMLOptions, compiler))
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
        file.write(text)
        file.flush()
        return roadrunner.RoadRunner(file.name, options)


def trajectory(path):
    with path.open(newline="") as file:
        _, *rows = csv.reader(file)
    return np.array(rows, dtype=float)


def main(folder, people=20, relative=1e-6, absolute=1e-6, compiler="MCJIT"):
    folder = Path(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    document, table = (folder / name for name in manifest["shared"])
    start = time.process_time()
    runner = load(without_what_no_rate_needs(document), compiler)
    loading = time.process_time() - start
    states = [c for c in manifest["columns"] if c["typical"] is not None and c["id"] in runner.model.getGlobalParameterIds()]
    with table.open(newline="") as file:
        header, *rows = csv.reader(file)
    known = constants.Constants(document)
    states = [c for c in states if f"y0:{c['id']}" in header]
    typical = np.array([c["typical"] for c in states])
    runner.selections = ["time"] + [c["id"] for c in states]
    runner.integrator.relative_tolerance = float(relative)
    runner.integrator.absolute_tolerance = float(absolute)
    runner.integrator.stiff = True
    runner.integrator.maximum_num_steps = 100_000
    places = {name: i for i, name in enumerate(runner.model.getGlobalParameterIds())}
    seconds, errors = 0.0, []
    for row, person in list(zip(rows, manifest["patients"]))[: int(people)]:
        values = dict(zip(header, map(float, row)))
        given = {name[2:]: value for name, value in values.items() if name.startswith("p:")}
        given |= known.of(given) | {name[3:]: value for name, value in values.items() if name.startswith("y0:")}
        given = {name: value for name, value in given.items() if name in places}
        reference = trajectory(folder / person["trajectory"])
        start = time.process_time()
        runner.reset(roadrunner.SelectionRecord.ALL)
        runner.model.setGlobalParameterValues([places[name] for name in given], list(given.values()))
        found = np.array(runner.simulate(times=list(reference[:, 0])))[:, 1:]
        seconds += time.process_time() - start
        reference = reference[:, 1 : 1 + len(states)]
        errors.append(np.abs(found - reference) / (np.abs(reference) + 1e-3 * typical))
    errors = np.array(errors)
    print(
        f"{manifest['model']}: libRoadRunner ({compiler}, loaded in {loading:.0f} s) at {relative}, {absolute}: "
        f"{len(errors) / seconds:.2f} patients/s ({1e3 * seconds / len(errors):.0f} ms each), "
        f"error max {errors.max():.1e}, rms {np.sqrt((errors**2).mean()):.1e}"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
