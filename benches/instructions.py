#!/usr/bin/env python3
"""Instructions of the lanes, counted and compared with the counts kept beside this script.

Time on a shared machine says little about a change of a few per cent; instruction counts repeat to the digit. The
AVX2 kernels are counted (the counting tool does not understand AVX-512), under `valgrind --tool=callgrind`, in a
development build whose engine alone is optimised: it shares all other crates with the tests.

    python3 benches/instructions.py            count and compare
    python3 benches/instructions.py --update   count and keep

Fails where a kernel or the total of the lanes (kernels and what drives them, without the preparation of the program)
grew by more than 2 %, and where a kernel is new or gone: work may have moved from one name to another, so the new counts
have to be looked at and kept. Only the interpreter is counted, not kernels compiled ahead of time. Another compiler makes
other instructions: under one that the counts were not kept with, they are shown and not judged.
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

#: 16 patients in 16 lanes.
ARGUMENTS = ["0", "16", "1e-6", "1e-6", "16", "avx2"]
OPTIMISED = {"opt-level": 3, "debug-assertions": "false", "overflow-checks": "false"}


def count(folder: Path) -> dict:
    build = ["cargo", "build", "--quiet", "--workspace", "--bin", "lanes"]
    for name, value in OPTIMISED.items():
        build += ["--config", f"profile.dev.package.gutskin-engine.{name}={value}"]
    subprocess.run(build, cwd=ROOT, check=True)
    binary = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "lanes"
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary) / "out"
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", binary, folder, *ARGUMENTS]
        subprocess.run(list(map(str, command)), check=True, capture_output=True)
        listing = subprocess.run(["callgrind_annotate", "--threshold=100", out], check=True, capture_output=True, text=True).stdout
    counts: dict = {}
    for line in listing.splitlines():
        number = re.match(r"\s*([\d,]+)\s", line)
        # Lines with an arrow are calls: what they cost is counted in the callee.
        if not number or "=>" in line:
            continue
        cost = int(number[1].replace(",", ""))
        kernel = re.search(r"kernel::(?:avx2|portable)::(\w+)", line)
        if kernel:
            counts[kernel[1]] = counts.get(kernel[1], 0) + cost
        if re.search(r"gutskin_engine::lanes::(?!compile::)", line):
            counts[TOTAL] = counts.get(TOTAL, 0) + cost
    return counts


def judge(counts: dict, kept: dict) -> list:
    """What is wrong with the counts, in words."""
    # A file without a total was kept before totals were: the message below asks for one, kernels are judged all the same.
    faults = [f"{name} is new" for name in counts if name not in kept and name != TOTAL]
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
    counts = count(folder)
    if not counts:
        print("no kernel was found in the profile; is the binary built without symbols?")
        return 1
    if "--update" in sys.argv:
        KEPT.write_text(json.dumps({"compiler": compiler, "kernels": counts}, indent=1, sort_keys=True) + "\n")
    record = json.loads(KEPT.read_text()) if KEPT.exists() else {"compiler": None, "kernels": {}}
    kept = record["kernels"]
    for name, found in sorted(counts.items(), key=lambda item: -item[1]):
        before = kept.get(name)
        change = f"{100 * (found / before - 1):+.2f} %" if before else "new"
        print(f"{name:16} {found:15,} {change}")
    if record["compiler"] != compiler:
        print(f"NOT JUDGED: kept under {record['compiler']}, counted under {compiler}; keep them anew with --update")
        return 0
    if TOTAL not in kept:
        print(f"{TOTAL}: NOT JUDGED, no total is kept; keep one with --update")
    faults = judge(counts, kept)
    for fault in faults:
        print(fault)
    if faults:
        print("find out why, or keep the new counts with --update")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
