//! The programs that `.ci/install` brings, named to tests and commands where the person has named
//! none: a verification plays on a laptop what the chain plays.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Variables of the tests, and the programs in the folder of `.ci/install`.
const PROGRAMS: [(&str, &str); 4] = [
    ("FILROUGE_PYTHON", "python/bin/python"),
    ("FILROUGE_MLFLOW", "python/bin/mlflow"),
    ("SCHEMATHESIS", "python/bin/schemathesis"),
    ("FILROUGE_SPARK_PYTHON", "spark/bin/python"),
];

/// Names the programs that are there to a command.
pub(super) fn name_to(command: &mut Command) {
    let Some(home) = std::env::home_dir() else {
        return;
    };
    let is_named = |variable: &str| std::env::var_os(variable).is_some();
    command.envs(found(&home.join(".cache/filrouge"), is_named));
}

/// The variables that nobody has set, with the programs that exist.
fn found(
    folder: &Path,
    is_named: impl Fn(&str) -> bool,
) -> impl Iterator<Item = (&'static str, PathBuf)> {
    let all = PROGRAMS.map(|(variable, program)| (variable, folder.join(program)));
    let left = all.into_iter();
    left.filter(move |(variable, program)| !is_named(variable) && program.exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_installed_program_is_named_unless_the_person_has_named_one() {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("python/bin");
        std::fs::create_dir_all(&bin).unwrap();
        for name in ["mlflow", "schemathesis"] {
            std::fs::write(bin.join(name), "").unwrap();
        }

        let named = found(folder.path(), |variable| variable == "FILROUGE_MLFLOW");

        let expected = [("SCHEMATHESIS", bin.join("schemathesis"))];
        assert_eq!(named.collect::<Vec<_>>(), expected);
    }
}
