"""AMICI (CVODES with KLU): the model compiled once, then solved patient by patient."""

import sys
import tempfile
from pathlib import Path

import amici
import amici.sim.sundials as simulation
import numpy as np
from amici.importers.sbml import SbmlImporter
from common import DAYS, main


def compile_model(sbml: str):
    """Compiles the model once a version of AMICI, into the folder of this environment."""
    name = "surrogate"
    folder = Path(sys.prefix) / "models" / f"{name}-{amici.__version__}"
    if not folder.is_dir():
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write(sbml)
            file.flush()
            importer = SbmlImporter(file.name)
            importer.sbml2amici(name, folder, generate_sensitivity_code=False)
    return amici.import_model_module(name, folder).get_model()


def solve(case, patients, relative, absolute):
    model = compile_model(case.sbml)
    solver = model.create_solver()
    solver.set_relative_tolerance(relative)
    solver.set_absolute_tolerance(absolute)
    solver.set_max_steps(1_000_000)
    model.set_parameter_list([])  # else it copies a sensitivity of each state to each parameter at each read-out
    model.set_timepoints(DAYS)
    names = list(model.get_free_parameter_ids())
    parameters = np.array(model.get_free_parameters())
    places = [names.index(name) for name in case.parameter_names]
    states = list(model.get_state_ids())
    columns = [states.index(name) for name in case.state_names]
    yield None
    for patient in patients:
        parameters[places] = case.parameters[patient]
        model.set_free_parameters(parameters)
        initial = np.array(model.get_initial_state())
        initial[columns] = case.initial[patient]
        model.set_initial_state(initial)
        result = simulation.run_simulation(model, solver)
        yield patient, np.array(result["x"])[:, columns], result["cpu_time"] / 1000.0


main("AMICI", solve)
