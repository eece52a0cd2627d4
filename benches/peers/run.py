#!/usr/bin/env python3
"""Speed and accuracy beside other simulators: one command.

Makes a Python environment of its own under target/peers (or in CARGO_TARGET_DIR), installs the peers there, builds the lanes, and runs all
of them in turn on the same model, patients, tolerances and output days, several times over. Times are processor
seconds of one core; each measurement is a process of its own, and set-up (loading, compiling) is not counted. A ratio
is of two measurements of the same turn; it is printed only where gutskin's largest and rms error are both no worse
than the peer's.

    python3 benches/peers/run.py [--repeats 5] [--tolerances 1e-6,1e-6] [--quick]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
ENVIRONMENT = TARGET / "peers"
PACKAGES = ["libroadrunner==2.10.0", "amici==1.0.1", "copasi-basico==0.92", "pydiffsol==0.6.2", "cmake", "ninja", "swig"]
#: tool → (script, patients a run: all of them, but for the slowest tool those of the reference)
PEERS = {
    "libRoadRunner": ("libroadrunner_peer.py", 200),
    "AMICI": ("amici_peer.py", 200),
    "diffsol": ("diffsol_peer.py", 200),
    "COPASI": ("copasi_peer.py", 20),
}


def environment() -> dict:
    bin_folder = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
    python = bin_folder / "python"
    ready = ENVIRONMENT / "ready"
    if not ready.exists() or ready.read_text() != "\n".join(PACKAGES):
        venv.create(ENVIRONMENT, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        ready.write_text("\n".join(PACKAGES))
    return {
        "python": str(python),
        "env": {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"},
    }


def build() -> Path:
    command = ["cargo", "build", "--profile", "quick", "--workspace", "--bin", "lanes"]
    subprocess.run(command, cwd=ROOT, check=True)
    return TARGET / "quick"


def measure(command, env) -> dict:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, env=env)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        return {"failed": done.stderr.strip().splitlines()[-1:] or ["no output"]}
    return json.loads(lines[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--tolerances", default="1e-6,1e-6", help="relative,absolute for every tool")
    parser.add_argument("--shared", default=os.environ.get("GUTSKIN_SHARED", str(ROOT.parent / "shared")))
    parser.add_argument("--quick", action="store_true", help="lanes and libRoadRunner only")
    parser.add_argument("--json", help="write all measurements to this file")
    options = parser.parse_args()
    folder = Path(options.shared) / "bench"
    if not (folder / "surrogate.xml.gz").exists():
        sys.exit(f"{folder} holds no surrogate.xml.gz; point --shared at the folder that does")
    relative, absolute = options.tolerances.split(",")
    peers, bin_folder = environment(), build()

    commands = {"gutskin interpreter": [bin_folder / "lanes", folder, 0, 200, relative, absolute]}
    best = [bin_folder / "lanes", folder, 0, 200, relative, absolute, 0, "best", 2, "compiled"]
    commands["gutskin compiled"] = best
    tighter = [f"{float(tolerance) / 10:.17g}" for tolerance in (relative, absolute)]
    commands["gutskin interpreter, tolerance / 10"] = [bin_folder / "lanes", folder, 0, 200, *tighter]
    for tool, (script, patients) in PEERS.items():
        commands[tool] = [peers["python"], HERE / "tools" / script, folder, 0, patients, relative, absolute]
    if options.quick:
        commands = {t: c for t, c in commands.items() if t.startswith("gutskin") or t == "libRoadRunner"}

    found = {tool: [] for tool in commands}
    for repeat in range(options.repeats):
        for tool, command in commands.items():
            result = measure(command, peers["env"])
            found[tool].append(result)
            print(f"repeat {repeat + 1}: {tool}: {json.dumps(result)}", file=sys.stderr)
    if options.json:
        Path(options.json).write_text(json.dumps(found, indent=1))
    report(found, relative, absolute)


def rates(results, key="seconds"):
    """Patients a second of each turn; None where it failed or does not report this time."""
    return [r["patients"] / r[key] if r.get(key) else None for r in results]


def spread(values, digits=1) -> str:
    """Median (smallest–largest)."""
    known = [v for v in values if v is not None]
    if not known:
        return ""
    return f"{statistics.median(known):.{digits}f} ({min(known):.{digits}f}–{max(known):.{digits}f})"


def errors(results):
    good = [r for r in results if "failed" not in r]
    return (good[0]["error_max"], good[0]["error_rms"]) if good else (float("nan"), float("nan"))


def times_as_fast(mine, peer, key) -> str:
    if not all(ours <= theirs for ours, theirs in zip(errors(mine), errors(peer))):
        return "less accurate: no ratio"
    pairs = zip(rates(mine), rates(peer, key))
    return spread([a / b for a, b in pairs if a is not None and b is not None])


def report(found, relative, absolute):
    ours = [tool for tool in found if tool.startswith("gutskin")]
    print(f"\nrtol {relative}, atol {absolute}; daily output of all states over 196 days; patients a second of one core:")
    print("median (smallest–largest). Error of 20 patients on 15 days against the reference.\n")
    print("| tool | patients/s | error max | rms | " + " | ".join(f"{tool}: times as fast" for tool in ours) + " |")
    print("|---|---|---|---|" + "---|" * len(ours))
    for tool, results in found.items():
        if all("failed" in r for r in results):
            print(f"| {tool} | failed: {results[0]['failed'][0]} |")
            continue
        for key, label in [("seconds", tool), ("solver_seconds", f"{tool}, own solver time")]:
            if tool in ours and key != "seconds" or not any(rates(results, key)):
                continue
            maximum, rms = errors(results)
            ratios = ["" if tool in ours else times_as_fast(found[name], results, key) for name in ours]
            print(f"| {label} | {spread(rates(results, key))} | {maximum:.1e} | {rms:.1e} | {' | '.join(ratios)} |")


if __name__ == "__main__":
    main()
