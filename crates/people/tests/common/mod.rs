//! Shared by the tests of profiles: reading a text or a file all the way to reports.
#![allow(dead_code, clippy::unwrap_used)]

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::OnceLock;

use gutskin_people::PeopleError;
use gutskin_people::profile::analyse::Analyser;
use gutskin_people::profile::read::{Limits, read};
use gutskin_people::profile::reference::Reference;
use gutskin_people::profile::sample::SampleReport;
use gutskin_people::profile::study::Study;
use gutskin_people::taxonomy::Vocabulary;

/// One analyser for all tests of a file.
pub fn analyser() -> &'static Analyser {
    static ANALYSER: OnceLock<Analyser> = OnceLock::new();
    ANALYSER.get_or_init(|| {
        Analyser::new(
            Vocabulary::shipped().unwrap(),
            Reference::shipped().unwrap(),
        )
        .unwrap()
    })
}

/// Reads files given as name and bytes; the first error ends it.
pub fn study_of(files: &[(&str, Vec<u8>)], limits: Limits) -> Result<Study, PeopleError> {
    let mut study = Study::default();
    for (name, bytes) in files {
        let content = read(
            name,
            Box::new(Cursor::new(bytes.clone())),
            limits,
            &analyser().words,
        )?;
        study.add(content, analyser())?;
    }
    match study.settle(analyser()).into_iter().next() {
        Some(error) => Err(error),
        None => Ok(study),
    }
}

/// Reads one text.
pub fn of_text(text: &str) -> Result<Study, PeopleError> {
    study_of(&[("test.tsv", text.as_bytes().to_vec())], Limits::small())
}

/// The only sample of a text.
pub fn one(text: &str) -> SampleReport {
    let study = of_text(text).unwrap();
    assert_eq!(study.samples.len(), 1);
    study.samples.into_iter().next().unwrap()
}

/// A golden file of this crate.
pub fn golden(name: &str) -> Vec<u8> {
    std::fs::read(
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("tests/golden")
            .join(name),
    )
    .unwrap()
}

/// Bytes of a real file, or `None` (with a printed reason) where it is absent.
pub fn shared(path: &str) -> Option<Vec<u8>> {
    let root = std::env::var_os("GUTSKIN_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let full = root.join(path);
    let bytes = std::fs::read(&full).ok();
    if bytes.is_none() {
        eprintln!("skipped: {} is not there", full.display());
    }
    bytes
}

/// Study of real files; `None` where one is absent.
pub fn real(paths: &[&str]) -> Option<Result<Study, PeopleError>> {
    let mut files = Vec::new();
    for path in paths {
        files.push((*path, shared(path)?));
    }
    Some(study_of(&files, Limits::default()))
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
