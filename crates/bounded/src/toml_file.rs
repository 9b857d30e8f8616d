use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use crate::Allowance;

/// Bytes of a file that a person writes: our longest has thirty thousand.
const TOML_FILE_BYTES: u64 = 1 << 20;

/// The reason why a TOML file cannot be used, told in French to the person who wrote it.
#[derive(Debug, thiserror::Error)]
pub enum TomlFileError {
    /// The system does not give it, or it is too long.
    #[error("`{}` ne se lit pas", .path.display())]
    Unreadable {
        /// The file, or its folder.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// It is not in the form expected.
    #[error("`{}` : {source}", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, and the form expected there.
        source: Box<toml::de::Error>,
    },
}

impl TomlFileError {
    /// The error of a file, or of a folder of such files, that the system does not give.
    pub fn unreadable(path: &Path, source: io::Error) -> Self {
        Self::Unreadable {
            path: path.to_owned(),
            source,
        }
    }
}

/// Reads the value that a TOML file describes, of 1 MiB at most.
///
/// # Errors
/// When the file cannot be read or is not in this form.
pub fn read_toml<T: DeserializeOwned>(path: &Path) -> Result<T, TomlFileError> {
    let text = read_text(path).map_err(|source| TomlFileError::unreadable(path, source))?;

    toml::from_str(&text).map_err(|source| TomlFileError::Malformed {
        path: path.to_owned(),
        source: Box::new(source),
    })
}

fn read_text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    Allowance::of(TOML_FILE_BYTES)
        .reader(File::open(path)?)
        .read_to_string(&mut text)?;

    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_file_and_the_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sources.toml");
        let told = |text: Option<String>| {
            if let Some(text) = text {
                std::fs::write(&path, text).unwrap();
            }
            let error = read_toml::<toml::Table>(&path).unwrap_err().to_string();
            error.replace(&path.display().to_string(), "sources.toml")
        };

        assert_eq!(told(None), "`sources.toml` ne se lit pas");
        let malformed = told(Some("one = 1\ntwo".to_owned()));
        assert!(
            malformed.starts_with("`sources.toml` : TOML parse error at line 2"),
            "{malformed}"
        );
        let long = told(Some(format!("# {}", " ".repeat(1 << 20))));
        assert_eq!(long, "`sources.toml` ne se lit pas");
    }

    #[test]
    fn a_file_gives_the_value_that_it_describes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("numbers.toml");
        std::fs::write(&path, "one = 1\ntwo = 2\n").unwrap();

        let numbers: std::collections::BTreeMap<String, u8> = read_toml(&path).unwrap();
        assert_eq!(numbers["two"], 2);
    }
}
