use std::io::Cursor;

use super::*;

fn read_file(path: &std::path::Path, words: &Vocabulary) -> Result<Content> {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    read(
        &name,
        Box::new(std::fs::File::open(path).unwrap()),
        Limits::default(),
        words,
    )
}

fn read_text(text: &str) -> Result<Content> {
    read(
        "test.tsv",
        Box::new(Cursor::new(text.to_owned().into_bytes())),
        Limits::small(),
        &Vocabulary::shipped().unwrap(),
    )
}

#[test]
fn real_files_overview() {
    let Some(root) = gutskin_testing::shared("profiles") else {
        return;
    };
    let words = Vocabulary::shipped().unwrap();
    for folder in [
        "metaphlan",
        "kraken",
        "biom",
        "qiime2",
        "tables",
        "paired_metabolome/POYET_BIO_ML_2019",
        "indices",
    ] {
        let mut paths: Vec<_> = std::fs::read_dir(root.join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            match read_file(&path, &words) {
                Ok(Content::Profiles(cohort)) => eprintln!(
                    "OK  {name}: {:?} {} features {} samples {:?} {:?}",
                    cohort.format,
                    cohort.features.len(),
                    cohort.samples.len(),
                    cohort.database,
                    cohort.notes
                ),
                Ok(Content::Taxonomy(list)) => eprintln!("TAX {name}: {} features", list.len()),
                Err(error) => eprintln!("ERR {error}"),
            }
        }
    }
    let _ = read_text("");
}
