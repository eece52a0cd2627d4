//! Fuzz targets, one a reader (`cargo bolero test -p gutskin-people --test profile_fuzz NAME`); run briefly as tests.
#![allow(clippy::unwrap_used)]

mod common;

use common::{golden, study_of};
use gutskin_people::profile::read::{Limits, read_metadata};

fn try_with(prefix: &[u8], bytes: &[u8]) {
    let mut whole = prefix.to_vec();
    whole.extend_from_slice(bytes);
    if let Ok(study) = study_of(&[("fuzz", whole)], Limits::small()) {
        for sample in study
            .samples
            .iter()
            .filter(|sample| sample.refused.is_none())
        {
            let sum: f64 = sample.guilds.iter().sum::<f64>()
                + sample.mapping.no_guild
                + sample.mapping.unlisted;
            assert!((sum - 1.0).abs() < 1e-6, "shares add up to {sum}");
            assert!(sample.diversity.shannon.is_finite() && sample.diversity.shannon >= 0.0);
        }
    }
}

/// Overwrites a valid file with fuzz bytes at positions that the bytes name.
fn patched(name: &str, bytes: &[u8]) {
    let mut whole = golden(name);
    for patch in bytes.chunks_exact(4) {
        let at = usize::from(u16::from_le_bytes([patch[0], patch[1]])) % whole.len();
        whole[at] = patch[2];
        if patch[3] > 250 {
            whole.truncate(at);
            break;
        }
    }
    let _ = study_of(&[(name, whole)], Limits::small());
}

macro_rules! fuzz {
    ($($name:ident: $prefix:expr;)*) => {$(
        #[test]
        fn $name() {
            bolero::check!().for_each(|bytes: &[u8]| try_with($prefix.as_bytes(), bytes));
        }
    )*};
}

fuzz! {
    anything: "";
    metaphlan: "#mpa_v30_CHOCOPhlAn_201901\n#clade_name\tNCBI_tax_id\trelative_abundance\nk__Bacteria\t2\t100\nk__Bacteria|p__Firmicutes\t2|1239\t";
    kraken: "100.00\t10\t0\tR\t1\troot\n 90.00\t9\t";
    krakenuniq: "%\treads\ttaxReads\tkmers\tdup\tcov\ttaxID\trank\ttaxName\n100\t5\t5\t9\t1\t0.1\t853\tspecies\t";
    centrifuge: "name\ttaxID\ttaxRank\tgenomeSize\tnumReads\tnumUniqueReads\tabundance\nRoseburia\t1\tgenus\t1\t";
    bracken: "name\ttaxonomy_id\ttaxonomy_lvl\tkraken_assigned_reads\tadded_reads\tnew_est_reads\tfraction_total_reads\nRoseburia\t1\tG\t";
    biom_json: "{\"rows\":[{\"id\":\"Roseburia\",\"metadata\":null}],\"columns\":[{\"id\":\"A\",\"metadata\":null}],\"data\":";
    mothur: "label\tGroup\tnumOtus\tOtu1\n0.03\tA\t";
    taxonomy: "Feature ID\tTaxon\tConfidence\na\tk__Bacteria; p__Firmicutes\t1\n";
    long: "sample\ttaxon\tcount\nA\tRoseburia\t5\nA\t";
    table: "taxon\tA\tB\nRoseburia\t1\t2\n";
    samples_as_rows: "sample,Roseburia,Bacteroides\nA,1,2\n";
}

#[test]
fn biom_hdf5() {
    bolero::check!().for_each(|bytes: &[u8]| patched("counts_hdf5.biom", bytes));
}

#[test]
fn qza() {
    bolero::check!().for_each(|bytes: &[u8]| patched("table.qza", bytes));
}

#[test]
fn metadata() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let mut whole = b"sample\tgroup\nA\tx\n".to_vec();
        whole.extend_from_slice(bytes);
        if let Ok(metadata) =
            read_metadata("m", Box::new(std::io::Cursor::new(whole)), Limits::small())
        {
            let _ = metadata
                .match_samples(&["A", "B"])
                .map(|matched| matched.column("group").map(|values| values.len()));
        }
    });
}
