"""AMICI (CVODES with KLU): the model compiled once, then solved patient by patient."""

import sys
import tempfile
from pathlib import Path

import amici
import numpy as np
from common import DAYS, main


def compile_model(sbml: str):
    """Compiles the model once a version of AMICI, into the folder of this environment."""
    name = "surrogate"
    folder = Path(sys.prefix) / "models" / f"{name}-{amici.__version__}"
    if not folder.is_dir():
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write(sbml)
            file.flush()
            importer = amici.SbmlImporter(file.name) if hasattr(amici, "SbmlImporter") else None
            if importer is None:
                from amici.importers.sbml import SbmlImporter

                importer = SbmlImporter(file.name)
            importer.sbml2amici(name, folder, generate_sensitivity_code=False)
    return amici.import_model_module(name, folder).get_model()


def solve(case, patients, relative, absolute):
    model = compile_model(case.sbml)
    solver = model.create_solver()
    solver.set_relative_tolerance(relative)
    solver.set_absolute_tolerance(absolute)
    solver.set_max_steps(1_000_000)
    model.set_timepoints(DAYS)
    names = list(model.get_parameter_ids()) if hasattr(model, "get_parameter_ids") else list(model.get_free_parameter_ids())
    states = list(model.get_state_ids())
    columns = [states.index(name) for name in case.state_names]
    run = getattr(amici, "run_simulation", None)
    if run is None:
        from amici.sim.sundials import run_simulation as run
    yield None
    for patient in patients:
        for name, value in zip(case.parameter_names, case.parameters[patient]):
            if name in names:
                model.set_free_parameter_by_id(name, float(value)) if hasattr(
                    model, "set_free_parameter_by_id"
                ) else model.set_parameter_by_id(name, float(value))
        initial = np.array(model.get_initial_state())
        initial[columns] = case.initial[patient]
        model.set_initial_state(initial)
        result = run(model, solver)
        yield patient, np.array(result["x"])[:, columns], result["cpu_time"] / 1000.0


main("AMICI", solve)
