"""libRoadRunner at its best settings: model loaded once, values set by index, only the states selected."""

import numpy as np
import roadrunner
from common import DAYS, LAST_DAY, main


def solve(case, patients, relative, absolute):
    roadrunner.Logger.disableLogging()
    runner = roadrunner.RoadRunner(case.sbml)
    runner.selections = ["time"] + case.state_names
    integrator = runner.integrator
    integrator.relative_tolerance = relative
    integrator.absolute_tolerance = absolute
    integrator.stiff = True
    integrator.maximum_num_steps = 100_000
    ids = list(runner.model.getGlobalParameterIds())
    places = [ids.index(name) for name in case.parameter_names + case.state_names + ["u"]]
    yield None
    for patient in patients:
        runner.reset()
        values = np.concatenate([case.parameters[patient], case.initial[patient], [0.0]])
        runner.model.setGlobalParameterValues(places, values)
        result = runner.simulate(0, LAST_DAY, len(DAYS))
        yield patient, np.array(result)[:, 1:], None


main("libRoadRunner", solve)
