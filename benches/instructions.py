#!/usr/bin/env python3
"""Instructions of the lanes, counted and compared with the counts kept beside this script.

Time on a shared machine says little about a change of a few per cent; instruction counts repeat to the digit. The
AVX2 kernels are counted (the counting tool does not understand AVX-512), of the interpreter and those compiled ahead of
time, under `valgrind --tool=callgrind`, in a development build whose engine and compiled kernels alone are optimised: it
shares all other crates with the tests.

    python3 benches/instructions.py            count and compare
    python3 benches/instructions.py --update   count and keep

Fails where a kernel or a total of the lanes (kernels and what drives them, without the preparation of the program)
grew by more than 2 %, where a total is not kept, and where a kernel is new or gone: work may have moved from one name to
another, so the new counts have to be looked at and kept. Another compiler makes other instructions: under one that the
counts were not kept with, they are shown and not judged.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
KEPT = HERE / "instructions.json"
ALLOWED = 1.02
#: Name of the sum over all functions of the lanes.
TOTAL = "all of the lanes"

#: 16 patients in 16 lanes of the interpreter, and in the eight of compiled kernels.
RUNS = {
    "": ["0", "16", "1e-6", "1e-6", "16", "avx2"],
    "compiled: ": ["0", "16", "1e-6", "1e-6", "0", "avx2", "2", "compiled"],
}
PACKAGES = ["gutskin-engine", "gutskin-surrogate-compiled"]
OPTIMISED = {"opt-level": 3, "debug-assertions": "false", "overflow-checks": "false"}


def build() -> Path:
    # An example beside the program: the same features as `cargo test --workspace`, so that dependencies are shared.
    command = ["cargo", "build", "--quiet", "--workspace", "--bin", "lanes", "--example", "crosscheck"]
    for package in PACKAGES:
        for name, value in OPTIMISED.items():
            command += ["--config", f"profile.dev.package.{package}.{name}={value}"]
    subprocess.run(command, cwd=ROOT, check=True)
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "lanes"


def profile(binary: Path, folder: Path, arguments: list) -> str:
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary) / "out"
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", binary, folder, *arguments]
        subprocess.run(list(map(str, command)), check=True, capture_output=True)
        annotate = ["callgrind_annotate", "--threshold=100", out]
        return subprocess.run(annotate, check=True, capture_output=True, text=True).stdout


def count(listing: str, prefix: str) -> dict:
    counts: dict = {}

    def add(name, cost):
        counts[prefix + name] = counts.get(prefix + name, 0) + cost

    for line in listing.splitlines():
        number = re.match(r"\s*([\d,]+)\s", line)
        # Lines with an arrow are calls: what they cost is counted in the callee.
        if not number or "=>" in line:
            continue
        cost = int(number[1].replace(",", ""))
        kernel = re.search(r"kernel::(?:avx2|portable)::(\w+)", line)
        # A long kernel is emitted in parts, rates_0, rates_1 and so on.
        ahead = re.search(r"surrogate_compiled::kernels::avx2::([a-z]+)", line)
        if kernel:
            add(kernel[1], cost)
        if ahead:
            add(f"{ahead[1]}, ahead of time", cost)
        if ahead or re.search(r"gutskin_engine::lanes::(?!compile::)", line):
            add(TOTAL, cost)
    return counts


def judge(counts: dict, kept: dict) -> list:
    """What is wrong with the counts, in words."""
    faults = [f"{name} is new" for name in counts if name not in kept]
    faults += [f"{name} is gone" for name in kept if name not in counts]
    for name, found in counts.items():
        if name in kept and found > ALLOWED * kept[name]:
            faults.append(f"{name} needs {100 * (found / kept[name] - 1):.1f} % more instructions")
    return faults


def main() -> int:
    shared = Path(os.environ.get("GUTSKIN_SHARED", ROOT.parent / "shared"))
    folder = shared / "bench"
    if not (folder / "surrogate.xml.gz").exists():
        print(f"skipped: {folder} holds no surrogate.xml.gz")
        return 0
    if not shutil.which("valgrind"):
        print("skipped: valgrind is not here")
        return 0
    compiler = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    binary = build()
    counts: dict = {}
    for prefix, arguments in RUNS.items():
        found = count(profile(binary, folder, arguments), prefix)
        if len(found) < 2:
            print("no kernel was found in the profile; is the binary built without symbols?")
            return 1
        counts |= found
    if "--update" in sys.argv:
        KEPT.write_text(json.dumps({"compiler": compiler, "kernels": counts}, indent=1, sort_keys=True) + "\n")
    record = json.loads(KEPT.read_text()) if KEPT.exists() else {"compiler": None, "kernels": {}}
    kept = record["kernels"]
    for name, found in sorted(counts.items(), key=lambda item: -item[1]):
        before = kept.get(name)
        change = f"{100 * (found / before - 1):+.2f} %" if before else "new"
        print(f"{name:36} {found:15,} {change}")
    if record["compiler"] != compiler:
        print(f"NOT JUDGED: kept under {record['compiler']}, counted under {compiler}; keep them anew with --update")
        return 0
    faults = judge(counts, kept)
    for fault in faults:
        print(fault)
    if faults:
        print("find out why, or keep the new counts with --update")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
