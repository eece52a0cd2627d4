//! The one door to the HDF5 library.
//!
//! Library: `hdf5-reader` (pure Rust, read-only, MIT or Apache-2.0, caps on reads). Whatever a
//! hostile file makes it do, here it ends as an error: reads are capped, shapes are judged before
//! anything is allocated, and a panic inside the library is caught.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hdf5_reader::{Hdf5File, OpenOptions};

use crate::error::{PeopleError, Result};

use super::limits::Limits;

/// Largest chunk of a dataset after decompression.
const CHUNK_BYTES: usize = 64 << 20;
/// Largest object header.
const HEADER_BYTES: usize = 4 << 20;

/// The superblock says where the file ends (HDF5 file format, version 3.0, section II.A): a shorter one was cut, even
/// where what is left can be read.
fn whole(name: &str, bytes: &[u8]) -> Result<()> {
    let end_at = match bytes.get(8) {
        Some(0) => 40,
        Some(1) => 44,
        Some(2 | 3) => 28,
        _ => return Ok(()), // the library says what is wrong
    };
    let end = bytes
        .get(end_at..end_at + 8)
        .and_then(|end| <[u8; 8]>::try_from(end).ok())
        .map(u64::from_le_bytes);
    match end {
        Some(end) if end != u64::MAX && end > bytes.len() as u64 => Err(PeopleError::Malformed {
            file: name.to_owned(),
            place: "HDF5 superblock".to_owned(),
            found: format!("{} bytes", bytes.len()),
            expected: format!("the {end} bytes that its header tells of"),
            advice: "The file is cut short: copy or download it again".to_owned(),
        }),
        _ => Ok(()),
    }
}

/// An open HDF5 file, held in memory.
pub struct Hdf5 {
    file: Hdf5File,
    name: String,
    limits: Limits,
}

impl Hdf5 {
    /// Opens a file from its bytes.
    ///
    /// # Errors
    /// When it is not HDF5 or damaged.
    pub fn open(name: &str, bytes: Vec<u8>, limits: Limits) -> Result<Self> {
        whole(name, &bytes)?;
        let read_bytes = limits
            .cells
            .saturating_mul(8)
            .min(usize::try_from(limits.whole_bytes).unwrap_or(usize::MAX));
        let options = OpenOptions::default()
            .with_max_chunk_bytes(CHUNK_BYTES)
            .with_max_read_bytes(read_bytes)
            .with_max_object_header_bytes(HEADER_BYTES);
        let file = guarded(name, "the file", || {
            Hdf5File::from_vec_with_options(bytes, options)
        })?;
        Ok(Self {
            file,
            name: name.to_owned(),
            limits,
        })
    }

    /// Shape of a dataset; `None` where there is none of this name.
    #[must_use]
    pub fn shape(&self, path: &str) -> Option<Vec<u64>> {
        guarded(&self.name, path, || self.file.dataset(path))
            .ok()
            .map(|dataset| dataset.shape().to_vec())
    }

    /// Strings of a dataset, row by row.
    ///
    /// # Errors
    /// When it is missing, too large, or holds no strings.
    pub fn strings(&self, path: &str) -> Result<Vec<String>> {
        let count = self.count(path)?;
        if count == 0 {
            return Ok(Vec::new());
        }
        guarded(&self.name, path, || self.file.dataset(path)?.read_strings())
    }

    /// Numbers of a dataset, as floating point.
    ///
    /// # Errors
    /// When it is missing, too large, or holds no numbers.
    pub fn numbers(&self, path: &str) -> Result<Vec<f64>> {
        if self.count(path)? == 0 {
            return Ok(Vec::new());
        }
        let wide = guarded(&self.name, path, || {
            self.file.dataset(path)?.read_array::<f64>()
        });
        if let Ok(values) = wide {
            return Ok(values.into_iter().collect());
        }
        let narrow = guarded(&self.name, path, || {
            self.file.dataset(path)?.read_array::<f32>()
        });
        if let Ok(values) = narrow {
            return Ok(values.into_iter().map(f64::from).collect());
        }
        Ok(self
            .integers(path)?
            .into_iter()
            .map(|value| value as f64)
            .collect())
    }

    /// Integers of a dataset.
    ///
    /// # Errors
    /// When it is missing, too large, or holds no integers.
    pub fn integers(&self, path: &str) -> Result<Vec<i64>> {
        if self.count(path)? == 0 {
            return Ok(Vec::new());
        }
        macro_rules! attempt {
            ($($kind:ty),*) => {$(
                if let Ok(values) = guarded(&self.name, path, || self.file.dataset(path)?.read_array::<$kind>()) {
                    return Ok(values.into_iter().map(i64::from).collect());
                }
            )*};
        }
        attempt!(i32, i64, u32);
        let wide = guarded(&self.name, path, || {
            self.file.dataset(path)?.read_array::<u64>()
        })?;
        Ok(wide
            .into_iter()
            .map(|value| i64::try_from(value).unwrap_or(i64::MAX))
            .collect())
    }

    /// A text attribute of the root; empty where there is none.
    #[must_use]
    pub fn attribute(&self, key: &str) -> String {
        guarded(&self.name, key, || {
            self.file.root_group()?.attribute(key)?.read_string()
        })
        .unwrap_or_default()
    }

    /// An attribute of the root that holds integers; `None` where there is none of this name or kind.
    #[must_use]
    pub fn integer_attribute(&self, key: &str) -> Option<Vec<i128>> {
        macro_rules! attempt {
            ($($kind:ty),*) => {$(
                let found = guarded(&self.name, key, || {
                    self.file.root_group()?.attribute(key)?.read_1d::<$kind>()
                });
                if let Ok(values) = found {
                    return Some(values.into_iter().map(i128::from).collect());
                }
            )*};
        }
        attempt!(i64, i32, u64, u32);
        None
    }

    /// Number of elements, judged against the limits before anything is read.
    fn count(&self, path: &str) -> Result<u64> {
        let dataset = guarded(&self.name, path, || self.file.dataset(path))?;
        let mut count = 1_u64;
        for extent in dataset.shape() {
            count = count.saturating_mul(*extent);
        }
        let most = (self.limits.cells as u64).max(self.limits.features as u64 * 8);
        if count > most {
            return Err(PeopleError::TooLarge {
                file: self.name.clone(),
                what: format!("the dataset `{path}` with the shape {:?}", dataset.shape()),
                limit: format!("{most} elements"),
            });
        }
        Ok(count)
    }
}

fn guarded<T>(
    name: &str,
    what: &str,
    call: impl FnOnce() -> std::result::Result<T, hdf5_reader::error::Error>,
) -> Result<T> {
    let damaged = |detail: String| PeopleError::Malformed {
        file: name.to_owned(),
        place: format!("HDF5, `{what}`"),
        found: detail,
        expected: "a readable HDF5 object".to_owned(),
        advice: "The file may be cut short or damaged: copy or export it again".to_owned(),
    };
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(damaged(error.to_string())),
        Err(_) => Err(damaged("bytes that make the HDF5 library fail".to_owned())),
    }
}
