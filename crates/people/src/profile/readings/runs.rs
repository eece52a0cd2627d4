//! Values that wait in a temporary file: runs sorted by sample, each with an index of where its samples begin.

use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom, Write};
use std::sync::Mutex;

use super::Cell;

/// Samples that are read together.
pub const GROUP: usize = 16;
/// Bytes of one value: sample, feature, value.
const CELL: usize = 16;

/// The runs of one file.
#[derive(Debug, Default)]
pub struct Runs {
    runs: Vec<Run>,
    /// Without a name, so that it is gone with the process whatever ends it.
    file: Option<Mutex<File>>,
    end: u64,
}

/// One run.
#[derive(Debug)]
struct Run {
    offset: u64,
    /// The group that its first value is of.
    first: usize,
    /// Where each group from there on begins, in values; one more for the end.
    starts: Box<[u32]>,
}

impl Runs {
    /// Appends values that are sorted by sample.
    pub fn write(&mut self, cells: &[Cell]) -> Result<()> {
        let Some(first) = cells.first() else {
            return Ok(());
        };
        let mut bytes = Vec::with_capacity(cells.len().min(4096) * CELL);
        let mut file = match self.file.take() {
            Some(file) => file,
            None => Mutex::new(tempfile::tempfile()?),
        };
        let open = file.get_mut().map_err(|_| poisoned())?;
        open.seek(SeekFrom::Start(self.end))?;
        for part in cells.chunks(4096) {
            bytes.clear();
            for cell in part {
                bytes.extend_from_slice(&cell.sample.to_le_bytes());
                bytes.extend_from_slice(&cell.feature.to_le_bytes());
                bytes.extend_from_slice(&cell.value.to_le_bytes());
            }
            open.write_all(&bytes)?;
        }
        let first = first.sample as usize / GROUP;
        self.runs.push(Run {
            offset: self.end,
            first,
            starts: starts(cells, first),
        });
        self.end += (cells.len() * CELL) as u64;
        self.file = Some(file);
        Ok(())
    }

    /// Hands out the values of the group that begins with a sample: by run, within it by sample.
    pub fn read(&self, first: usize, add: &mut impl FnMut(Cell)) -> Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let mut file = file.lock().map_err(|_| poisoned())?;
        let mut bytes = Vec::new();
        for (offset, length) in self.runs.iter().filter_map(|run| run.place(first / GROUP)) {
            file.seek(SeekFrom::Start(offset))?;
            bytes.resize(length, 0);
            file.read_exact(&mut bytes)?;
            for cell in bytes.chunks_exact(CELL) {
                add(decode(cell).ok_or(ErrorKind::UnexpectedEof)?);
            }
        }
        Ok(())
    }
}

impl Run {
    /// Offset and length of a group, in bytes; none where the run has nothing of it.
    fn place(&self, group: usize) -> Option<(u64, usize)> {
        let at = group.checked_sub(self.first)?;
        let (start, end) = (*self.starts.get(at)?, *self.starts.get(at + 1)?);
        let length = (end - start) as usize * CELL;
        (length > 0).then_some((self.offset + u64::from(start) * CELL as u64, length))
    }
}

/// Where each group begins.
fn starts(cells: &[Cell], first: usize) -> Box<[u32]> {
    let mut starts = Vec::new();
    for (at, cell) in (0_u32..).zip(cells) {
        while starts.len() + first <= cell.sample as usize / GROUP {
            starts.push(at);
        }
    }
    starts.push(cells.len() as u32);
    starts.into()
}

fn decode(bytes: &[u8]) -> Option<Cell> {
    let (sample, rest) = bytes.split_first_chunk()?;
    let (feature, rest) = rest.split_first_chunk()?;
    Some(Cell {
        sample: u32::from_le_bytes(*sample),
        feature: u32::from_le_bytes(*feature),
        value: f64::from_le_bytes(*rest.first_chunk()?),
    })
}

fn poisoned() -> Error {
    Error::other("another thread failed while it read the same file")
}
