//! Bytes of a file, decompressed where needed, with its beginning at hand for recognition.

use std::io::{self, Chain, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

use crate::error::{PeopleError, Result};

use super::limits::Limits;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// Bytes read ahead at a time to recognise the format.
const HEAD_STEP: u64 = 1 << 20;
/// Lines that recognition wants to see.
const HEAD_LINES: usize = 30;
/// Bytes after which no more lines are waited for.
const HEAD_MOST: usize = 8 << 20;
/// Archives inside archives inside archives are no profiles.
const MAX_GZIP_LAYERS: usize = 2;

/// A boxed source of bytes.
pub type Source = Box<dyn Read + Send>;

/// A file: its name, its first bytes, and the rest still to be read.
pub struct Input {
    /// Name as the user gave it; used in messages and, without endings, as a sample name.
    pub name: String,
    /// The first bytes: some tens of lines, or a mebibyte.
    pub head: Vec<u8>,
    /// Whether these are all bytes.
    pub whole: bool,
    rest: Capped<Source>,
    /// Limits that hold.
    pub limits: Limits,
    /// Whether the file was compressed.
    pub gzipped: bool,
}

impl Input {
    /// Opens a source, looks through gzip and reads ahead.
    ///
    /// # Errors
    /// When the source fails or is compressed in another way.
    pub fn open(name: &str, source: Source, limits: Limits) -> Result<Self> {
        let packed = Arc::new(AtomicU64::new(0));
        let mut source: Source = Box::new(Counted {
            inner: source,
            count: Arc::clone(&packed),
        });
        let mut gzipped = false;
        for _ in 0..=MAX_GZIP_LAYERS {
            let mut magic = [0_u8; 2];
            let count =
                read_full(&mut source, &mut magic).map_err(|error| io_error(name, error))?;
            let whole: Chain<Cursor<Vec<u8>>, Source> =
                Cursor::new(magic[..count].to_vec()).chain(source);
            if count == 2 && magic == GZIP_MAGIC {
                gzipped = true;
                source = Box::new(MultiGzDecoder::new(whole));
            } else {
                let mut rest = Capped::new(Box::new(whole) as Source, &limits);
                rest.packed = gzipped.then_some(packed);
                let (head, whole) = read_head(name, &mut rest, &limits)?;
                return Ok(Self {
                    name: name.to_owned(),
                    head,
                    whole,
                    rest,
                    limits,
                    gzipped,
                });
            }
        }
        Err(PeopleError::Unusable {
            file: name.to_owned(),
            problem: format!("it is compressed more than {MAX_GZIP_LAYERS} times over"),
            advice: "Decompress it once and try again".to_owned(),
        })
    }

    /// Name without folders and endings: what a single-sample file calls its sample.
    #[must_use]
    pub fn stem(&self) -> String {
        stem(&self.name)
    }

    /// Everything, from the first byte on.
    #[must_use]
    pub fn into_reader(self) -> impl Read + Send {
        Cursor::new(self.head).chain(self.rest)
    }

    /// Reads everything into memory.
    ///
    /// # Errors
    /// When the whole is larger than the limit or cannot be read.
    pub fn into_bytes(self) -> Result<Vec<u8>> {
        let (name, limits) = (self.name.clone(), self.limits);
        let mut bytes = Vec::new();
        self.into_reader()
            .take(limits.whole_bytes + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| rest_error(&name, error, &limits))?;
        if bytes.len() as u64 > limits.whole_bytes {
            return Err(too_large_unpacked(
                &name,
                "what must be held in memory whole",
                limits.whole_bytes,
            ));
        }
        Ok(bytes)
    }
}

/// File name without folders and the endings that profilers and archives add.
#[must_use]
pub fn stem(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let mut rest = base;
    for ending in [
        ".gz",
        ".txt",
        ".tsv",
        ".csv",
        ".biom",
        ".qza",
        ".kreport",
        ".kreport2",
        ".report",
        ".kraken2",
        ".krakenuniq",
        ".kraken",
        ".bracken",
        ".out",
        ".shared",
        ".profile",
    ] {
        rest = rest.strip_suffix(ending).unwrap_or(rest);
    }
    for ending in [".report", ".kraken2", ".kraken", ".bracken", ".metaphlan"] {
        rest = rest.strip_suffix(ending).unwrap_or(rest);
    }
    if rest.is_empty() { base } else { rest }.to_owned()
}

/// A reader that counts its bytes.
struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

/// A reader that fails once more bytes came than allowed, or more than a real table could have been packed into so few,
/// instead of ending quietly.
struct Capped<R> {
    inner: R,
    passed: u64,
    most: u64,
    /// Bytes of the compressed file so far.
    packed: Option<Arc<AtomicU64>>,
    free: u64,
    ratio: u64,
}

impl<R> Capped<R> {
    const fn new(inner: R, limits: &Limits) -> Self {
        Self {
            inner,
            passed: 0,
            most: limits.text_bytes,
            packed: None,
            free: limits.ratio_free(),
            ratio: limits.unpack_ratio,
        }
    }
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.passed += count as u64;
        if self.passed > self.most {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "too large"));
        }
        if let Some(packed) = &self.packed
            && self.passed > self.free
            && self.passed / self.ratio > packed.load(Ordering::Relaxed)
        {
            return Err(io::Error::new(io::ErrorKind::QuotaExceeded, "too dense"));
        }
        Ok(count)
    }
}

/// Reads ahead until some tens of lines are there; wide tables have long lines.
fn read_head(name: &str, rest: &mut Capped<Source>, limits: &Limits) -> Result<(Vec<u8>, bool)> {
    let mut head = Vec::new();
    loop {
        let before = head.len();
        (&mut *rest)
            .take(HEAD_STEP)
            .read_to_end(&mut head)
            .map_err(|error| rest_error(name, error, limits))?;
        let finished = ((head.len() - before) as u64) < HEAD_STEP;
        let lines = memchr::memchr2_iter(b'\n', b'\r', &head)
            .take(HEAD_LINES)
            .count();
        if finished || lines >= HEAD_LINES || head.len() >= HEAD_MOST {
            return Ok((head, finished));
        }
    }
}

fn read_full(source: &mut Source, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Turns a failure while reading into the error it stands for.
pub fn rest_error(name: &str, error: io::Error, limits: &Limits) -> PeopleError {
    match error.kind() {
        io::ErrorKind::FileTooLarge => too_large(name, "its size", limits.text_bytes),
        io::ErrorKind::QuotaExceeded => too_large_unpacked(
            name,
            &format!(
                "what it unpacks to, more than {} times its own size,",
                limits.unpack_ratio
            ),
            limits.ratio_free(),
        ),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            PeopleError::Unusable {
                file: name.to_owned(),
                problem: format!("the compressed data are damaged or cut short ({error})"),
                advice: "Copy or download the file again".to_owned(),
            }
        }
        _ => io_error(name, error),
    }
}

fn io_error(name: &str, source: io::Error) -> PeopleError {
    PeopleError::Io {
        file: name.to_owned(),
        source,
    }
}

fn too_large(name: &str, what: &str, limit: u64) -> PeopleError {
    PeopleError::TooLarge {
        file: name.to_owned(),
        what: what.to_owned(),
        limit: format!("{} MiB", limit >> 20),
    }
}

/// The error for what is larger, once unpacked or held whole, than an option allows.
pub fn too_large_unpacked(name: &str, what: &str, limit: u64) -> PeopleError {
    PeopleError::TooLargeUnpacked {
        file: name.to_owned(),
        what: what.to_owned(),
        limit: format!("{} MiB", limit >> 20),
    }
}
