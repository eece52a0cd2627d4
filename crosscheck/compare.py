#!/usr/bin/env python3
"""Holds gutskin's trajectories against libRoadRunner and COPASI, which run the SBML that gutskin exports.

    compare.py FOLDER...

A folder holds what the example `crosscheck` of gutskin-people wrote: `manifest.json`, one SBML file and one trajectory a
person; or, of a large model, one SBML file for all with a table of people, which libRoadRunner alone runs. Every document must pass libSBML's consistency checks without an error; every trajectory must agree within the
limits of `measure.py`. Exit code 1 otherwise.
"""

import csv
import json
import pathlib
import sys
import time

import numpy as np

import measure
import simulators

SIMULATORS = [("libRoadRunner", simulators.road_runner), ("COPASI", simulators.copasi)]


def main(folders):
    if not folders:
        sys.exit(__doc__)
    results = [check(pathlib.Path(folder)) for folder in folders]
    passed = sum(r for result in results for r in result)
    total = sum(len(result) for result in results)
    print(f"crosscheck: {passed} passed, {total - passed} failed")
    return 0 if passed == total else 1


def check(folder):
    """One truth value a check of one folder."""
    manifest = json.loads((folder / "manifest.json").read_text())
    ids = [column["id"] for column in manifest["columns"]]
    typical = np.array([column["typical"] for column in manifest["columns"]], dtype=float)
    people = manifest["patients"]
    changes = sum(person["changes"] for person in people)
    print(f"{manifest['model']}: {len(people)} people, {changes} changes, {len(ids)} columns")
    if manifest.get("shared"):
        return check_together(folder, manifest, ids, typical)
    valid = documents_are_valid([folder / person["sbml"] for person in people])
    distances = {name: [] for name, _ in SIMULATORS}
    for person in people:
        times, found = trajectory(folder / person["trajectory"], ids)
        for name, simulate in SIMULATORS:
            reference = simulate(folder / person["sbml"], times, ids)
            distances[name].append(measure.errors(found, reference, typical))
    return [valid] + [measure.verdict(f"gutskin against {name}", distances[name]) for name, _ in SIMULATORS]


def check_together(folder, manifest, ids, typical):
    """The same for one document that everybody shares."""
    document, table = (folder / name for name in manifest["shared"])
    valid = documents_are_valid([document])
    found = [trajectory(folder / person["trajectory"], ids) for person in manifest["patients"]]
    start = time.process_time()
    references = simulators.road_runner_people(document, table, found[0][0], ids, typical)
    distances = []
    for (_, mine), reference in zip(found, references, strict=True):
        distances.append(measure.errors(mine, reference, typical))
        print(f"    person {len(distances) - 1}: worst {distances[-1].max():.1e}", flush=True)
    print(f"  libRoadRunner: {time.process_time() - start:.0f} s of processor time")
    return [valid, measure.verdict("gutskin against libRoadRunner", distances, ids)]


def documents_are_valid(paths):
    errors, warnings = {}, {}
    for path in paths:
        for key, messages in simulators.inconsistencies(path).items():
            kind = errors if key[0] in ("Error", "Fatal") else warnings
            kind.setdefault(key, []).extend(f"{path.name}, {message}" for message in messages)
    count = sum(map(len, errors.values()))
    print(f"  libSBML: {len(paths)} documents, {count} errors: {'ok' if not errors else 'INVALID'}")
    for kind in (errors, warnings):
        for (severity, number), messages in kind.items():
            print(f"    {severity} {number}, {len(messages)} times; first: {' '.join(messages[0].split())[:300]}")
    return not errors


def trajectory(path, ids):
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    if rows[0] != ["time", *ids]:
        raise RuntimeError(f"{path}: the columns are not those of the manifest")
    table = np.array(rows[1:], dtype=float)
    return table[:, 0], table[:, 1:]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
