"""libRoadRunner on the joined axis: the states alone, at 1e-6 or the tolerances given, its speed and its error.

    cargo run --profile quick -p gutskin-people --example crosscheck -- --model axis_ad_lean --changes 2 --out FOLDER
    python3 benches/peers/tools/libroadrunner_axis.py FOLDER [PEOPLE] [RELATIVE,RELATIVE...] [MCJIT|NONE|LESS]

The first command writes people, one document and reference trajectories, and prints the same for the lanes. Rules that
no rate needs are left out of the document here, so that the usual compiler (MCJIT) gets through it in some minutes;
setting up is not counted. The absolute tolerance of a state is the relative one times its typical size, as in the lanes;
the same run is told with libRoadRunner's own way too, one number (a thousandth of the relative one) times each value at
the start. Needs the packages of `crosscheck/requirements.txt`.
"""

import sys
import tempfile
import time

import axis_case
import numpy as np
import roadrunner
import simulators


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


def main(folder, people="20", relatives="1e-6", compiler="MCJIT"):
    case = axis_case.Case(folder, people)
    text = axis_case.without_what_no_rate_needs(case.document)
    start = time.process_time()
    runner = load(text, compiler)
    print(f"{case.model}: libRoadRunner ({compiler}), loaded in {time.process_time() - start:.0f} s", flush=True)
    runner.selections = ["time", *case.states]
    sizes = dict(zip(case.states, case.typical))
    for relative in map(float, relatives.split(",")):
        for way, absolute in [
            ("absolute by size", simulators.absolute_by_size(runner, relative, sizes)),
            ("absolute by value at the start", 1e-3 * relative),
        ]:
            simulators.set_tolerances(runner, relative, absolute)
            print(f"  at {relative:.0e}, {way}: {measured(runner, case)}", flush=True)


def measured(runner, case):
    """Patients a second of processor time, and the error, as a line."""
    places = {name: i for i, name in enumerate(runner.model.getGlobalParameterIds())}
    seconds, errors = 0.0, []
    for values, reference in case.people:
        given = {places[name]: value for name, value in values.items() if name in places}
        start = time.process_time()
        try:
            runner.reset(roadrunner.SelectionRecord.ALL)
            runner.model.setGlobalParameterValues(list(given), list(given.values()))
            found = np.array(runner.simulate(times=list(reference[:, 0])))[:, 1:]
        except RuntimeError as error:
            return f"gave up at person {len(errors)}: {str(error)[:100]}"
        seconds += time.process_time() - start
        errors.append(case.errors(found, reference))
    return f"{axis_case.rate(seconds, len(errors))}, {axis_case.summary(errors)}"


if __name__ == "__main__":
    main(*sys.argv[1:])
