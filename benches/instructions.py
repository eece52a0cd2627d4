#!/usr/bin/env python3
"""Instructions of the lanes, counted and compared with the counts kept beside this script.

Time on a shared machine says little about a change of a few per cent; instruction counts repeat to the digit. The
AVX2 kernels are counted (the counting tool does not understand AVX-512), under `valgrind --tool=callgrind`, in a
development build whose engine alone is optimised: it shares all other crates with the tests.

    python3 benches/instructions.py            count and compare; fails where a kernel grew by more than 2 %
    python3 benches/instructions.py --update   count and keep

Another compiler makes other instructions: under one that the counts were not kept with, they are shown and not judged.
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
        match = re.match(r"\s*([\d,]+)\s.*?kernel::(?:avx2|portable)::(\w+)", line)
        # Lines with an arrow are calls: what they cost is counted in the callee.
        if match and "=>" not in line:
            counts[match[2]] = counts.get(match[2], 0) + int(match[1].replace(",", ""))
    return counts


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
    grown = False
    for name, found in sorted(counts.items(), key=lambda item: -item[1]):
        before = kept.get(name)
        change = f"{100 * (found / before - 1):+.2f} %" if before else "new"
        print(f"{name:14} {found:15,} {change}")
        grown |= bool(before) and found > ALLOWED * before
    if record["compiler"] != compiler:
        print(f"kept under {record['compiler']}, counted under {compiler}: not judged")
        return 0
    if grown:
        print("a kernel needs more instructions than before; find out why, or keep the new counts with --update")
    return int(grown)


if __name__ == "__main__":
    sys.exit(main())
