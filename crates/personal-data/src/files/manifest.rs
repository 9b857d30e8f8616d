//! The manifest of a collection, corrected when lines leave one of its files: it says what the files
//! are, not what they were.

use std::fs;
use std::io;
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256};
use filrouge_storage::replace_file;
use serde_json::Value;

const MANIFEST: &str = "manifest.json";

/// Corrects the manifest of the collection that `file` is of, from which `gone` records left. A
/// collection that was killed has none yet.
pub(super) fn correct(file: &Path, gone: u64) -> io::Result<()> {
    let Some(run) = file
        .ancestors()
        .find(|folder| folder.join(MANIFEST).is_file())
    else {
        return Ok(());
    };
    let path = run.join(MANIFEST);
    // A manifest that cannot be read is set aside by the next collection.
    let read = serde_json::from_slice::<Value>(&fs::read(&path)?).ok();
    let Some(mut manifest) = read.filter(Value::is_object) else {
        return Ok(());
    };

    let name = file.strip_prefix(run).unwrap_or(file).display().to_string();
    let (bytes, sha256) = hash(file)?;
    let sources = manifest["sources"].as_array_mut().into_iter().flatten();
    for source in sources.filter(|source| source.is_object()) {
        correct_source(source, &name, bytes, &sha256, gone);
    }

    replace_file(&path, serde_json::to_vec_pretty(&manifest)?)
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
    let mut context = Context::new(&SHA256);
    let content = fs::read(path)?;
    context.update(&content);
    Ok((content.len() as u64, hex::encode(context.finish())))
}
