//! Reads one file into a corpus of that file alone.

use crate::corpus::{Corpus, PageNotes};
use crate::criterion_claim::{self, Claimant};
use crate::document::{self, Claim, Claimed, Copied};
use crate::lexicon::PAGES;
use crate::model::{Finding, FindingKind, ReadVolume, Skipped};
use crate::module::{Call, Module};
use crate::red_flags;
use crate::rules::Rules;
use crate::text::file_name;
use crate::tree::{Entry, EntryReader, FILE_LIMIT, Language, Role};
use crate::workflow;
use crate::{call_semantics, configuration, javascript, markup, notebook, python, rust, sql, yaml};

/// Greatest number of rows of data that are looked at, in bytes.
const ROWS_LIMIT: u64 = 64 << 10;
/// Longest line that a person may have written, in bytes.
const LINE_LIMIT: usize = 1 << 20;
/// Bytes of the head of a file: a zero among them says that it is no text.
const HEAD: usize = 8000;

/// Reads an entry; `parsed` says whether its language is analysed too.
pub(super) fn read(entry: &Entry, reader: &mut EntryReader, rules: &Rules, parsed: bool) -> Corpus {
    let limit = if entry.role == Role::Data {
        ROWS_LIMIT
    } else {
        FILE_LIMIT
    };
    let bytes = match reader.read(entry, limit) {
        Ok(bytes) => bytes,
        Err(reason) => return skipped(entry, reason),
    };

    // An image under the name of a text is no news for a jury: nothing is said of it.
    if bytes[..bytes.len().min(HEAD)].contains(&0) {
        return Corpus::default();
    }
    if has_long_line(&bytes) {
        let reason = format!("une ligne de plus de {} Mio", LINE_LIMIT >> 20);
        return skipped(entry, reason);
    }

    let text = String::from_utf8_lossy(&bytes);
    let file = File {
        path: &entry.path,
        role: entry.role,
        // Windows begins its texts with a byte order mark.
        text: text.trim_start_matches('\u{feff}'),
        parsed,
        rules,
    };
    Corpus {
        read: ReadVolume {
            files: 1,
            bytes: bytes.len() as u64,
        },
        ..file.understand()
    }
}

fn skipped(entry: &Entry, reason: String) -> Corpus {
    Corpus {
        skipped: vec![Skipped {
            path: entry.path.clone(),
            reason,
        }],
        ..Corpus::default()
    }
}

fn has_long_line(bytes: &[u8]) -> bool {
    bytes.len() > LINE_LIMIT
        && bytes
            .split(|byte| *byte == b'\n')
            .any(|line| line.len() > LINE_LIMIT)
}

/// Reads the text of one file, without a tree around it.
#[cfg(test)]
pub(crate) fn understand(path: &str, text: &str, rules: &Rules) -> Corpus {
    let file = File {
        path,
        role: Role::of(path),
        text,
        parsed: true,
        rules,
    };
    file.understand()
}

/// A file and its text.
struct File<'all> {
    path: &'all str,
    role: Role,
    text: &'all str,
    /// The file is within the budget of the grammars and of the rules.
    parsed: bool,
    rules: &'all Rules,
}

impl File<'_> {
    fn understand(&self) -> Corpus {
        let mut corpus = Corpus::default();
        let Self { path, text, .. } = *self;

        corpus
            .red_flags
            .extend(red_flags::of_text(path, self.role, text, self.parsed));
        corpus.claims.extend(self.criteria());
        corpus.scripts.extend(self.script());

        let language = Language::of(path);
        // Beyond the budget a file is still searched for secrets, and still listed.
        if self.parsed {
            self.parse(language, &mut corpus);
        }
        self.look(language, &mut corpus);
        corpus
    }

    /// The criteria that its comments say are met.
    fn criteria(&self) -> impl Iterator<Item = Claim> {
        let claimant = match self.role {
            Role::Test => Claimant::Test,
            _ => Claimant::Code,
        };
        let found = criterion_claim::of_comments(self.text, claimant);
        found.into_iter().map(move |(line, claim)| Claim {
            path: self.path.to_owned(),
            line,
            claimed: Claimed::Criterion(claim),
        })
    }

    /// The work of a script that a pipeline may run.
    fn script(&self) -> Option<(String, Vec<workflow::StepKind>)> {
        let is_script = Language::of(self.path) == Language::Shell || self.text.starts_with("#!");
        let kinds = is_script.then(|| workflow::script_kinds(self.text))?;
        (!kinds.is_empty()).then(|| (self.path.to_owned(), kinds))
    }

    /// Reads a file through the grammar or the rules of its language.
    fn parse(&self, language: Language, corpus: &mut Corpus) {
        let Self { path, text, .. } = *self;
        let is_test = self.role == Role::Test;

        match language {
            Language::Markdown => self.page(corpus),
            Language::Notebook => self.notebook(corpus),
            Language::Python => add_module(python::read(path, text, is_test, 1), corpus),
            Language::JavaScript | Language::TypeScript => {
                add_module(javascript::read(path, text, is_test), corpus);
            }
            Language::Rust => add_module(rust::read(path, text, is_test), corpus),
            Language::Sql => corpus.modules.push(sql_module(path, text)),
            Language::Yaml => self.yaml(corpus),
            Language::Markup => {
                let script = script_of_component(path, text);
                if let Some(script) = script {
                    add_module(javascript::read(path, script, false), corpus);
                }
            }
            _ => {}
        }
    }

    /// Reads a file that needs no grammar, whatever the budget.
    fn look(&self, language: Language, corpus: &mut Corpus) {
        let Self { path, text, .. } = *self;

        match language {
            Language::Json => {
                corpus.facts.extend(configuration::json_facts(path, text));
                corpus.recipes.extend(npm_scripts(path, text));
            }
            Language::Dockerfile => corpus
                .facts
                .extend(configuration::dockerfile_fact(path, text)),
            Language::Markup => corpus.facts.extend(markup::facts(path, text)),
            // A Makefile has no extension; the targets of a script mean nothing.
            Language::Shell if !path.contains('.') => corpus.recipes.extend(recipes(text)),
            Language::Text | Language::Toml => self.text(corpus),
            _ => {}
        }
    }

    /// Reads a text that only its name tells apart.
    fn text(&self, corpus: &mut Corpus) {
        let Self { path, text, .. } = *self;
        let name = file_name(path);

        if name.starts_with("Jenkinsfile") {
            corpus.workflows.push(workflow::jenkins(path, text));
        } else if lists_dependencies(name) {
            corpus
                .facts
                .extend(configuration::dependency_facts(path, text));
        } else if let Some((Copied::Repository, _)) = document::copied(path, text) {
            corpus.red_flags.push(repository_dump(path, 1));
        }
    }

    fn page(&self, corpus: &mut Corpus) {
        let Self { path, text, .. } = *self;
        // A page written by a tool says nothing of its author.
        if is_generated(text) {
            return;
        }

        match document::copied(path, text) {
            Some((Copied::Grid, line)) => corpus.red_flags.push(pasted_grid(path, line)),
            Some((Copied::Repository, line)) => corpus.red_flags.push(repository_dump(path, line)),
            None => {
                let page = document::read(path, text, 1);
                corpus.said.extend(self.rules.read(&page));
                corpus.claims.extend(document::claims(path, text));
                corpus.pages.push(PageNotes::of(&page, text));
            }
        }
    }

    fn notebook(&self, corpus: &mut Corpus) {
        let mut program: Option<Module> = None;

        for cell in notebook::cells(self.text) {
            if cell.is_code {
                let module = python::read(self.path, &cell.text, false, cell.line);
                match &mut program {
                    Some(program) => program.append(module),
                    None => program = Some(module),
                }
            } else {
                let page = document::read(self.path, &cell.text, cell.line);
                corpus.said.extend(self.rules.read(&page));
            }
        }

        if let Some(mut program) = program {
            program.is_notebook = true;
            add_module(program, corpus);
        }
    }

    fn yaml(&self, corpus: &mut Corpus) {
        let tree = yaml::read(self.text);
        if workflow::is_workflow(self.path) {
            corpus.workflows.push(workflow::read(self.path, &tree));
        } else {
            corpus
                .facts
                .extend(configuration::yaml_facts(self.path, &tree));
            corpus
                .red_flags
                .extend(red_flags::of_yaml(self.path, &tree));
        }
    }
}

fn add_module(mut module: Module, corpus: &mut Corpus) {
    call_semantics::read(&mut module);
    corpus.modules.push(module);
}

/// A file of SQL is a module without calls, whose facts are those of its statements.
fn sql_module(path: &str, text: &str) -> Module {
    let mut module = Module::new(path, false);
    let whole = Call {
        name: "sql".to_owned(),
        line: 1,
        ..Call::default()
    };

    module.facts = sql::statements(text)
        .flat_map(|one| sql::facts(&module, &whole, &one))
        .collect();
    module
}

/// The script of a component of Vue or Svelte.
fn script_of_component<'text>(path: &str, text: &'text str) -> Option<&'text str> {
    let is_component = path.ends_with(".vue") || path.ends_with(".svelte");
    let (_, rest) = text.split_once("<script").filter(|_| is_component)?;
    let (_, script) = rest.split_once('>')?;
    script.split("</script").next()
}

fn pasted_grid(path: &str, line: usize) -> Finding {
    let question = "Cette page reprend la grille d'évaluation : où sont, dans le dépôt, les réponses à ses critères ?";
    Finding::new(FindingKind::PastedGrid, path, line, question)
}

fn repository_dump(path: &str, line: usize) -> Finding {
    let question = "Ce fichier recopie le dépôt entier : à quoi sert-il, et qui doit le lire ?";
    Finding::new(FindingKind::RepositoryDump, path, line, question)
}

/// The scripts of a package.json.
fn npm_scripts(path: &str, text: &str) -> Vec<String> {
    let manifest = path
        .ends_with("package.json")
        .then(|| serde_json::from_str::<serde_json::Value>(text).ok())
        .flatten();
    let scripts = manifest
        .as_ref()
        .and_then(|manifest| manifest.get("scripts")?.as_object());
    scripts
        .map(|scripts| scripts.keys().cloned().collect())
        .unwrap_or_default()
}

/// The targets of a Makefile or a Justfile.
fn recipes(text: &str) -> impl Iterator<Item = String> {
    text.lines()
        .filter(|line| !line.starts_with([' ', '\t', '#', '.', '@']))
        .filter_map(|line| line.split_once(':'))
        .flat_map(|(names, _)| names.split_whitespace())
        .map(str::to_owned)
}

fn lists_dependencies(name: &str) -> bool {
    name.contains("requirements") || ["pyproject.toml", "Cargo.toml", "Pipfile"].contains(&name)
}

/// True when the first lines of a page say that a tool wrote it.
fn is_generated(text: &str) -> bool {
    let head: Vec<&str> = text.lines().take(6).collect();
    PAGES.prose.generated.any_in(&head.join(" ").to_lowercase())
}
