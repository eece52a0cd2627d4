#!/usr/bin/env python3
"""Speed and accuracy beside other simulators: one command.

Makes a Python environment of its own under target/peers, installs the peers there, builds the lanes, and runs all
of them in turn on the same model, patients, tolerances and output days, several times over. Times are processor
seconds of one core; a process serves one tool and ends after its patients. A ratio is printed only where gutskin's
largest and rms error are both no worse than the peer's.

    python3 benches/peers/run.py [--repeats 3] [--tolerances 1e-6,1e-6] [--quick]
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
ENVIRONMENT = ROOT / "target" / "peers"
PACKAGES = ["libroadrunner==2.10.0", "amici==1.0.1", "copasi-basico==0.92", "cmake", "ninja", "swig"]
#: tool → (script, patients a run)
PEERS = {
    "libRoadRunner": ("libroadrunner_peer.py", 40),
    "AMICI": ("amici_peer.py", 40),
    "COPASI": ("copasi_peer.py", 10),
}


def environment() -> dict:
    bin_folder = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
    python = bin_folder / "python"
    if not (ENVIRONMENT / "ready").exists():
        venv.create(ENVIRONMENT, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        (ENVIRONMENT / "ready").touch()
    return {
        "python": str(python),
        "env": {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"},
    }


def build() -> Path:
    command = ["cargo", "build", "--profile", "quick", "--workspace", "--bin", "lanes"]
    subprocess.run(command, cwd=ROOT, check=True)
    return ROOT / "target" / "quick"


def measure(command, env) -> dict:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, env=env)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        return {"failed": done.stderr.strip().splitlines()[-1:] or ["no output"]}
    return json.loads(lines[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
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


def speed(results, key):
    rates = [r["patients"] / r[key] for r in results if r.get(key)]
    return statistics.median(rates) if rates else None


def report(found, relative, absolute):
    print(f"\nrtol {relative}, atol {absolute}; daily output of all states over 196 days; patients/s of one core, median")
    print(f"{'tool':22} {'patients/s':>11} {'own solver':>11} {'error max':>10} {'rms':>9}  gutskin interpreter, compiled: times as fast")
    ours = {t: r for t, r in found.items() if t.startswith("gutskin")}
    for tool, results in found.items():
        good = [r for r in results if "failed" not in r]
        if not good:
            print(f"{tool:22} failed: {results[0]['failed'][0]}")
            continue
        total, solver = speed(good, "seconds"), speed(good, "solver_seconds")
        maximum, rms = good[0]["error_max"], good[0]["error_rms"]
        ratios = []
        for name, mine in ours.items():
            mine = [r for r in mine if "failed" not in r]
            if tool.startswith("gutskin") or not mine:
                continue
            if mine[0]["error_max"] <= maximum and mine[0]["error_rms"] <= rms:
                fastest = solver or total
                ratios.append(f"{speed(mine, 'seconds') / fastest:.1f}")
            else:
                ratios.append("– (less accurate)")
        own = f"{solver:11.1f}" if solver else " " * 11
        print(f"{tool:22} {total:11.1f} {own} {maximum:10.1e} {rms:9.1e}  {', '.join(ratios)}")


if __name__ == "__main__":
    main()
