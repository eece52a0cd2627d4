#!/usr/bin/env python3
"""Checks the cross-check itself on the benchmark model of the shared data, without gutskin.

    harness.py SHARED

Three people of the benchmark are run by libRoadRunner and COPASI and held against the stored reference: they must agree.
Then one constant is moved by 1 %: they must not.
"""

import csv
import gzip
import pathlib
import sys
import tempfile

import libsbml
import numpy as np

import compare
import measure

PEOPLE = 3
SPOILT = "kTNF"


def main(shared):
    bench = pathlib.Path(shared) / "bench"
    with (bench / "surrogate_patients.csv").open(newline="") as file:
        people = [row for row, _ in zip(csv.DictReader(file), range(PEOPLE))]
    with gzip.open(bench / "surrogate_reference.csv.gz", "rt", newline="") as file:
        header, *rows = csv.reader(file)
    reference = np.array(rows, dtype=float)
    text = gzip.open(bench / "surrogate.xml.gz", "rt").read()
    ids = header[2:]
    passed = []
    for name, simulate in compare.SIMULATORS:
        right = distances(simulate, text, people, reference, ids, 1.0)
        passed.append(measure.verdict(f"{name} against the stored reference", right))
        wrong = distances(simulate, text, people, reference, ids, 1.01)
        print(f"  the same with {SPOILT} 1 % off, which must be too far:")
        passed.append(not measure.verdict(f"{name} against the stored reference", wrong))
    print(f"harness: {sum(passed)} passed, {len(passed) - sum(passed)} failed")
    return 0 if all(passed) else 1


def distances(simulate, text, people, reference, ids, factor):
    found = []
    for person in people:
        rows = reference[reference[:, 0] == float(person["patient"])]
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "person.xml"
            path.write_text(personal(text, person, factor))
            table = simulate(path, rows[:, 1], ids)
        found.append(measure.errors(table, rows[:, 2:], np.full(len(ids), 1.0)))
    return found


def personal(text, person, factor):
    """The document with a person's values, and one constant multiplied by a factor."""
    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    for column, value in person.items():
        kind, _, name = column.partition(":")
        if kind in ("p", "y0"):
            model.getParameter(name).setValue(float(value))
    spoilt = model.getParameter(SPOILT)
    spoilt.setValue(spoilt.getValue() * factor)
    return libsbml.writeSBMLToString(document)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
