//! A new key for the pseudonyms, every year and after any suspicion of a leak.

use filrouge_storage::write_private;

use crate::error::FileFault;
use crate::keys::pseudonym_keys;
use crate::{PersonalData, PersonalDataError, Result};

/// The outcome of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyRotation {
    /// The number of keys that the pseudonyms are now made with.
    pub generation: usize,
    /// People whose pseudonym was made again.
    pub people: u64,
}

impl PersonalData<'_> {
    /// Puts a new key on top of the others. The file is written first: a rotation that is killed is
    /// taken up again with the key that it holds.
    ///
    /// # Errors
    /// When the file cannot be written or the database does not answer.
    pub async fn rotate_key(&mut self) -> Result<KeyRotation> {
        let path = self.state.pseudonym_keys();
        let in_file = pseudonym_keys(self.state)?;

        // A rotation was killed between the file and the database.
        let keys = if in_file.generation() > self.records.generation() {
            in_file
        } else {
            in_file
                .with_another()
                .map_err(|_| PersonalDataError::Randomness)?
        };

        write_private(&path, keys.to_text().as_bytes()).map_err(FileFault::Write.of(&path))?;

        Ok(KeyRotation {
            people: self.records.rotate_keys(&keys).await?,
            generation: keys.generation(),
        })
    }
}
