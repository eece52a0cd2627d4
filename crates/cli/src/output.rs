//! Files in and out: whole or not at all.

use crate::plain::{Style, written_out};
use miette::{Context, GraphicalReportHandler, GraphicalTheme, IntoDiagnostic};
use std::borrow::Cow;
use std::fmt::Arguments;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;

/// The text of an input file.
///
/// # Errors
/// When it cannot be read, is larger than 16 MiB, or is not UTF-8.
pub fn read_text(path: &Path) -> miette::Result<String> {
    const LARGEST: u64 = 16 << 20;
    let about = || format!("cannot read {}", path.display());
    let size = std::fs::metadata(path)
        .into_diagnostic()
        .wrap_err_with(about)?
        .len();
    if size > LARGEST {
        miette::bail!(
            "{} has {size} bytes; a file of this kind has at most {LARGEST}",
            path.display()
        );
    }
    // Devices and pipes do not tell their size.
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .into_diagnostic()
        .wrap_err_with(about)?;
    if bytes.len() as u64 > LARGEST {
        miette::bail!(
            "{} goes on after {LARGEST} bytes, the most that a file of this kind has",
            path.display()
        );
    }
    String::from_utf8(bytes).map_err(|e| {
        miette::miette!(
            help = "save the file as UTF-8",
            "{} is not UTF-8: byte {} does not fit",
            path.display(),
            e.utf8_error().valid_up_to()
        )
    })
}

/// Writes a file under a temporary name beside it and renames it, so that no half-written file is ever seen.
///
/// # Errors
/// When the folder cannot be written.
pub fn write_whole(path: &Path, text: &str) -> miette::Result<()> {
    write_with(path, |file| {
        file.write_all(text.as_bytes()).into_diagnostic()
    })
}

/// The same for what writes itself piece by piece.
///
/// # Errors
/// When the folder cannot be written, or `content` fails.
pub fn write_with(
    path: &Path,
    content: impl FnOnce(&mut BufWriter<&File>) -> miette::Result<()>,
) -> miette::Result<()> {
    let about = || format!("cannot write {}", path.display());
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let file = temporary()
        .tempfile_in(folder)
        .into_diagnostic()
        .wrap_err_with(about)?;
    let mut writer = BufWriter::new(file.as_file());
    content(&mut writer)
        .and_then(|()| writer.flush().into_diagnostic())
        .wrap_err_with(about)?;
    drop(writer);
    file.persist(path).into_diagnostic().wrap_err_with(about)?;
    Ok(())
}

/// Temporary files that become results, and so are readable by whom the user's mask allows.
fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// Makes a folder for results.
///
/// # Errors
/// When it cannot be made.
pub fn make_folder(path: &Path) -> miette::Result<()> {
    std::fs::create_dir_all(path)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot make the folder {}", path.display()))
}

/// `value` as indented JSON, signs that steer a terminal escaped.
///
/// # Errors
/// Never for the types of this program.
pub fn json(value: &impl serde::Serialize) -> miette::Result<String> {
    let text = serde_json::to_string_pretty(value).into_diagnostic()?;
    Ok(written_out(&text, Style::Json).into_owned())
}

/// The first failure of writing to standard output.
static FAILURE: Mutex<Option<std::io::Error>> = Mutex::new(None);

/// Writes to standard output; after a failure it writes no more, and [`finish`] tells of it.
pub fn write_out(text: Arguments<'_>) {
    let Ok(mut failure) = FAILURE.lock() else {
        return;
    };
    if failure.is_none() {
        *failure = std::io::stdout().lock().write_fmt(text).err();
    }
}

/// What is left to write, and what went wrong in writing: a reader that stops reading is no fault.
///
/// # Errors
/// When standard output could not be written, a full disk for example.
pub fn finish() -> miette::Result<()> {
    let earlier = FAILURE.lock().ok().and_then(|mut f| f.take());
    match earlier.or_else(|| std::io::stdout().lock().flush().err()) {
        Some(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error)
            .into_diagnostic()
            .wrap_err("standard output cannot be written"),
        _ => Ok(()),
    }
}

/// Writes a text for people to standard output, signs that steer a terminal written out.
pub fn say_text(text: &str) {
    write_out(format_args!("{}", written_out(text, Style::Text)));
}

/// Writes a line to standard error; where nobody can be told, nothing is.
pub fn tell_text(text: Arguments<'_>) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Tells what went wrong on standard error, signs that steer a terminal written out: names and excerpts of files stand
/// in it.
#[must_use]
pub fn tell_fault(fault: &miette::Report) -> ExitCode {
    let mut plain = String::new();
    let theme = GraphicalTheme::unicode_nocolor();
    let drawn = GraphicalReportHandler::new_themed(theme).render_report(&mut plain, fault.as_ref());
    let shown = written_out(&plain, Style::Text);
    // Colours are signs that steer as well: only what holds no others gets them.
    match (drawn, shown) {
        (Ok(()), Cow::Owned(shown)) => tell_text(format_args!("Error: {shown}")),
        _ => tell_text(format_args!("Error: {fault:?}")),
    }
    ExitCode::FAILURE
}

/// Prints a line, as `println!` does, without a panic where nobody reads or the disk is full.
macro_rules! say {
    () => { $crate::output::say_text("\n") };
    ($($part:tt)*) => { $crate::output::say_text(&format!("{}\n", format_args!($($part)*))) };
}

/// Prints data as they are, without the end of the line.
macro_rules! say_data {
    ($($part:tt)*) => { $crate::output::write_out(format_args!($($part)*)) };
}

/// Tells on standard error what is no result: warnings, progress.
macro_rules! tell {
    ($($part:tt)*) => {
        $crate::output::tell_text(format_args!(
            "{}",
            $crate::plain::written_out(&format!($($part)*), $crate::plain::Style::Text)
        ))
    };
}

pub(crate) use {say, say_data, tell};
