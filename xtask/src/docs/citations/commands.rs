//! The commands that documents cite: ours by the help that they print, cargo's by their names.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::super::command_line::subcommands;
use super::tree::Tree;
use crate::cargo::cargo;
use crate::files;

/// Commands of cargo, and those of other tools that the documents may ask for.
const CARGO: [&str; 17] = [
    "add",
    "bench",
    "build",
    "check",
    "clippy",
    "cyclonedx",
    "deny",
    "doc",
    "fmt",
    "hakari",
    "install",
    "llvm-cov",
    "metadata",
    "run",
    "test",
    "tree",
    "update",
];

/// The page that holds the help of the program, command by command.
const PAGE: &str = "docs/commandes.md";

/// The help of each command of ours, by its words: `filrouge lake sql`, `cargo dossier verify`.
#[derive(Default)]
pub(super) struct Commands {
    helps: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Configuration {
    #[serde(default)]
    alias: BTreeMap<String, String>,
}

impl Commands {
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut commands = Self::of_page(&files::read(root, PAGE)?);
        let configuration: Configuration =
            toml::from_str(&files::read(root, ".cargo/config.toml")?)?;

        for alias in configuration.alias.keys() {
            commands.ask(root, alias)?;
        }
        Ok(commands)
    }

    /// The helps of a page that gives each one under the name of its command.
    pub(super) fn of_page(page: &str) -> Self {
        let help = |section: &str| {
            let (name, help) = section.split_once("`\n")?;
            Some((name.to_owned(), help.to_owned()))
        };
        Self {
            helps: page.split("\n## `").skip(1).filter_map(help).collect(),
        }
    }

    /// Adds the helps of an alias of cargo: its own, then those of its commands.
    fn ask(&mut self, root: &Path, alias: &str) -> Result<()> {
        let whole = help(root, alias, None)?;
        for name in subcommands(&whole) {
            // clap's own takes no `--help`.
            if name == "help" {
                continue;
            }
            let of_command = help(root, alias, Some(name))?;
            self.helps
                .insert(format!("cargo {alias} {name}"), of_command);
        }

        self.helps.insert(format!("cargo {alias}"), whole);
        Ok(())
    }

    /// The fault of a line of shell, where it runs a command of ours that does not exist.
    pub(super) fn fault(&self, line: &str, tree: &Tree) -> Option<String> {
        // After ` #` stands a remark.
        let line = line.split(" #").next().unwrap_or(line);
        line.split(['|', ';', '&', '(', ')']).find_map(|command| {
            let is_setting = |word: &&str| word.contains('=') || *word == "$" || *word == "sudo";
            let words: Vec<_> = command.split_whitespace().skip_while(is_setting).collect();
            self.fault_of(&words, tree)
        })
    }

    fn fault_of(&self, words: &[&str], tree: &Tree) -> Option<String> {
        match words {
            ["cargo", "test", rest @ ..] => unknown_test(rest, tree),
            // Without a package, `cargo run` starts the program itself.
            ["cargo", "run", "--", rest @ ..] | ["filrouge", rest @ ..] => {
                self.ours("filrouge", rest)
            }
            ["cargo", name, rest @ ..] if is_word(name) => {
                let ours = format!("cargo {name}");
                if self.helps.contains_key(&ours) {
                    return self.ours(&ours, rest);
                }
                (!CARGO.contains(name)).then(|| format!("there is no command `{ours}`"))
            }
            _ => None,
        }
    }

    /// The fault of a command of ours: a sub-command or an option that its help does not list.
    fn ours(&self, program: &str, words: &[&str]) -> Option<String> {
        let (mut name, mut help) = (program.to_owned(), self.helps.get(program)?);
        let mut words = words.iter();

        while let Some(word) = words.next() {
            let (option, _) = word.split_once('=').unwrap_or((*word, ""));
            if option.starts_with("--") && option.len() > 2 {
                if !holds_option(help, option) {
                    return Some(format!("`{name}` has no option `{option}`"));
                }
                if help.contains(&format!("{word} <")) {
                    words.next();
                }
                continue;
            }

            let known = subcommands(help);
            if known.is_empty() || !is_word(word) {
                continue;
            }
            if *word != "help" && !known.contains(word) {
                return Some(format!("`{name}` has no command `{word}`"));
            }
            name = format!("{name} {word}");
            help = self.helps.get(&name)?;
        }

        None
    }
}

/// The fault of the words after `cargo test`: a package or a filter that matches nothing.
fn unknown_test(words: &[&str], tree: &Tree) -> Option<String> {
    let mut words = words.iter().take_while(|word| **word != "--");

    while let Some(word) = words.next() {
        match *word {
            "-p" | "--package" => {
                let package = words.next().filter(|name| is_word(name))?;
                if !tree.has_package(package) {
                    return Some(format!("there is no package `{package}`"));
                }
            }
            "--features" | "--test" | "--bin" | "--example" => {
                words.next();
            }
            filter if is_word(filter) && !tree.has_test(filter) => {
                return Some(format!("no test has a name with `{filter}`"));
            }
            _ => {}
        }
    }

    None
}

/// True for a word that is written as it is, and stands for nothing else.
fn is_word(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_lowercase())
        && word
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "-_:".contains(letter))
}

fn holds_option(help: &str, option: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    option == "--help"
        || help
            .match_indices(option)
            .any(|(at, _)| !help[at + option.len()..].starts_with(is_part))
}

fn help(root: &Path, alias: &str, command: Option<&str>) -> Result<String> {
    let mut cargo = cargo(root);
    cargo.arg(alias).args(command).arg("--help");
    let output = cargo.output().context("cannot run cargo")?;
    anyhow::ensure!(
        output.status.success(),
        "{cargo:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
