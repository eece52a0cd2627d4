"""COPASI (LSODA), through basico."""

import basico
import numpy as np
from common import LAST_DAY, main


def solve(case, patients, relative, absolute):
    model = basico.load_model_from_string(case.sbml)
    basico.set_task_settings(
        "Time-Course",
        {
            "problem": {"Duration": LAST_DAY, "StepNumber": LAST_DAY, "StepSize": 1.0},
            "method": {
                "name": "Deterministic (LSODA)",
                "Relative Tolerance": relative,
                "Absolute Tolerance": absolute,
                "Max Internal Steps": 1_000_000,
            },
        },
    )
    yield None
    for patient in patients:
        values = dict(zip(case.parameter_names, case.parameters[patient]))
        values.update(zip(case.state_names, case.initial[patient]))
        for name, value in values.items():
            basico.set_parameters(name, exact=True, initial_value=float(value))
        table = basico.run_time_course(use_initial_values=True)
        columns = [f"Values[{name}]" if f"Values[{name}]" in table else name for name in case.state_names]
        yield patient, table[columns].to_numpy(), None
    basico.remove_datamodel(model)


main("COPASI", solve)
