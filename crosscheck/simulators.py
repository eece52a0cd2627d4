"""The other simulators, behind one function each: SBML file and times in, a table (times × columns) out."""

import csv

import basico
import constants
import libsbml
import numpy as np
import roadrunner

# Tighter than the solver under test, which runs at 1e-9.
RELATIVE_TOLERANCE = 1e-10
ABSOLUTE_TOLERANCE = 1e-13
MAXIMUM_STEPS = 1_000_000
# On the joined axis, where a person takes some seconds: the absolute one as a share of each state's typical size. Where
# CVODE gives up, the next is tried.
LARGE_TOLERANCES = [(1e-9, 1e-12), (1e-8, 1e-11), (1e-7, 1e-10)]


def road_runner(path, times, ids):
    """libRoadRunner: CVODE, its events found by root finding."""
    model = roadrunner.RoadRunner(str(path))
    set_tolerances(model)
    table = model.simulate(times=list(times), selections=["time", *ids])
    return aligned("libRoadRunner", np.asarray(table)[:, 0], np.asarray(table)[:, 1:], times)


def road_runner_people(path, people, times, ids, typical):
    """libRoadRunner on a document that is large: loaded once, then a table a row of `people`. `typical` holds a size a
    column of `ids`.

    Its usual compiler takes time by the square of the calls in a model, so the other one is asked for, without
    optimisation; its check of units takes minutes and is left out (libSBML has its own turn)."""
    roadrunner.Config.setValue(roadrunner.Config.SBML_APPLICABLEVALIDATORS, 0)
    options = roadrunner.LoadSBMLOptions()
    options.setLLVMBackend(roadrunner.LoadSBMLOptions.LLJIT)
    options.setLLJitOptimizationLevel(roadrunner.LoadSBMLOptions.NONE)
    model = roadrunner.RoadRunner(str(path), options)
    with open(people, newline="") as file:
        header, *rows = csv.reader(file)
    known = constants.Constants(path)
    sizes = dict(zip(ids, typical))
    for number, row in enumerate(rows):
        values = dict(zip(header, map(float, row)))
        table = tolerant(model, lambda: set_person(model, known, values), sizes, times, ids, number)
        yield aligned("libRoadRunner", table[:, 0], table[:, 1:], times)


def tolerant(model, prepare, sizes, times, ids, number):
    """One person at the tightest tolerances that CVODE gets through; `prepare` sets the start."""
    for relative, share in LARGE_TOLERANCES:
        model.setIntegrator("cvode")
        prepare()
        set_tolerances(model, relative, absolute_by_size(model, share, sizes))
        try:
            return np.asarray(model.simulate(times=list(times), selections=["time", *ids]))
        except RuntimeError as error:
            print(f"  person {number}: libRoadRunner gave up at {relative}: {error}", flush=True)
    raise RuntimeError(f"person {number}: libRoadRunner gave up at all of {LARGE_TOLERANCES}")


def absolute_by_size(model, share, sizes):
    """An absolute tolerance a state. One number for all would be multiplied by each state's value at the start: 1e-38
    and below where a state starts near nothing, which CVODE follows at great cost or refuses as zero."""
    names = [model.model.getStateVectorId(i) for i in range(model.model.getNumRateRules())]
    return [share * sizes[name] for name in names]


def set_person(model, known, values):
    """Parameters (`p:id`), what initial assignments say for them, inputs as at the start, and the states (`y0:id`)."""
    model.reset(roadrunner.SelectionRecord.ALL)
    parameters = {name[2:]: value for name, value in values.items() if name.startswith("p:")}
    states = {name[3:]: value for name, value in values.items() if name.startswith("y0:")}
    everything = parameters | known.of(parameters) | states
    places = {name: i for i, name in enumerate(model.model.getGlobalParameterIds())}
    model.model.setGlobalParameterValues([places[name] for name in everything], list(everything.values()))


def set_tolerances(model, relative=RELATIVE_TOLERANCE, absolute=ABSOLUTE_TOLERANCE):
    for name, value in [
        ("relative_tolerance", relative),
        ("absolute_tolerance", absolute),
        ("maximum_num_steps", MAXIMUM_STEPS),
    ]:
        model.integrator.setValue(name, value)


def copasi(path, times, ids):
    """COPASI: LSODA."""
    model = basico.load_model(str(path))
    if model is None:
        raise RuntimeError(f"COPASI cannot read {path}")
    try:
        table = basico.run_time_course(
            model=model,
            values=[float(t) for t in times],
            use_sbml_id=True,
            method="deterministic",
            r_tol=RELATIVE_TOLERANCE,
            a_tol=ABSOLUTE_TOLERANCE,
            max_steps=MAXIMUM_STEPS,
        )
        missing = [name for name in ids if name not in table.columns]
        if missing:
            raise RuntimeError(f"COPASI does not report {missing}")
        return aligned("COPASI", table.index.to_numpy(), table[list(ids)].to_numpy(), times)
    finally:
        basico.remove_datamodel(model)


def aligned(name, found_times, table, times):
    """The table, if its rows are at the times asked for and hold finite numbers."""
    if len(found_times) != len(times) or not np.allclose(found_times, times, rtol=1e-9, atol=1e-9):
        raise RuntimeError(f"{name} gave {len(found_times)} rows where {len(times)} were asked for, or at other times")
    if not np.isfinite(table).all():
        raise RuntimeError(f"{name} gave a number that is not finite")
    return table


def inconsistencies(path):
    """What libSBML says of a document, all its checks on, as (severity, number, message) without repeats."""
    document = libsbml.readSBMLFromFile(str(path))
    document.checkConsistency()
    found = {}
    for i in range(document.getNumErrors()):
        error = document.getError(i)
        key = (error.getSeverityAsString(), error.getErrorId())
        found.setdefault(key, []).append(f"line {error.getLine()}: {error.getMessage().strip()}")
    return found
