#!/usr/bin/env python3
"""Shows what `gutskin profile` costs on synthetic cohorts: seconds and peak memory. Python's standard library only.

usage: benches/profiles.py [GUTSKIN_BINARY]      (default target/release/gutskin)
Goals: 1,600 samples × 1,000 taxa in under 2 s and 300 MB; 10,000 samples stream.
"""
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

BINARY = sys.argv[1] if len(sys.argv) > 1 else "target/release/gutskin"
GENERA = ["Bacteroides", "Phocaeicola", "Prevotella", "Faecalibacterium", "Roseburia", "Blautia", "Bifidobacterium",
          "Akkermansia", "Escherichia", "Ruminococcus", "Alistipes", "Dialister", "Collinsella", "Coprococcus"]


def lineage(i):
    genus = GENERA[i % len(GENERA)] if i % 3 else "Genus" + "".join(chr(97 + int(c)) for c in str(i))
    return f"k__Bacteria|p__P{i % 9}|c__C|o__O|f__F{i % 40}|g__{genus}|s__{genus}_species" + "".join(chr(97 + int(c)) for c in str(i))


def table(path, samples, taxa, taxa_as_rows, filled=0.25):
    rng = random.Random(1)
    rows, columns = (taxa, samples) if taxa_as_rows else (samples, taxa)
    names = [lineage(i) for i in range(taxa)]
    ids = [f"sample{j:05d}" for j in range(samples)]
    with open(path, "w") as out:
        out.write("taxon\t" + "\t".join(ids if taxa_as_rows else names) + "\n")
        for r in range(rows):
            label = names[r] if taxa_as_rows else ids[r]
            cells = [str(int(rng.expovariate(0.01)) + 1) if rng.random() < filled else "0" for _ in range(columns)]
            out.write(label + "\t" + "\t".join(cells) + "\n")


def run(what, *arguments):
    start = time.perf_counter()
    child = subprocess.Popen([BINARY, "profile", *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    cpu = usage.ru_utime + usage.ru_stime
    print(f"{what:<56} {seconds:7.2f} s ({cpu:6.2f} s CPU) {usage.ru_maxrss / 1024:6.0f} MB   exit {os.waitstatus_to_exitcode(status)}", flush=True)


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    run("(start-up: no such file)", str(folder / "none"))
    table(folder / "a.tsv", 1600, 1000, True)
    run("1,600 samples × 1,000 taxa, taxa as rows, text", str(folder / "a.tsv"))
    run("the same, --json", str(folder / "a.tsv"), "--json")
    run("the same, --out (Parquet, figures, report)", str(folder / "a.tsv"), "--out", str(folder / "out"))
    table(folder / "b.tsv", 1600, 1000, False)
    run("1,600 samples × 1,000 taxa, samples as rows, --json", str(folder / "b.tsv"), "--json")
    table(folder / "c.tsv", 1600, 1000, True, filled=1.0)
    run("1,600 × 1,000, every cell filled, --json", str(folder / "c.tsv"), "--json")
    table(folder / "d.tsv", 10000, 1000, True)
    run("10,000 samples × 1,000 taxa, taxa as rows, --json", str(folder / "d.tsv"), "--json")
    (folder / "d.tsv").unlink()
    table(folder / "e.tsv", 10000, 1000, False)
    run("10,000 samples × 1,000 taxa, samples as rows, --json", str(folder / "e.tsv"), "--json")
    many = folder / "many"
    many.mkdir()
    rng = random.Random(2)
    for j in range(1000):
        lines = ["#mpa_vJan21_CHOCOPhlAnSGB_202103", "#clade_name\tNCBI_tax_id\trelative_abundance\tadditional_species"]
        chosen = rng.sample(range(1000), 120)
        lines += [f"{lineage(i)}\t2\t{100 / 120:.5f}\t" for i in chosen]
        (many / f"s{j:04d}.txt").write_text("\n".join(lines) + "\n")
    run("1,000 files of one MetaPhlAn sample each, --json", *[str(p) for p in sorted(many.iterdir())], "--json")
