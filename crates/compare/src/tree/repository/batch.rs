//! Objects handed out one by one.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

use super::bounded::Group;
use crate::tree::listing::FILE_LIMIT;

/// Longest header of an object, in bytes: a hash, a kind, a size.
const HEADER: u64 = 256;

/// A running `git cat-file --batch`, ended with it.
pub(crate) struct Batch {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    // The last to go: by then its input is closed, and it ends by itself.
    _child: Group,
}

impl Batch {
    pub(super) fn start(mut command: Command) -> Result<Self, String> {
        command.stdin(Stdio::piped());
        let mut child = Group::start(command)?;
        let (Some(input), Some(output)) = (child.input(), child.output()) else {
            return Err("git ne répond pas".to_owned());
        };

        Ok(Self {
            _child: child,
            input,
            output: BufReader::new(output),
        })
    }

    /// The content of an object; an answer is a header, the content and a line break.
    pub(in crate::tree) fn read(&mut self, id: &str) -> Result<Vec<u8>, String> {
        let broken = |error: std::io::Error| format!("objet git illisible : {error}");

        writeln!(self.input, "{id}")
            .and_then(|()| self.input.flush())
            .map_err(broken)?;
        let mut header = String::new();
        let mut first = self.output.by_ref().take(HEADER);
        first.read_line(&mut header).map_err(broken)?;
        let size = size_of_blob(&header)?;

        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        self.output.read_exact(&mut bytes).map_err(broken)?;
        // A line break closes each object.
        self.output.read_exact(&mut [0]).map_err(broken)?;

        Ok(bytes)
    }
}

fn size_of_blob(header: &str) -> Result<u64, String> {
    let size: u64 = match header.split_whitespace().collect::<Vec<_>>()[..] {
        [_, "blob", size] => size.parse().map_err(|_| "objet git illisible".to_owned())?,
        _ => return Err("objet git absent ou abîmé".to_owned()),
    };

    if size > FILE_LIMIT {
        return Err("objet git trop grand".to_owned());
    }
    Ok(size)
}
