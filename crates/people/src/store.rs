//! People at rest, kept on disk by what they follow from: safe to delete, safe for several processes.
//!
//! A file is written under a temporary name and renamed, so that a reader sees a whole one or none; its name and its content
//! carry the key, and its end a hash: what is damaged or of other origin is not read, and made anew.

use sha2::{Digest, Sha256};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const MAGIC: &str = "gutskin people at rest 2\n";
/// Length of a hash in text and in bytes.
const HASH: usize = 32;

/// One who was kept: what they show, or a code of why they show nothing.
pub type Kept = Result<Vec<f64>, u8>;

/// The byte before what somebody shows; codes are any other.
const SHOWN: u8 = u8::MAX;

/// What the people follow from, as a hash.
#[must_use]
pub fn key(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    text(&hasher.finalize())
}

fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn file(folder: &Path, key: &str) -> PathBuf {
    folder.join(format!("people-{key}.bin"))
}

/// The people kept under a key, each with `width` numbers or a code; nothing at all where there is no whole file of them.
#[must_use]
pub fn load(folder: &Path, key: &str, width: usize) -> Option<Vec<Kept>> {
    let bytes = fs::read(file(folder, key)).ok()?;
    let (content, hash) = bytes.split_at_checked(bytes.len().checked_sub(HASH)?)?;
    if Sha256::digest(content).as_slice() != hash {
        return None;
    }
    let rest = content.strip_prefix(MAGIC.as_bytes())?;
    let rest = rest.strip_prefix(key.as_bytes())?;
    let (found, rows) = rest.split_at_checked(8)?;
    if u64::from_le_bytes(found.try_into().ok()?) != width as u64 {
        return None;
    }
    let size = 1 + 8 * width;
    if rows.len() % size != 0 {
        return None;
    }
    let number = |bytes: &[u8]| bytes.try_into().map(f64::from_le_bytes).ok();
    let row = |row: &[u8]| -> Option<Kept> {
        let (code, numbers) = row.split_first()?;
        if *code != SHOWN {
            return Some(Err(*code));
        }
        Some(Ok(numbers
            .chunks_exact(8)
            .map(number)
            .collect::<Option<_>>()?))
    };
    rows.chunks_exact(size).map(row).collect()
}

/// Keeps people under a key.
///
/// # Errors
/// When the folder cannot be made or written.
pub fn save(folder: &Path, key: &str, width: usize, people: &[Kept]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut content = MAGIC.as_bytes().to_vec();
    content.extend(key.as_bytes());
    content.extend((width as u64).to_le_bytes());
    for person in people {
        content.push(person.as_ref().map_or_else(|code| *code, |_| SHOWN));
        let numbers = person.iter().flatten().copied();
        let padded = numbers.chain(std::iter::repeat(0.0)).take(width);
        content.extend(padded.flat_map(f64::to_le_bytes));
    }
    let hash = Sha256::digest(&content);
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(&content)?;
    temporary.write_all(&hash)?;
    temporary.flush()?;
    temporary.persist(file(folder, key)).map_err(|e| e.error)?;
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_back_and_what_is_damaged_or_of_other_origin_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let people = vec![
            Ok(vec![1.0, -2.5, f64::MIN_POSITIVE]),
            Err(0),
            Err(1),
            Ok(vec![0.0; 3]),
        ];
        let key = key(&["model", "parameters", "7"]);
        assert!(load(folder.path(), &key, 3).is_none());
        save(folder.path(), &key, 3, &people).unwrap();
        assert_eq!(load(folder.path(), &key, 3).unwrap(), people);
        assert!(load(folder.path(), &key, 4).is_none());
        let path = file(folder.path(), &key);
        let mut bytes = fs::read(&path).unwrap();
        for at in [0, 30, bytes.len() / 2, bytes.len() - 1] {
            bytes[at] ^= 1;
            fs::write(&path, &bytes).unwrap();
            assert!(load(folder.path(), &key, 3).is_none(), "{at}");
            bytes[at] ^= 1;
        }
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        assert!(load(folder.path(), &key, 3).is_none());
    }

    #[test]
    fn keys_tell_parts_apart() {
        assert_ne!(key(&["ab", "c"]), key(&["a", "bc"]));
        assert_eq!(key(&["a"]).len(), 64);
    }

    #[test]
    fn readers_beside_writers_see_a_whole_file_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let key = key(&["shared"]);
        let people: Vec<Kept> = (0..200).map(|i| Ok(vec![f64::from(i); 50])).collect();
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    (0..20).for_each(|_| save(folder.path(), &key, 50, &people).unwrap())
                });
            }
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let found = load(folder.path(), &key, 50);
                        assert!(found.is_none_or(|f| f == people));
                    }
                });
            }
        });
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
