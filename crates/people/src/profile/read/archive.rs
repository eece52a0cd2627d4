//! The one door to the zip library: members of an archive, never larger than the limit.

use std::io::{Cursor, Read};

use crate::error::{PeopleError, Result};

use super::input::too_large_unpacked;
use super::limits::Limits;

/// More members than any real artifact has.
const MOST_MEMBERS: usize = 100_000;

/// A zip archive in memory.
pub struct Archive {
    inner: zip::ZipArchive<Cursor<Vec<u8>>>,
    name: String,
    limits: Limits,
}

impl Archive {
    /// Opens an archive from its bytes.
    ///
    /// # Errors
    /// When the archive is damaged.
    pub fn open(name: &str, bytes: Vec<u8>, limits: Limits) -> Result<Self> {
        let inner = zip::ZipArchive::new(Cursor::new(bytes))
            .map_err(|error| damaged(name, "the archive", &error.to_string()))?;
        if inner.len() > MOST_MEMBERS {
            return Err(PeopleError::TooLarge {
                file: name.to_owned(),
                what: format!("an archive of {} members", inner.len()),
                limit: MOST_MEMBERS.to_string(),
            });
        }
        Ok(Self {
            inner,
            name: name.to_owned(),
            limits,
        })
    }

    /// Names of the members.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.inner
            .file_names()
            .filter_map(|name| name.ok().map(std::borrow::Cow::into_owned))
            .collect()
    }

    /// Bytes of a member.
    ///
    /// # Errors
    /// When it is damaged, encrypted, or larger than the limit once unpacked.
    pub fn read(&mut self, member: &str) -> Result<Vec<u8>> {
        let file = self
            .inner
            .by_name(member)
            .map_err(|error| damaged(&self.name, member, &error.to_string()))?;
        let most = self.limits.whole_bytes;
        let too_large = || {
            too_large_unpacked(
                &self.name,
                &format!("the member `{member}`, once unpacked,"),
                most,
            )
        };
        if file.size() > most {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        // what an archive says of its members is no promise
        file.take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| damaged(&self.name, member, &error.to_string()))?;
        if bytes.len() as u64 > most {
            return Err(too_large());
        }
        Ok(bytes)
    }
}

fn damaged(name: &str, member: &str, detail: &str) -> PeopleError {
    PeopleError::Malformed {
        file: name.to_owned(),
        place: format!("zip, `{member}`"),
        found: detail.to_owned(),
        expected: "a whole, unencrypted zip archive".to_owned(),
        advice: "The file may be cut short: copy or export it again".to_owned(),
    }
}
