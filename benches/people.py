#!/usr/bin/env python3
"""Shows what `gutskin population`, `gutskin twin` and `gutskin trial` cost as a user runs them. Python's standard library only.

usage: benches/people.py [GUTSKIN_BINARY] [--size N]      (default target/release/gutskin, 10000 people)
Goals on two cores: 10,000 people in under 180 s, the example twin (500 draws, four options, 24 weeks) in under 20 s,
the trial of the axis (2 x 500 people, 24 weeks, 1,000 trials) in under 20 s, a pool of 100,000 in under 1 GB.
"""
import json
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def used():
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def run(what, binary, *arguments):
    begin, before = time.perf_counter(), used()
    done = subprocess.run([binary, *arguments, "--json"], stdout=subprocess.PIPE, check=True, cwd=ROOT)
    wall, processor = time.perf_counter() - begin, used() - before
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{what}: {wall:.1f} s, {processor:.1f} s of processor time, at most {memory:.0f} MB so far", flush=True)
    return json.loads(done.stdout)


def main():
    arguments = sys.argv[1:]
    size = "10000"
    if "--size" in arguments:
        at = arguments.index("--size")
        size = arguments[at + 1]
        del arguments[at:at + 2]
    binary = str(pathlib.Path(arguments[0] if arguments else ROOT / "target/release/gutskin").resolve())
    for name, options in [("twin, 500 draws, four options, 24 weeks", []), ("the same, --quick", ["--quick"])]:
        fit = run(name, binary, "twin", "examples/twin-eczema.toml", *options)["fit"]
        print(f"  {fit['drawn']} weighed, worth {fit['effective']:.0f}, {fit['different']} followed, {fit['without_rest']} without rest")
    with tempfile.TemporaryDirectory() as cache:
        for name in [f"population of {size}", "the same, kept"]:
            found = run(name, binary, "population", "--size", size, "--cache", cache)
            print(f"  worth {found['effective']:.0f}, {found['without_rest']} without rest")
    for name, file in [("trial of the axis, 5,000 people in the pool", "axis"), ("trial of a skin, 100,000 in the pool", "large")]:
        flow = run(name, binary, "trial", f"benches/trials/{file}.toml")["flow"]
        print(f"  {flow['pool']} followed, {flow['without_steady_state']} without rest")


main()
