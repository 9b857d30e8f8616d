//! `docs/commandes.md`: the help of every command, as the program prints it.

use std::path::Path;

use anyhow::Result;

use super::Document;
use crate::cargo::printed;

const INTRODUCTION: &str = "# Commandes

Cette page est écrite par `cargo xtask regenerate` à partir de l’aide du programme. Devant chaque commande, `cargo run --` compile le programme s’il le faut, puis le lance.
";

/// The page, made by asking the program for its help, then each of its commands for theirs.
pub(crate) fn generate(root: &Path) -> Result<Document> {
    let mut text = INTRODUCTION.to_owned();

    // From the last to the first, since the next command is taken from the end: the page follows
    // the order of the help.
    let mut waiting = vec![String::new()];
    while let Some(command) = waiting.pop() {
        let help = help(root, &command)?;
        let name = format!("filrouge {command}");
        text += &format!("\n## `{}`\n\n```text\n{help}\n```\n", name.trim());

        waiting.extend(
            subcommands(&help)
                .into_iter()
                .rev()
                .map(|name| format!("{command} {name}").trim().to_owned()),
        );
    }

    Ok(Document {
        path: "docs/commandes.md".to_owned(),
        text,
    })
}

/// The commands that a help lists, in its order.
pub(super) fn subcommands(help: &str) -> Vec<&str> {
    help.lines()
        // The chores of this program are told in English.
        .skip_while(|line| !matches!(*line, "Commandes :" | "Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        // Two spaces begin a command; more carry on the description of one.
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect()
}

fn help(root: &Path, command: &str) -> Result<String> {
    let text = printed(root, command.split_whitespace().chain(["--help"]))?;
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    Ok(lines.join("\n").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_of_a_help_are_found_in_their_order() {
        let help = "Fil rouge

Usage : filrouge <COMMANDE>

Commandes :
  up       Dérouler toute la chaîne,
           des sources à la page
  collect  Collecter

Options :
  -h, --help  Montrer cette aide";
        assert_eq!(subcommands(help), ["up", "collect"]);
        assert_eq!(subcommands("Options :\n  -h"), [""; 0]);
    }
}
