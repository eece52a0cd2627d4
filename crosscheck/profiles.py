"""Compares `gutskin profile` with scikit-bio and biom-format on synthetic tables and, where present, real BIOM files."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import biom
import numpy as np
import skbio
import skbio.diversity as skd
from scipy.spatial.distance import pdist, squareform
from skbio.stats.composition import clr, multi_replace
from skbio.stats.ordination import pcoa

BINARY = sys.argv[1]
ROOT = pathlib.Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "crates/people/tests/golden"
SHARED = pathlib.Path(os.environ.get("GUTSKIN_SHARED", ROOT.parent / "shared"))
failures = []
checks = 0


def near(what, found, expected, tolerance=1e-9):
    global checks
    checks += 1
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    if found.shape != expected.shape or not np.allclose(found, expected, rtol=tolerance, atol=tolerance):
        failures.append(f"{what}: found {found.ravel()[:5]}, expected {expected.ravel()[:5]}")


def profile(*files):
    done = subprocess.run([BINARY, "profile", *map(str, files), "--json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"gutskin failed on {files}: {done.stderr}")
    return json.loads(done.stdout)


def diversity_of(report, table, what):
    of = {s["id"]: s for s in report["samples"]}
    for sample in table.ids():
        row = table.data(sample, "sample").astype(int)
        mine = of[sample]["diversity"]
        near(f"{what} {sample} richness", mine["richness"], skd.alpha.observed_features(row))
        near(f"{what} {sample} Shannon", mine["shannon"], skd.alpha.shannon(row, base=np.e))
        near(f"{what} {sample} Simpson", mine["simpson"], skd.alpha.simpson(row))
        if mine["richness"] > 1:  # of a single taxon evenness is not defined
            near(f"{what} {sample} evenness", mine["evenness"], skd.alpha.pielou_e(row, base=np.e))
        near(f"{what} {sample} Chao1", mine["chao1"], skd.alpha.chao1(row, bias_corrected=True))


def synthetic():
    reference = biom.load_table(str(GOLDEN / "counts_hdf5.biom"))
    reports = {
        "HDF5": profile(GOLDEN / "counts_hdf5.biom"),
        "JSON": profile(GOLDEN / "counts_json.biom"),
        "TSV": profile(GOLDEN / "counts.tsv"),
        "qza": profile(GOLDEN / "table.qza", GOLDEN / "taxonomy.qza"),
    }
    for name, report in reports.items():
        diversity_of(report, reference, name)
        near(f"{name} totals", [s["total"] for s in report["samples"]], reference.sum("sample"))
    first = reports["HDF5"]
    genera = {}
    for i, (_, metadata) in enumerate(zip(reference.ids("observation"), reference.metadata(axis="observation"))):
        genera.setdefault(metadata["taxonomy"][5], []).append(i)
    dense = reference.matrix_data.toarray().T
    shares = dense / dense.sum(axis=1, keepdims=True)
    genus = np.column_stack([shares[:, rows].sum(axis=1) for rows in genera.values()])
    distances = squareform(pdist(clr(multi_replace(genus))))
    placed = pcoa(skbio.DistanceMatrix(distances), number_of_dimensions=2, method="eigh")
    near("PCoA explained", first["ordination"]["explained"], placed.proportion_explained[:2], 1e-8)
    mine = np.array(first["ordination"]["coordinates"])
    theirs = placed.samples.iloc[:, :2].values
    theirs = theirs * np.sign((mine * theirs).sum(axis=0))
    near("PCoA coordinates", mine, theirs, 1e-6)


def random_tables():
    rng = np.random.default_rng(7)
    with tempfile.TemporaryDirectory() as folder:
        for trial in range(5):
            rows, columns = int(rng.integers(20, 300)), int(rng.integers(2, 20))
            counts = rng.negative_binomial(0.3, 0.01, size=(rows, columns))
            counts[:, counts.sum(axis=0) == 0] = 1
            names = [f"k__Bacteria; p__P; c__C; o__O; f__F; g__Genus{chr(97 + i % 26)}{chr(97 + i // 26)}; s__" for i in range(rows)]
            table = biom.Table(counts.astype(float), [f"OTU_{i}" for i in range(rows)], [f"s{j}x" for j in range(columns)],
                               observation_metadata=[{"taxonomy": n.split("; ")} for n in names])
            path = pathlib.Path(folder) / f"t{trial}.biom"
            path.write_text(table.to_json("crosscheck"))
            diversity_of(profile(path), table, f"random {trial}")


def real_files():
    folder = SHARED / "profiles" / "biom"
    if not folder.is_dir():
        print(f"skipped the real BIOM files: {folder} is not there")
        return
    for name in ["biomformat_rich_sparse_otu_table.biom", "biomformat_rich_sparse_otu_table_hdf5.biom",
                 "mia_Aggregated_humanization2.biom"]:
        table = biom.load_table(str(folder / name))
        report = profile(folder / name)
        found = {s["id"]: s["total"] for s in report["samples"]}
        near(f"{name} totals", [found[i] for i in table.ids()], table.sum("sample"))
        diversity_of(report, table, name)
    qiime = SHARED / "profiles" / "qiime2"
    report = profile(qiime / "mia_table.qza", qiime / "mia_taxonomy.qza")
    with tempfile.TemporaryDirectory() as out:
        import zipfile
        with zipfile.ZipFile(qiime / "mia_table.qza") as archive:
            member = next(n for n in archive.namelist() if n.endswith("data/feature-table.biom"))
            (pathlib.Path(out) / "t.biom").write_bytes(archive.read(member))
        table = biom.load_table(str(pathlib.Path(out) / "t.biom"))
    found = {s["id"]: s["total"] for s in report["samples"]}
    near("mia_table.qza totals", [found[i] for i in table.ids()], table.sum("sample"))


synthetic()
random_tables()
real_files()
for failure in failures:
    print("MISMATCH", failure)
print(f"{checks - len(failures)} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)
