"""libRoadRunner on the joined axis: the states alone, at 1e-6 or the tolerances given, its speed and its error.

    cargo run --profile quick -p gutskin-people --example crosscheck -- --model axis_ad_lean --changes 2 --out FOLDER
    python3 benches/peers/tools/libroadrunner_axis.py FOLDER [PEOPLE] [RELATIVE,RELATIVE...] [MCJIT|NONE|LESS]

The first command writes people, one document and reference trajectories, and prints the same for the lanes. Rules that
no rate needs are left out of the document here, so that the usual compiler (MCJIT) gets through it in some minutes;
setting up is not counted. The absolute tolerance of a state is the relative one times its typical size, as in the lanes;
the same run is told with libRoadRunner's own way too, one number (a thousandth of the relative one) times each value at
the start. Needs the packages of `crosscheck/requirements.txt`.
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
import simulators  # noqa: E402


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
    with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        return roadrunner.RoadRunner(file.name, options)


def trajectory(path):
    with path.open(newline="") as file:
        _, *rows = csv.reader(file)
    return np.array(rows, dtype=float)


def main(folder, people="20", relatives="1e-6", compiler="MCJIT"):
    folder = Path(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    document, table = (folder / name for name in manifest["shared"])
    start = time.process_time()
    runner = load(without_what_no_rate_needs(document), compiler)
    print(f"{manifest['model']}: libRoadRunner ({compiler}), loaded in {time.process_time() - start:.0f} s", flush=True)
    with table.open(newline="") as file:
        header, *rows = csv.reader(file)
    known = constants.Constants(document)
    states = [c for c in manifest["columns"] if f"y0:{c['id']}" in header]
    typical = np.array([c["typical"] for c in states])
    sizes = {c["id"]: c["typical"] for c in states}
    places = {name: i for i, name in enumerate(runner.model.getGlobalParameterIds())}
    runner.selections = ["time"] + [c["id"] for c in states]
    chosen = [
        (start_values(dict(zip(header, map(float, row))), known, places), trajectory(folder / person["trajectory"]))
        for row, person in list(zip(rows, manifest["patients"]))[: int(people)]
    ]
    for relative in map(float, relatives.split(",")):
        for way, absolute in [
            ("absolute by size", simulators.absolute_by_size(runner, relative, sizes)),
            ("absolute by value at the start", 1e-3 * relative),
        ]:
            print(f"  at {relative:.0e}, {way}: {measured(runner, chosen, relative, absolute, typical)}", flush=True)


def start_values(values, known, places):
    """Places and values of what a person sets: parameters, what initial assignments say for them, states."""
    given = {name[2:]: value for name, value in values.items() if name.startswith("p:")}
    given |= known.of(given) | {name[3:]: value for name, value in values.items() if name.startswith("y0:")}
    given = {name: value for name, value in given.items() if name in places}
    return [places[name] for name in given], list(given.values())


def measured(runner, people, relative, absolute, typical):
    """Patients a second of processor time, and the error, as a line."""
    simulators.set_tolerances(runner, relative, absolute)
    seconds, errors = 0.0, []
    for (places, values), reference in people:
        start = time.process_time()
        try:
            runner.reset(roadrunner.SelectionRecord.ALL)
            runner.model.setGlobalParameterValues(places, values)
            found = np.array(runner.simulate(times=list(reference[:, 0])))[:, 1:]
        except RuntimeError as error:
            return f"gave up at person {len(errors)}: {str(error)[:100]}"
        seconds += time.process_time() - start
        reference = reference[:, 1 : 1 + len(typical)]
        errors.append(np.abs(found - reference) / (np.abs(reference) + 1e-3 * typical))
    errors = np.array(errors)
    return (
        f"{len(errors) / seconds:.2f} patients/s ({1e3 * seconds / len(errors):.0f} ms each, {len(errors)} people), "
        f"error max {errors.max():.1e}, rms {np.sqrt((errors**2).mean()):.1e}"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
