//! `docs/commandes.md`: the help of every command, as the program prints it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::Document;

const COMMANDS: [&str; 16] = [
    "",
    "up",
    "collect",
    "aggregate",
    "lineage",
    "profile",
    "import",
    "split",
    "train",
    "evaluate",
    "predict",
    "lake",
    "lake ingest",
    "lake sql",
    "serve",
    "doctor",
];

const INTRODUCTION: &str = "# Commandes

Cette page est écrite par `cargo xtask docs` à partir de l'aide du programme. Devant chaque commande, `cargo run --` construit le programme s'il le faut puis le lance.
";

/// The page, made by asking the program for its help.
pub(crate) fn generate(root: &Path) -> Result<Document> {
    let mut text = INTRODUCTION.to_owned();
    for command in COMMANDS {
        let name = ["filrouge", command].join(" ").trim().to_owned();
        text += &format!("\n## `{name}`\n\n```text\n{}\n```\n", help(root, command)?);
    }
    Ok(Document { path: "docs/commandes.md".to_owned(), text })
}

fn help(root: &Path, command: &str) -> Result<String> {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--"])
        .args(command.split_whitespace())
        .arg("--help")
        .env("COLUMNS", "100")
        // The page must not depend on who writes it: a value in the environment would show in the help.
        .env_remove("FILROUGE_STATE")
        .env_remove("FILROUGE_PORT_BASE")
        .env_remove("FILROUGE_SEED")
        .env_remove("FILROUGE_PROFILE")
        .current_dir(root)
        .output()
        .context("cannot run cargo")?;
    ensure!(output.status.success(), "`filrouge {command} --help`: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).context("the help is not UTF-8")?;
    Ok(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned())
}
