//! What one file gives: a corpus of that file alone.

use super::{Corpus, Page};
use crate::document::{self, Copied};
use crate::fact::{Fact, FactKind};
use crate::model::{Finding, FindingKind, ReadVolume, Skipped};
use crate::module::Module;
use crate::proof;
use crate::red_flags;
use crate::rules::Rules;
use crate::tree::{Entry, FILE_LIMIT, Language, Reader, Role};
use crate::workflow;
use crate::{call_semantics, configuration, javascript, markup, notebook, python, rust, sql, yaml};

/// Greatest number of rows of data that are looked at, in bytes.
const ROWS_LIMIT: u64 = 64 << 10;
/// Longest line that a person may have written, in bytes.
const LINE_LIMIT: usize = 1 << 20;

/// Whether the grammars parse such a file.
pub(super) fn is_parsed(path: &str) -> bool {
    use Language::{JavaScript, Notebook, Python, Rust, Sql, TypeScript, Yaml};
    matches!(
        Language::of(path),
        Python | JavaScript | TypeScript | Rust | Notebook | Sql | Yaml
    )
}

pub(super) fn read(entry: &Entry, reader: &mut Reader, rules: &Rules, parsed: bool) -> Corpus {
    let mut file = Corpus::default();
    let mut skip = |reason| {
        file.skipped.push(Skipped {
            path: entry.path.clone(),
            reason,
        })
    };
    let role = entry.role;
    let limit = if role == Role::Data {
        ROWS_LIMIT
    } else {
        FILE_LIMIT
    };
    let bytes = match reader.read(entry, limit) {
        Ok(bytes) => bytes,
        Err(reason) => {
            skip(reason);
            return file;
        }
    };
    let head = &bytes[..bytes.len().min(8000)];
    if head.contains(&0) {
        return file;
    }
    if bytes.len() > LINE_LIMIT
        && bytes
            .split(|byte| *byte == b'\n')
            .any(|line| line.len() > LINE_LIMIT)
    {
        skip(format!("une ligne de plus de {} Mio", LINE_LIMIT >> 20));
        return file;
    }
    file.read = ReadVolume {
        files: 1,
        bytes: bytes.len() as u64,
    };
    let text = String::from_utf8_lossy(&bytes);
    file.understand(
        &entry.path,
        role,
        text.trim_start_matches('\u{feff}'),
        rules,
        parsed,
    );
    file
}

/// What the text of one file gives, without a tree around it.
#[cfg(test)]
pub(crate) fn understand(path: &str, text: &str, rules: &Rules) -> Corpus {
    let mut file = Corpus::default();
    file.understand(path, Role::of(path), text, rules, true);
    file
}

impl Corpus {
    fn understand(&mut self, path: &str, role: Role, text: &str, rules: &Rules, parsed: bool) {
        self.red_flags
            .extend(red_flags::of_text(path, role, text, parsed));
        self.declared(path, text);
        let is_script = Language::of(path) == Language::Shell || text.starts_with("#!");
        let kinds = if is_script {
            workflow::script_kinds(text)
        } else {
            Vec::new()
        };

        self.scripts
            .extend((!kinds.is_empty()).then(|| (path.to_owned(), kinds)));
        let is_test = role == Role::Test;

        match Language::of(path) {
            Language::Markdown if parsed => self.page(path, text, rules, 1),
            Language::Notebook if parsed => self.notebook(path, text, rules),
            Language::Python if parsed => self.module(python::read(path, text, is_test, 1)),
            Language::JavaScript | Language::TypeScript if parsed => {
                self.module(javascript::read(path, text, is_test))
            }
            Language::Rust if parsed => self.module(rust::read(path, text, is_test)),
            Language::Sql if parsed => self.sql(path, text),
            Language::Yaml if parsed => self.yaml(path, text),
            Language::Json => {
                self.facts.extend(configuration::json_facts(path, text));
                self.recipes.extend(npm_scripts(path, text));
            }
            Language::Dockerfile => self
                .facts
                .extend(configuration::dockerfile_facts(path, text)),
            Language::Markup => self.markup(path, text, parsed),
            Language::Shell if !path.contains('.') => self.recipes.extend(recipes(text)),
            Language::Text
                if path
                    .rsplit('/')
                    .next()
                    .is_some_and(|name| name.starts_with("Jenkinsfile")) =>
            {
                self.workflows.push(workflow::jenkins(path, text));
            }
            Language::Text | Language::Toml => self.other(path, text),
            _ => {}
        }
    }

    fn module(&mut self, mut module: Module) {
        call_semantics::read(&mut module);
        self.modules.push(module);
    }

    fn page(&mut self, path: &str, text: &str, rules: &Rules, first_line: usize) {
        if is_generated(text) {
            return;
        }

        match document::copied(path, text) {
            Some((Copied::Grid, line)) => self.red_flags.push(Finding {
                kind: FindingKind::PastedGrid,
                path: path.to_owned(),
                line,
                question:
                    "Cette page reprend la grille d'évaluation : où sont, dans le dépôt, les réponses à ses critères ?"
                        .to_owned(),
            }),
            Some((Copied::Repository, line)) => self.repository_dump(path, line),
            None => {
                let page = document::read(path, text, first_line);
                self.said.extend(rules.read(&page));
                if first_line == 1 {
                    self.claims.extend(document::claims(path, text));
                }
                self.pages.push(Page::of(&page, text));
            }
        }
    }

    fn repository_dump(&mut self, path: &str, line: usize) {
        self.red_flags.push(Finding {
            kind: FindingKind::RepositoryDump,
            path: path.to_owned(),
            line,
            question: "Ce fichier recopie le dépôt entier : à quoi sert-il, et qui doit le lire ?"
                .to_owned(),
        });
    }

    fn notebook(&mut self, path: &str, text: &str, rules: &Rules) {
        for cell in notebook::cells(text) {
            if cell.is_code {
                let mut module = python::read(path, &cell.text, false, cell.line);
                module.is_notebook = true;
                self.merge_cell(module);
            } else {
                self.said
                    .extend(rules.read(&document::read(path, &cell.text, cell.line)));
            }
        }

        if let Some(module) = self.modules.last_mut().filter(|module| module.is_notebook) {
            call_semantics::read(module);
        }
    }

    /// The cells of a notebook are one program.
    fn merge_cell(&mut self, cell: Module) {
        match self.modules.last_mut().filter(|module| module.is_notebook) {
            None => self.modules.push(cell),
            Some(whole) => {
                whole.imports.extend(cell.imports);
                whole.aliases.extend(cell.aliases);
                whole.functions.extend(cell.functions);
                whole.classes.extend(cell.classes);
                whole.routes.extend(cell.routes);
                whole.calls.extend(cell.calls);
                whole.constants.extend(cell.constants);

                whole.assignments.extend(cell.assignments);
                whole.gates.extend(cell.gates);
            }
        }
    }

    fn sql(&mut self, path: &str, text: &str) {
        let mut module = Module {
            path: path.to_owned(),
            ..Module::default()
        };

        let whole = crate::module::Call {
            name: "sql".to_owned(),
            line: 1,
            scope: String::new(),
            arguments: String::new(),
            target: String::new(),
        };

        module.facts = sql::statements(text)
            .flat_map(|one| sql::facts(&module, &whole, &one))
            .collect();
        self.modules.push(module);
    }

    fn yaml(&mut self, path: &str, text: &str) {
        let tree = yaml::read(text);
        if workflow::is_workflow(path) {
            self.workflows.push(workflow::read(path, &tree));
        } else {
            self.facts.extend(configuration::yaml_facts(path, &tree));
            self.red_flags.extend(red_flags::of_yaml(path, &tree));
        }
    }

    fn markup(&mut self, path: &str, text: &str, parsed: bool) {
        self.facts.extend(markup::facts(path, text));
        let script = text
            .split_once("<script")
            .and_then(|(_, rest)| rest.split_once('>'));
        if let Some((_, script)) =
            script.filter(|_| parsed && (path.ends_with(".vue") || path.ends_with(".svelte")))
        {
            self.module(javascript::read(
                path,
                script.split("</script").next().unwrap_or(""),
                false,
            ));
        }
    }

    fn other(&mut self, path: &str, text: &str) {
        let name = path.rsplit('/').next().unwrap_or(path);
        if name.contains("requirements")
            || ["pyproject.toml", "Cargo.toml", "Pipfile"].contains(&name)
        {
            self.facts
                .extend(configuration::dependency_facts(path, text));
        } else if let Some((Copied::Repository, _)) = document::copied(path, text) {
            self.repository_dump(path, 1);
        }
    }

    /// Proofs that the reference itself declares.
    fn declared(&mut self, path: &str, text: &str) {
        if !text.contains("Preuve:") {
            return;
        }

        for found in proof::read(path, text).0 {
            let is_test = matches!(found.subject, proof::Subject::Test(_));
            let scope = found.subject.name();

            let mut fact = Fact::new(
                FactKind::Declared,
                path,
                found.line,
                scope,
                format!("preuve déclarée : {}", found.claim),
            );

            fact.criterion = Some(found.criterion);
            fact.exercised = is_test;
            self.facts.push(fact);
        }
    }
}

/// The scripts of a package.json.
fn npm_scripts(path: &str, text: &str) -> Vec<String> {
    let manifest = path
        .ends_with("package.json")
        .then(|| serde_json::from_str::<serde_json::Value>(text).ok())
        .flatten();
    let scripts = manifest
        .as_ref()
        .and_then(|manifest| manifest.get("scripts"))
        .and_then(serde_json::Value::as_object);
    scripts
        .into_iter()
        .flat_map(|scripts| scripts.keys().cloned())
        .collect()
}

/// The targets of a Makefile or a Justfile.
fn recipes(text: &str) -> impl Iterator<Item = String> {
    let targets = text
        .lines()
        .filter(|line| !line.starts_with([' ', '\t', '#', '.', '@']))
        .filter_map(|line| line.split_once(':'));
    targets.flat_map(|(names, _)| {
        names
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    })
}

/// Whether the first lines of a page say that a tool wrote it.
fn is_generated(text: &str) -> bool {
    let head: String = text
        .lines()
        .take(6)
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase();
    [
        "page engendrée par",
        "do not edit",
        "auto-generated",
        "généré automatiquement par",
        "ne pas modifier à la main",
    ]
    .iter()
    .any(|mark| head.contains(mark))
}

impl Page {
    fn of(page: &document::Document, source: &str) -> Self {
        let is_incident = [
            "incident",
            "post-mortem",
            "postmortem",
            "debogage",
            "bug #",
            "resolution de bug",
        ]
        .iter()
        .any(|word| {
            page.title().contains(word)
                || page
                    .sections
                    .iter()
                    .any(|section| section.heading.contains(word))
        });

        Self {
            path: page.path.clone(),
            hashes: if is_incident {
                hashes(source)
            } else {
                Vec::new()
            },
            is_incident,
            names_certification: [
                "rncp37827",
                "rncp 37827",
                "developpeur en intelligence artificielle",
                "developpeur ia",
            ]
            .iter()
            .any(|name| page.text.contains(name)),
        }
    }
}

fn hashes(source: &str) -> Vec<(String, usize)> {
    let is_hash = |word: &&str| {
        (7..=40).contains(&word.len())
            && word
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
            && word.bytes().any(|byte| byte.is_ascii_digit())
    };

    let lines = source.lines().enumerate();

    lines
        .flat_map(|(index, line)| {
            let words = line
                .split(|letter: char| !letter.is_ascii_alphanumeric())
                .filter(is_hash);
            words
                .map(|word| (word.to_owned(), index + 1))
                .collect::<Vec<_>>()
        })
        .collect()
}
