//! The manifest of a collection, corrected when lines leave one of its files: it says what the files
//! are, not what they were.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};
use filrouge_database::CollectedFile;
use filrouge_storage::replace_file;
use serde_json::Value;

const MANIFEST: &str = "manifest.json";

/// A file from which records left, as the manifest of its collection tells it now.
#[derive(Debug)]
pub(crate) struct CorrectedFile {
    pub(crate) run_id: String,
    pub(crate) file: CollectedFile,
    /// Records that left.
    pub(crate) gone: u64,
}

/// Corrects the manifest of the collection that `file` is of, from which `gone` records left. A
/// collection that was killed has none yet.
pub(super) fn correct(file: &Path, gone: u64) -> io::Result<Option<CorrectedFile>> {
    let Some(run) = file
        .ancestors()
        .find(|folder| folder.join(MANIFEST).is_file())
    else {
        return Ok(None);
    };
    let path = run.join(MANIFEST);
    // A manifest that cannot be read is set aside by the next collection.
    let read = serde_json::from_slice::<Value>(&fs::read(&path)?).ok();
    let Some(mut manifest) = read.filter(Value::is_object) else {
        return Ok(None);
    };

    let name = file.strip_prefix(run).unwrap_or(file).display().to_string();
    let (bytes, sha256) = hash(file)?;
    let sources = manifest["sources"].as_array_mut().into_iter().flatten();
    for source in sources.filter(|source| source.is_object()) {
        correct_source(source, &name, bytes, &sha256, gone);
    }

    replace_file(&path, serde_json::to_vec_pretty(&manifest)?)?;
    Ok(Some(CorrectedFile {
        run_id: run
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        file: CollectedFile {
            path: name,
            bytes,
            sha256,
        },
        gone,
    }))
}

fn correct_source(source: &mut Value, name: &str, bytes: u64, sha256: &str, gone: u64) {
    let files = source["files"].as_array_mut().into_iter().flatten();
    let Some(entry) = files.into_iter().find(|file| file["path"] == *name) else {
        return;
    };

    let before = entry["bytes"].as_u64().unwrap_or_default();
    entry["bytes"] = bytes.into();
    entry["sha256"] = sha256.into();
    lower(&mut entry["rows"], gone);

    lower(&mut source["rows"], gone);
    lower(&mut source["bytes"], before.saturating_sub(bytes));
}

fn lower(count: &mut Value, by: u64) {
    if let Some(number) = count.as_u64() {
        *count = number.saturating_sub(by).into();
    }
}

fn hash(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut context = Context::new(&SHA256);
    let mut piece = vec![0; 1 << 16];
    let mut bytes = 0;

    loop {
        let read = file.read(&mut piece)?;
        if read == 0 {
            return Ok((bytes, hex::encode(context.finish())));
        }
        context.update(&piece[..read]);
        bytes += read as u64;
    }
}
