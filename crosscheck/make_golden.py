#!/usr/bin/env python3
"""Writes the golden values of crates/people/tests/golden with scikit-bio, SciPy and biom-format (synthetic data).

Run inside the environment that crosscheck/profiles.sh sets up:
    target/crosscheck-venv/bin/python crosscheck/make_golden.py
"""
import json
import pathlib
import zipfile

import biom
import h5py
import numpy as np
import scipy.stats
import skbio
import skbio.diversity as skd
from scipy.spatial.distance import pdist, squareform
from skbio.stats.composition import clr, multi_replace
from skbio.stats.ordination import pcoa

OUT = pathlib.Path(__file__).resolve().parent.parent / "crates/people/tests/golden"
GENERA = ["Bacteroides", "Faecalibacterium", "Roseburia", "Blautia", "Bifidobacterium", "Akkermansia", "Prevotella",
          "Escherichia", "Ruminococcus", "Dialister", "Collinsella", "Lactobacillus"]


def counts():
    rng = np.random.default_rng(20260101)
    means = rng.lognormal(3.0, 1.6, size=len(GENERA) * 2)
    return rng.negative_binomial(0.8, 0.8 / (0.8 + means), size=(12, len(means)))


def main():
    table = counts()
    samples = [f"S{i + 1:02d}" for i in range(table.shape[0])]
    taxa = [f"k__Bacteria; p__P; c__C; o__O; f__F; g__{g}; s__" + (f"unnamed{k}" if k else "") for g in GENERA for k in (0, 1)]
    ids = [f"OTU_{i + 1}" for i in range(len(taxa))]
    with open(OUT / "counts.tsv", "w") as out:
        out.write("#OTU ID\t" + "\t".join(samples) + "\ttaxonomy\n")
        for j, (name, lineage) in enumerate(zip(ids, taxa)):
            out.write(name + "\t" + "\t".join(str(v) for v in table[:, j]) + "\t" + lineage + "\n")

    made = biom.Table(table.T.astype(float), ids, samples,
                      observation_metadata=[{"taxonomy": t.split("; ")} for t in taxa], type="OTU table")
    with h5py.File(OUT / "counts_hdf5.biom", "w") as f:
        made.to_hdf5(f, "gutskin golden data")
    (OUT / "counts_json.biom").write_text(made.to_json("gutskin golden data"))
    folder = "11111111-2222-4333-8444-555555555555"
    plain = biom.Table(table.T.astype(float), ids, samples)
    with h5py.File(OUT / "tmp.biom", "w") as f:
        plain.to_hdf5(f, "gutskin golden data")
    with zipfile.ZipFile(OUT / "table.qza", "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(f"{folder}/VERSION", "QIIME 2\narchive: 5\nframework: 2024.10.1\n")
        z.writestr(f"{folder}/metadata.yaml", f"uuid: {folder}\ntype: FeatureTable[Frequency]\nformat: BIOMV210DirFmt\n")
        z.write(OUT / "tmp.biom", f"{folder}/data/feature-table.biom")
    (OUT / "tmp.biom").unlink()
    with zipfile.ZipFile(OUT / "taxonomy.qza", "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(f"{folder}/VERSION", "QIIME 2\narchive: 5\nframework: 2024.10.1\n")
        z.writestr(f"{folder}/metadata.yaml", f"uuid: {folder}\ntype: FeatureData[Taxonomy]\nformat: TSVTaxonomyDirectoryFormat\n")
        z.writestr(f"{folder}/data/taxonomy.tsv",
                   "Feature ID\tTaxon\n" + "".join(f"{i}\t{t}\n" for i, t in zip(ids, taxa)))

    shares = table / table.sum(axis=1, keepdims=True)
    genus = shares.reshape(shares.shape[0], len(GENERA), 2).sum(axis=2)
    ratios = clr(multi_replace(genus))
    distances = squareform(pdist(ratios))
    placed = pcoa(skbio.DistanceMatrix(distances, samples), number_of_dimensions=2, method="eigh")
    golden = {
        "made_with": {"scikit-bio": skbio.__version__, "scipy": scipy.__version__, "biom-format": biom.__version__},
        "samples": samples,
        "richness": [int(skd.alpha.observed_features(row)) for row in table],
        "shannon": [float(skd.alpha.shannon(row, base=np.e)) for row in table],
        "simpson": [float(skd.alpha.simpson(row)) for row in table],
        "pielou": [float(skd.alpha.pielou_e(row, base=np.e)) for row in table],
        "chao1": [float(skd.alpha.chao1(row, bias_corrected=True)) for row in table],
        "bray_curtis_first": [float(v) for v in squareform(pdist(shares, "braycurtis"))[0]],
        "clr_first": [float(v) for v in ratios[0]],
        "genera": GENERA,
        "pcoa_explained": [float(v) for v in placed.proportion_explained[:2]],
        "pcoa": [[float(v) for v in row] for row in placed.samples.iloc[:, :2].values],
        "mannwhitney": {
            "from": [float(v) for v in range(40)],
            "to": [float(v) + 5.5 for v in range(40)],
            "p": float(scipy.stats.mannwhitneyu(range(40), [v + 5.5 for v in range(40)], method="asymptotic").pvalue),
        },
        "totals": [float(v) for v in made.sum("sample")],
    }
    (OUT / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
