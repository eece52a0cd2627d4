//! Lines of text with any line ending, checked for UTF-8, and fields of a line.

use std::io::Read;

use memchr::memchr2;

use crate::error::{PeopleError, Result};

use super::input::{Input, rest_error};
use super::limits::Limits;

const CHUNK: usize = 1 << 16;

/// A stream of lines; `\n`, `\r\n` and the `\r` of old Macs all end one.
pub struct Lines {
    source: Box<dyn Read + Send>,
    name: String,
    limits: Limits,
    buffer: Vec<u8>,
    start: usize,
    number: u64,
    finished: bool,
    skip_newline: bool,
    unended: bool,
}

impl Lines {
    /// Reads the lines of an input from its beginning.
    #[must_use]
    pub fn new(input: Input) -> Self {
        let (name, limits) = (input.name.clone(), input.limits);
        Self {
            source: Box::new(input.into_reader()),
            name,
            limits,
            buffer: Vec::new(),
            start: 0,
            number: 0,
            finished: false,
            skip_newline: false,
            unended: false,
        }
    }

    /// Number of the line last returned, from 1.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// Whether the line last returned was the last one and had no line ending.
    #[must_use]
    pub const fn unended(&self) -> bool {
        self.unended
    }

    /// Name of the file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The next line behind the first `skip` that is neither empty nor a comment, with its number; `None` at the end.
    ///
    /// # Errors
    /// As [`Lines::next_line`].
    pub fn next_row(&mut self, skip: u64) -> Result<Option<(u64, String)>> {
        loop {
            let Some(line) = self.next_line()?.map(str::to_owned) else {
                return Ok(None);
            };
            let number = self.number;
            if number > skip && !line.trim().is_empty() && !is_comment(&line) {
                return Ok(Some((number, line)));
            }
        }
    }

    /// The next line without its ending, or `None` at the end.
    ///
    /// # Errors
    /// When the source fails, a line is too long or not UTF-8.
    pub fn next_line(&mut self) -> Result<Option<&str>> {
        let mut searched = 0;
        let (from, to) = loop {
            if self.skip_newline && self.start < self.buffer.len() {
                if self.buffer[self.start] == b'\n' {
                    self.start += 1;
                }
                self.skip_newline = false;
            }
            let pending = &self.buffer[self.start..];
            if let Some(at) = memchr2(b'\n', b'\r', &pending[searched.min(pending.len())..]) {
                let end = self.start + searched + at;
                self.skip_newline = self.buffer[end] == b'\r';
                let from = self.start;
                self.start = end + 1;
                break (from, end);
            }
            searched = pending.len();
            if searched > self.limits.line_bytes {
                return Err(PeopleError::TooLarge {
                    file: self.name.clone(),
                    what: format!("line {}", self.number + 1),
                    limit: format!("{} MiB", self.limits.line_bytes >> 20),
                });
            }
            if self.finished {
                if pending.is_empty() {
                    return Ok(None);
                }
                let from = self.start;
                self.start = self.buffer.len();
                self.unended = true;
                break (from, self.buffer.len());
            }
            self.fill()?;
        };
        self.number += 1;
        let mut bytes = &self.buffer[from..to];
        if self.number == 1 {
            bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(error) => Err(not_utf8(
                &self.name,
                self.number,
                bytes.get(error.valid_up_to()).copied().unwrap_or_default(),
            )),
        }
    }

    fn fill(&mut self) -> Result<()> {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let length = self.buffer.len();
        self.buffer.resize(length + CHUNK, 0);
        let count = loop {
            match self.source.read(&mut self.buffer[length..]) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(rest_error(&self.name, error, &self.limits)),
                Ok(count) => break count,
            }
        };
        self.buffer.truncate(length + count);
        self.finished = count == 0;
        Ok(())
    }
}

fn not_utf8(name: &str, line: u64, byte: u8) -> PeopleError {
    PeopleError::Malformed {
        file: name.to_owned(),
        place: format!("line {line}"),
        found: format!("the byte 0x{byte:02x}, which is not UTF-8"),
        expected: "text in UTF-8".to_owned(),
        advice: "Save the file as UTF-8 (for instance `iconv -f latin1 -t utf-8 in > out`)"
            .to_owned(),
    }
}

/// Fields of a line, quotes removed. Lines with quotes go through the `csv` library.
pub fn fields(line: &str, delimiter: char) -> Vec<String> {
    if !line.contains('"') {
        return line
            .split(delimiter)
            .map(|field| field.trim().to_owned())
            .collect();
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(delimiter).unwrap_or(b'\t'))
        .from_reader(line.as_bytes());
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => record.iter().map(|field| field.trim().to_owned()).collect(),
        _ => vec![line.to_owned()],
    }
}

/// Whether a line is a comment, and no row of the taxon that spreadsheets call `#N/A`.
pub(super) fn is_comment(line: &str) -> bool {
    line.starts_with('#') && !line.starts_with("#N/A")
}
