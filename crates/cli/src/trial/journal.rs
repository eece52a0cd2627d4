//! Finished batches of a run in the folder of its results, until these are whole.

use crate::output::{make_folder, tell, write_whole};
use gutskin_network::overrides::Override;
use gutskin_study::scenario::Scenario;
use gutskin_study::trial::Journal;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Name of the folder within that of the results.
const FOLDER: &str = ".unfinished";

/// Batches as files, one folder for each scenario, model, change and seed.
pub struct FileJournal {
    folder: PathBuf,
    /// Batches taken from files.
    pub found: usize,
    /// A batch could not be kept, so that no later one is tried.
    failed: bool,
}

impl FileJournal {
    /// In the folder of the results; what other scenarios left there stays.
    pub fn new(results: &Path, scenario: &Scenario, text: &str, changes: &[Override]) -> Self {
        let mut hash = Sha256::new();
        let changes: Vec<String> = changes
            .iter()
            .map(|c| format!("{}={}", c.name, c.value))
            .collect();
        for part in [
            env!("CARGO_PKG_VERSION"),
            &scenario.network.model_hash(),
            &scenario.network.parameter_hash(),
            &scenario.seed.to_string(),
            &changes.join("\n"),
            text,
        ] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let key: String = hash.finalize()[..8]
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        Self {
            folder: results.join(FOLDER).join(key),
            found: 0,
            failed: false,
        }
    }

    fn file(&self, batch: usize) -> PathBuf {
        self.folder.join(format!("batch-{batch:05}.json"))
    }

    /// Takes the batches away: the results are written. What cannot be removed does no harm.
    pub fn finish(&self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        // Gone only where no other run has left anything.
        if let Some(parent) = self.folder.parent() {
            let _ = std::fs::remove_dir(parent);
        }
    }
}

impl Journal for FileJournal {
    fn load(&mut self, batch: usize) -> Option<String> {
        let text = std::fs::read_to_string(self.file(batch)).ok()?;
        self.found += 1;
        Some(text)
    }

    fn save(&mut self, batch: usize, text: &str) {
        if self.failed {
            return;
        }
        let kept = make_folder(&self.folder).and_then(|()| write_whole(&self.file(batch), text));
        if let Err(error) = kept {
            self.failed = true;
            tell!("a run that is broken off cannot be resumed: {error}");
        }
    }
}
