//! A place in a submission: its name, and the link that opens it.

use std::fmt::Write;
use std::path::Path;

use super::visible;
use filrouge_compare::Submission;

/// A file and a line of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EvidenceLink {
    /// Such as `api/main.py:12`.
    pub(crate) text: String,
    /// Opens the file; none when the folder does not hold it, as in a bare repository.
    pub(crate) address: Option<String>,
}

impl EvidenceLink {
    pub(crate) fn new(submission: &Submission, path: &str, line: Option<usize>) -> Self {
        if path.is_empty() {
            return Self {
                text: "historique git".to_owned(),
                address: None,
            };
        }
        let text = line.map_or_else(|| visible(path), |line| format!("{}:{line}", visible(path)));
        Self {
            text,
            address: address(&submission.path, path, line),
        }
    }
}

/// A `file` address, with the line as a fragment that editors and forges understand.
fn address(root: &str, path: &str, line: Option<usize>) -> Option<String> {
    let root = std::fs::canonicalize(root).ok()?;
    let file = root.join(path);

    // Links are not followed: one click must not lead out of the submission.
    let is_file = std::fs::symlink_metadata(&file).is_ok_and(|metadata| metadata.is_file());
    if !is_file || !stays_inside(path) {
        return None;
    }

    let fragment = line.map(|line| format!("#L{line}")).unwrap_or_default();
    Some(format!("file://{}{fragment}", encode(file.to_str()?)))
}

fn stays_inside(path: &str) -> bool {
    Path::new(path)
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)))
}

/// Percent-encodes everything but the letters, digits and marks that RFC 3986 leaves alone, and
/// `/`.
fn encode(path: &str) -> String {
    path.bytes()
        .fold(String::with_capacity(path.len()), |mut address, byte| {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                    address.push(char::from(byte))
                }
                _ => {
                    let _ = write!(address, "%{byte:02X}");
                }
            }
            address
        })
}
