//! Access and portability (articles 15 and 20).

mod page;

use std::path::{Path, PathBuf};

use filrouge_database::{DatabaseError, SubscriberNumber};
use filrouge_storage::write_private;
use serde_json::json;

use crate::error::FileFault;
use crate::{PersonalData, Result};

/// The two files to hand over to a person; only their owner may read them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessFiles {
    /// For another program.
    pub json: PathBuf,
    /// For the person.
    pub page: PathBuf,
}

impl PersonalData<'_> {
    /// Writes all that is held of a person, as JSON and as a page to read, in `folder` or in the
    /// state's own.
    ///
    /// # Errors
    /// [`DatabaseError::UnknownPerson`] when nobody has this number; those of the files.
    pub async fn give_access(
        &self,
        person: &SubscriberNumber,
        folder: Option<&Path>,
    ) -> Result<AccessFiles> {
        let held = self.records.export(person).await?;
        let held = held.ok_or(DatabaseError::UnknownPerson)?;

        let folder = folder.map_or_else(|| self.state.personal_exports(), Path::to_owned);
        // A name that tells nothing of the person, and by which their erasure finds these files.
        let subject = self.records.audit_subject(person);
        let files = AccessFiles {
            json: folder.join(format!("{subject}.json")),
            page: folder.join(format!("{subject}.md")),
        };

        let content = json!({ "subscriber_number": person.reveal(), "held": held });
        write(&files.json, &serde_json::to_string_pretty(&content)?)?;
        write(&files.page, &page::person_page(person, &held))?;

        Ok(files)
    }
}

fn write(path: &Path, text: &str) -> Result<()> {
    write_private(path, text.as_bytes()).map_err(FileFault::Write.of(path))
}
