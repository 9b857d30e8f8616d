//! Objects handed out one by one.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::tree::listing::FILE_LIMIT;

/// A running `git cat-file --batch`.
pub(crate) struct Batch {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Batch {
    pub(super) fn start(mut command: Command) -> Result<Self, String> {
        let mut child = command
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|error| format!("git est introuvable : {error}"))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("git ne répond pas".to_owned());
        };

        Ok(Self {
            child,
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
        self.output.read_line(&mut header).map_err(broken)?;
        let size = size_of_blob(&header)?;

        let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
        self.output.read_exact(&mut bytes).map_err(broken)?;
        // A line break closes each object.
        self.output.read_exact(&mut [0]).map_err(broken)?;

        Ok(bytes)
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // The process may have ended by itself already.
        let _ = self.child.kill();
        let _ = self.child.wait();
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
