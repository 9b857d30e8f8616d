//! Takes out again the people whom a backup brings back, and who asked to be forgotten after it.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use filrouge_database::gdpr::ErasureList;
use filrouge_database::{DatabaseError, SubscriberNumber};
use serde_json::Value;

use crate::error::FileFault;
use crate::files::{NUMBER_COLUMN, collected_people};
use crate::{PersonalData, Result, keys};

/// The outcome of a list of erasures on a restored state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AppliedErasures {
    /// Erasures that the backup did not know.
    pub remembered: u64,
    /// People that it brought back, and who were erased again.
    pub erased_again: u64,
    /// Lines of the collections that tell of nobody who can be named: they were left as they are.
    pub unreadable_lines: u64,
}

impl PersonalData<'_> {
    /// The list of erasures, to keep apart from the state and from its backups.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn erasure_list(&self) -> Result<ErasureList> {
        Ok(self.records.erasure_list().await?)
    }

    /// Applies a list of erasures to a state that was just restored: its people are remembered as
    /// erased, and what the backup brought back of them goes.
    ///
    /// # Errors
    /// When the list was made with keys that the state does not have, the database does not answer,
    /// or a file cannot be read or written.
    pub async fn apply_erasures(&mut self, list: &ErasureList) -> Result<AppliedErasures> {
        self.rotate_up_to(list.generation).await?;
        let mut applied = AppliedErasures {
            remembered: self.records.remember_erasures(list).await?,
            ..AppliedErasures::default()
        };

        let forgotten = self.records.forgotten().await?;
        let mut back = HashSet::new();
        for path in collected_people(self.state)? {
            let unreadable = numbers(&path, |number| {
                if forgotten.contains(&number) {
                    back.insert(number);
                }
            })?;
            applied.unreadable_lines += unreadable;
        }

        for person in &back {
            self.erase(person, None).await?;
            applied.erased_again += 1;
        }
        Ok(applied)
    }

    /// Rotates the pseudonyms as often as they were after the backup, with the same keys: a hash of
    /// a later key cannot be taken back to an earlier one.
    async fn rotate_up_to(&mut self, generation: usize) -> Result<()> {
        let keys = keys::pseudonym_keys(self.state)?;

        while self.records.generation() < generation {
            let next = keys.first(self.records.generation() + 1);
            let next = next.ok_or(DatabaseError::WrongPseudonymKeys)?;
            self.records.rotate_keys(&next).await?;
        }
        Ok(())
    }
}

/// Gives each number of a file to `take`; gives the number of lines that have none.
fn numbers(path: &Path, mut take: impl FnMut(SubscriberNumber)) -> Result<u64> {
    let file = File::open(path).map_err(FileFault::Read.of(path))?;
    let mut unreadable = 0;

    for line in BufReader::new(file).split(b'\n') {
        let line = line.map_err(FileFault::Read.of(path))?;
        let record: Value = serde_json::from_slice(&line).unwrap_or_default();
        match record[NUMBER_COLUMN].as_str() {
            Some(number) => take(number.to_owned().into()),
            None => unreadable += 1,
        }
    }
    Ok(unreadable)
}
