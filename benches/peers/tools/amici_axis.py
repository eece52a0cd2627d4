"""AMICI (CVODES with KLU) on the joined axis: the states alone, at the tolerances given, its speed and its error.

    cargo run --profile quick -p gutskin-people --example crosscheck -- --model axis_ad_lean --changes 2 --out FOLDER
    python3 benches/peers/tools/amici_axis.py FOLDER [PEOPLE] [RELATIVE:ABSOLUTE,...]

The document is that of `libroadrunner_axis.py`, without rules that no rate needs, and without initial assignments: AMICI
puts them into one another and does not come to an end. What they define is set for each person as a parameter, as there.
The changes are the events of the document. AMICI has one absolute tolerance for all states. What was imported is kept in
the folder of the environment. Needs amici, cmake, ninja and swig, as `run.py` has them.
"""

import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

import amici
import amici.sim.sundials as simulation
import axis_case
import numpy as np
from amici.importers.sbml import SbmlImporter


def load(name, text):
    """The compiled model; a document is compiled once a version of AMICI."""
    folder = Path(sys.prefix) / "models" / f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}-{amici.__version__}"
    if not folder.is_dir():
        with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            SbmlImporter(file.name).sbml2amici(
                name,
                folder,
                observation_model=[],
                compute_conservation_laws=False,
                simplify=None,
                generate_sensitivity_code=False,
            )
    return amici.import_model_module(name, folder).get_model()


def main(folder, people="20", tolerances="1e-6:1e-9"):
    case = axis_case.Case(folder, people)
    text = axis_case.without_what_no_rate_needs(case.document, keep_initial_assignments=False)
    start = time.perf_counter(), used()
    model = load(case.model, text)
    print(
        f"{case.model}: AMICI {amici.__version__}, imported in {used() - start[1]:.0f} s of processor time "
        f"({time.perf_counter() - start[0]:.0f} s of wall time; a few where it was kept)",
        flush=True,
    )
    for pair in tolerances.split(","):
        relative, absolute = map(float, pair.split(":"))
        print(f"  at {relative:.0e}, absolute {absolute:.0e}: {measured(model, case, relative, absolute)}", flush=True)


def used():
    """Processor time of this process and of the compilers it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measured(model, case, relative, absolute):
    """Patients a second of processor time, by the solver's own clock and from Python, and the error, as a line."""
    solver = model.create_solver()
    solver.set_relative_tolerance(relative)
    solver.set_absolute_tolerance(absolute)
    solver.set_max_steps(1_000_000)
    model.set_parameter_list([])  # else it copies a sensitivity of each state to each parameter at each read-out
    parameters, states = list(model.get_free_parameter_ids()), list(model.get_state_ids())
    columns = [states.index(name) for name in case.states]
    usual = list(model.get_free_parameters()), list(model.get_initial_state())
    seconds, own, steps, errors = 0.0, 0.0, 0, []
    for values, reference in case.people:
        start = time.process_time()
        model.set_timepoints(reference[:, 0])
        model.set_free_parameters([values.get(name, other) for name, other in zip(parameters, usual[0])])
        model.set_initial_state([values.get(name, other) for name, other in zip(states, usual[1])])
        result = simulation.run_simulation(model, solver)
        found = np.array(result["x"])[:, columns]
        seconds += time.process_time() - start
        if result["status"] != simulation.AMICI_SUCCESS:
            return f"gave up at person {len(errors)} (status {result['status']})"
        own += result["cpu_time"] / 1000.0
        steps += int(result["numsteps"][-1])
        errors.append(case.errors(found, reference))
    return (
        f"{axis_case.rate(own, len(errors))} by the solver's clock, {len(errors) / seconds:.2f} patients/s from Python, "
        f"{axis_case.summary(errors)}, {steps / len(errors):.0f} steps a person"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
