"""What all peers share: the model file, patients, reference, the measure of error, the clock."""

import csv
import gzip
import json
import sys
import time
from pathlib import Path

import numpy as np

LAST_DAY = 196
DAYS = np.arange(LAST_DAY + 1, dtype=float)


class Case:
    """Model text, patients and reference of the benchmark."""

    def __init__(self, folder: Path):
        self.sbml = gzip.open(folder / "surrogate.xml.gz", "rt").read()
        with open(folder / "surrogate_patients.csv") as file:
            rows = list(csv.reader(file))
        header = rows[0][1:]
        self.parameter_names = [name[2:] for name in header if name.startswith("p:")]
        self.state_names = [name[3:] for name in header if name.startswith("y0:")]
        values = np.array([[float(x) for x in row[1:]] for row in rows[1:]])
        split = len(self.parameter_names)
        self.parameters, self.initial = values[:, :split], values[:, split:]
        with gzip.open(folder / "surrogate_reference.csv.gz", "rt") as file:
            rows = list(csv.reader(file))
        self.reference_names = rows[0][2:]
        self.reference = np.array([[float(x) for x in row] for row in rows[1:]])

    def error(self, solutions):
        """Largest and rms error of solutions[patient] (days × states, columns as state_names)."""
        columns = [self.state_names.index(name) for name in self.reference_names]
        patients = self.reference[:, 0].astype(int)
        days = self.reference[:, 1].astype(int)
        reference = self.reference[:, 2:]
        scale = np.abs(reference) + 1e-3 * np.abs(reference).max(axis=0)
        rows = [i for i, p in enumerate(patients) if p in solutions]
        found = np.array([solutions[patients[i]][days[i], columns] for i in rows])
        errors = np.abs(found - reference[rows]) / scale[rows]
        return float(errors.max()), float(np.sqrt((errors**2).mean()))


def main(tool: str, solve):
    """`solve(case, patients, relative, absolute)` yields (patient, days × states, solver seconds or None)."""
    folder, first, count, relative, absolute = Path(sys.argv[1]), *map(float, sys.argv[2:6])
    case = Case(folder)
    patients = range(int(first), int(first + count))
    solutions, solver, results = {}, 0.0, solve(case, patients, relative, absolute)
    next(results)  # set-up: loading and compiling the model is not counted
    start = time.process_time()
    for patient, values, seconds in results:
        solutions[patient] = values
        solver = None if seconds is None else solver + seconds
    elapsed = time.process_time() - start
    maximum, rms = case.error(solutions)
    print(
        json.dumps(
            {
                "tool": tool,
                "patients": len(solutions),
                "seconds": elapsed,
                "solver_seconds": solver,
                "error_max": maximum,
                "error_rms": rms,
            }
        )
    )
