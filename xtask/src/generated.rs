//! Everything that the repository holds and a program writes: written by `cargo xtask regenerate`,
//! compared by `cargo xtask check`, which CI runs.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::cargo::{cargo, printed};
use crate::docs::{self, Document};
use crate::words;

/// Files that the program writes whole: the part of `filrouge document`, then the file.
const WRITTEN_WHOLE: [(&str, &str); 10] = [
    ("data-api", "api-spec/data-api.openapi.json"),
    ("model-api", "api-spec/model-api.openapi.json"),
    ("metrics", "docs/metriques.md"),
    ("dashboard", "docker/grafana/metriques.json"),
    ("alerts", "docker/alerts.yaml"),
    ("alarms", "docs/alarmes.md"),
    ("alarms-dashboard", "docker/grafana/exploitation.json"),
    ("digests", "docs/veille/syntheses.md"),
    ("feeds", "docs/veille/sources.md"),
    ("ai-benchmark", "docs/banc-ia.md"),
];

/// Writes all that is generated, then tells the faults that no program can mend.
pub(crate) fn regenerate(root: &Path) -> Result<()> {
    // The list of features first, since the program below is built with it. The specifications come
    // before the documents, which are drawn from them.
    hakari(root, &["generate"])?;
    write(root, &written_whole(root)?)?;
    write(root, &docs::documents(root)?)?;
    succeed(cargo(root).args(["dossier", "index"]))?;

    let faults = docs::faults(root)?;
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    report("all that is generated is written, and the documents hold together");
    Ok(())
}

/// Compares all that is generated with the output of the programs now.
pub(crate) fn check(root: &Path) -> Result<()> {
    let mut faults = stale(root, &written_whole(root)?);
    faults.extend(stale(root, &docs::documents(root)?));
    faults.extend(docs::faults(root)?);
    faults.extend(words::avoided(root)?);

    // Everything is looked at before failing: one run of `regenerate` mends all of it.
    for outcome in [
        succeed(cargo(root).args(["dossier", "index", "--check"])),
        hakari(root, &["generate", "--diff"]),
    ] {
        faults.extend(outcome.err().map(|error| format!("{error:#}")));
    }

    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    report("all that is generated is up to date, and the documents hold together");
    Ok(())
}

/// Writes the pages of the framing alone, which need no program but this one.
pub(crate) fn write_framing(root: &Path) -> Result<()> {
    write(root, &docs::framing_documents(root)?)?;
    end_framing(docs::framing_faults(root)?)
}

/// Compares the pages of the framing with their declarations, and these with the repository.
pub(crate) fn check_framing(root: &Path) -> Result<()> {
    let mut faults = stale(root, &docs::framing_documents(root)?);
    faults.extend(docs::framing_faults(root)?);
    end_framing(faults)
}

fn end_framing(faults: Vec<String>) -> Result<()> {
    ensure!(faults.is_empty(), "{}", faults.join("\n"));
    report("specifications, stories and drawings agree with what the repository holds");
    Ok(())
}

/// Draws the steering up to the present commit.
pub(crate) fn write_board(root: &Path) -> Result<()> {
    write(root, &docs::board_now(root)?)
}

fn written_whole(root: &Path) -> Result<Vec<Document>> {
    let document = |(part, path): (&str, &str)| {
        Ok(Document {
            path: path.to_owned(),
            // One line break at the end, as editors leave it.
            text: printed(root, ["document", part])?.trim_end().to_owned() + "\n",
        })
    };
    WRITTEN_WHOLE.into_iter().map(document).collect()
}

fn write(root: &Path, documents: &[Document]) -> Result<()> {
    for Document { path, text } in documents {
        if std::fs::read_to_string(root.join(path)).unwrap_or_default() != *text {
            std::fs::write(root.join(path), text)
                .with_context(|| format!("cannot write `{path}`"))?;
            report(&format!("wrote {path}"));
        }
    }
    Ok(())
}

fn stale(root: &Path, documents: &[Document]) -> Vec<String> {
    let told = |Document { path, text }: &Document| {
        let held = std::fs::read_to_string(root.join(path)).unwrap_or_default();
        let line = first_difference(&held, text)?;
        Some(format!(
            "`{path}` is stale from line {line} on: run `cargo xtask regenerate`"
        ))
    };
    documents.iter().filter_map(told).collect()
}

/// Number of the first line that differs, from 1.
fn first_difference(held: &str, text: &str) -> Option<usize> {
    if held == text {
        return None;
    }
    let same = held
        .lines()
        .zip(text.lines())
        .take_while(|(held, text)| held == text);
    Some(same.count() + 1)
}

/// Runs `cargo hakari` on the list of features that crates share; says so where it is missing, since
/// most changes touch no dependency.
fn hakari(root: &Path, action: &[&str]) -> Result<()> {
    let version = cargo(root).args(["hakari", "--version"]).output();
    if !version.is_ok_and(|output| output.status.success()) {
        ensure!(
            std::env::var_os("CI").is_none(),
            "cargo-hakari is not installed: run `.ci/install`"
        );
        report("not played: cargo-hakari is not installed (cargo install --locked cargo-hakari)");
        return Ok(());
    }
    succeed(cargo(root).arg("hakari").args(action))
        .context("crates/workspace-hack is stale: run `cargo xtask regenerate`")
}

/// Runs a command whose words are shown only when it fails.
fn succeed(command: &mut Command) -> Result<()> {
    let output = command.output().context("cannot run cargo")?;
    let words = [output.stdout, output.stderr].concat();
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&words).trim()
    );
    Ok(())
}

#[expect(clippy::print_stdout, reason = "a command's report")]
pub(crate) fn report(line: &str) {
    println!("{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_file_is_named_with_its_first_line_that_differs() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("a.md"), "un\ndeux\n").unwrap();
        let document = |text: &str| {
            [Document {
                path: "a.md".to_owned(),
                text: text.to_owned(),
            }]
        };

        assert_eq!(stale(root.path(), &document("un\ndeux\n")), [""; 0]);
        assert_eq!(
            stale(root.path(), &document("un\ntrois\n")),
            ["`a.md` is stale from line 2 on: run `cargo xtask regenerate`"]
        );
        assert_eq!(first_difference("un\n", "un\ndeux\n"), Some(2));
    }
}
