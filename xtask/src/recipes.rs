//! `cargo xtask recipes`: plays the recipes of `docs/recettes` in a copy of the repository, the
//! whole change and its forgotten half, so that neither rots. `docs/recettes/README.md` describes
//! the parts of a recipe.

mod copy;

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
pub(crate) use copy::Copy;

use crate::files;

const FOLDER: &str = "docs/recettes";

/// Files that a recipe may ask to edit by hand.
const MOST_FILES: usize = 3;

/// A recipe, as its page and its patches say it.
struct Recipe {
    name: String,
    whole: String,
    half: String,
    /// Commands that check the change.
    commands: Vec<String>,
    /// Lines that the forgotten half is told with.
    told: Vec<String>,
}

/// Plays every recipe, or the one that is named.
pub(crate) fn run(root: &Path, only: Option<&str>) -> Result<()> {
    let copy = Copy::of(root)?;

    for recipe in recipes(root)? {
        if only.is_none_or(|name| name == recipe.name) {
            recipe
                .play(&copy)
                .with_context(|| format!("recipe `{}`", recipe.name))?;
        }
    }
    Ok(())
}

fn recipes(root: &Path) -> Result<Vec<Recipe>> {
    let names = files::markdown_files(&root.join(FOLDER))?;
    names
        .iter()
        .filter_map(|name| name.strip_suffix(".md"))
        .filter(|name| *name != "README")
        .map(|name| Recipe::read(root, name).with_context(|| format!("recipe `{name}`")))
        .collect()
}

impl Recipe {
    fn read(root: &Path, name: &str) -> Result<Self> {
        let read = |end: &str| files::read(root, &format!("{FOLDER}/{name}{end}"));
        let page = read(".md")?;

        Ok(Self {
            name: name.to_owned(),
            whole: read(".patch")?,
            half: read("-a-moitie.patch")?,
            commands: block(&page, "sh")?,
            told: block(&page, "text")?,
        })
    }

    fn play(&self, copy: &Copy) -> Result<()> {
        let files = patched_files(&self.whole);
        ensure!(
            files.len() <= MOST_FILES,
            "{} files are edited by hand, more than {MOST_FILES}: {}",
            files.len(),
            files.join(", ")
        );

        report(&format!("{}: {} files by hand", self.name, files.len()));
        copy.apply(&self.whole)?;
        // Taken back even when a command cannot be started: the next recipe begins from the same files.
        let outcome = self.first_failure(copy);
        copy.reset()?;
        if let Some((command, output)) = outcome? {
            bail!("`{command}` fails after the whole change:\n{output}");
        }

        report(&format!("{}: a half is left out", self.name));
        copy.apply(&self.half)?;
        let outcome = self.first_failure(copy);
        copy.reset()?;
        self.half_is_told(outcome?)
    }

    fn half_is_told(&self, failure: Option<(String, String)>) -> Result<()> {
        let Some((command, output)) = failure else {
            bail!("a half of the change is left out, and every command passes");
        };
        for line in &self.told {
            ensure!(
                output.contains(line),
                "`{command}` fails without saying « {line} »:\n{output}"
            );
        }
        Ok(())
    }

    /// The first command that fails, with its output.
    fn first_failure(&self, copy: &Copy) -> Result<Option<(String, String)>> {
        for line in &self.commands {
            report(&format!("  {line}"));
            let output = copy
                .shell(line)
                .output()
                .with_context(|| format!("cannot run `{line}`"))?;

            if !output.status.success() {
                // The sentence may be a test's, on one, or the compiler's, on the other.
                let written = [output.stdout, output.stderr].concat();
                return Ok(Some((
                    line.clone(),
                    String::from_utf8_lossy(&written).into_owned(),
                )));
            }
        }
        Ok(None)
    }
}

/// Lines of the first code block of a language.
fn block(page: &str, language: &str) -> Result<Vec<String>> {
    let open = format!("```{language}");
    let lines = page.lines().skip_while(|line| *line != open).skip(1);
    let lines: Vec<_> = lines
        .take_while(|line| *line != "```")
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(str::to_owned)
        .collect();
    ensure!(!lines.is_empty(), "the page has no `{language}` block");
    Ok(lines)
}

/// Files that a patch changes, adds or removes.
fn patched_files(patch: &str) -> Vec<&str> {
    patch
        .lines()
        .filter_map(|line| line.strip_prefix("diff --git a/"))
        .filter_map(|names| names.split(' ').next())
        .collect()
}

#[expect(clippy::print_stdout, reason = "a command's report")]
fn report(line: &str) {
    println!("{line}");
}

#[cfg(test)]
mod tests;
