use std::io::{Read, Write};
use std::path::PathBuf;

/// The environment variable that names the folder of shared test data.
pub const SHARED_VARIABLE: &str = "GUTSKIN_SHARED";

/// A file or folder of the shared test data, or `None` where it is absent.
///
/// The data are looked for in the folder that `GUTSKIN_SHARED` names, else in
/// `shared` beside the project. `None` comes with a line on standard error
/// that says which test skips and why; it shows even where the test runner
/// captures output, so a skipped check is never silent.
pub fn shared(relative: &str) -> Option<PathBuf> {
    let folder = std::env::var_os(SHARED_VARIABLE).map_or_else(
        || crate::project_root().join("..").join("shared"),
        PathBuf::from,
    );
    let path = folder.join(relative);
    if path.exists() {
        return Some(path);
    }
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    let line = format!(
        "skipped {test}: {relative} is not in the shared data ({}); set {SHARED_VARIABLE} to their folder",
        folder.display()
    );
    // Written to the stream itself: the test runner captures what `eprintln!` prints.
    drop(writeln!(std::io::stderr().lock(), "{line}"));
    None
}

/// The text of a file of the shared data, unpacked when its name ends in
/// `.gz`; `None` as in [`shared`].
///
/// # Panics
///
/// When the file is there but cannot be read as UTF-8 text.
#[track_caller]
pub fn shared_text(relative: &str) -> Option<String> {
    let path = shared(relative)?;
    let read = || -> std::io::Result<String> {
        let mut text = String::new();
        let mut file = std::fs::File::open(&path)?;
        if relative.ends_with(".gz") {
            flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text)?;
        } else {
            file.read_to_string(&mut text)?;
        }
        Ok(text)
    };
    match read() {
        Ok(text) => Some(text),
        #[expect(clippy::panic, reason = "a test helper: the test must fail")]
        Err(error) => panic!("{}: {error}", path.display()),
    }
}
