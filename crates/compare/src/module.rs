//! One file of code as the extractors understood it, whatever its language.

use std::collections::{BTreeMap, BTreeSet};

use super::fact::Fact;

/// A file of code.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub(super) path: String,
    pub(super) is_test: bool,
    pub(super) is_notebook: bool,
    /// Full names of what it imports, such as `pandas` or `app.extract.fetch`.
    pub(super) imports: BTreeSet<String>,
    /// Names given by its imports to what they import.
    pub(super) aliases: BTreeMap<String, String>,
    pub(super) functions: Vec<Function>,
    pub(super) classes: Vec<Class>,
    pub(super) routes: Vec<Route>,
    pub(super) calls: Vec<Call>,
    /// Names given to constants and columns: `(name, literal, line)`.
    pub(super) constants: Vec<(String, String, usize)>,
    /// Every assignment as written: left, right, line.
    pub(super) assignments: Vec<(String, String, usize)>,
    /// Thresholds a measure is held to: measure, number.
    pub(super) gates: Vec<(String, String)>,
    pub(super) facts: Vec<Fact>,
}

/// A function or a method.
#[derive(Debug, Default, Clone)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) end: usize,
    pub(super) parameters: Vec<String>,
    /// Every identifier of the body.
    pub(super) names: BTreeSet<String>,
    /// Identifiers the body calls, last component only; a method of an unknown object begins with a
    /// dot.
    pub(super) calls: BTreeSet<String>,
    pub(super) is_fixture: bool,
    /// Requests a helper of the tests sends.
    pub(super) requests: Vec<Request>,
    /// Whether it answers 401 or 403, itself or in a function inside.
    pub(super) refuses: bool,
    /// Whether a decorator or a dependency asks who calls.
    pub(super) is_guarded: bool,
    /// Dependencies of the application that it overrides, test or fixture.
    pub(super) overrides: Vec<String>,
    /// Checks it makes, test or helper.
    pub(super) checks: usize,
    pub(super) test: Option<Test>,
}

/// What makes a function a test.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Test {
    /// Checks that depend on a value.
    pub(super) checks: usize,
    /// Checks that cannot fail, such as `assert True`.
    pub(super) empty_checks: usize,
    /// Checks that only ask whether a replaced thing was called.
    pub(super) mock_checks: usize,
    pub(super) requests: Vec<Request>,
    /// Full or short names of what it replaces.
    pub(super) replaced: Vec<String>,
    /// Whether it expects a refusal: 401 or 403.
    pub(super) expects_refusal: bool,
    pub(super) is_skipped: bool,
}

/// A request that a test sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    /// In capitals.
    pub(super) method: String,
    pub(super) asked: Asked,
}

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    Path(String),
    /// The name of a route, as `reverse` and `url_for` take it.
    Name(String),
}

/// A class.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) end: usize,
    /// Full names of what it inherits.
    pub(super) bases: Vec<String>,
    /// The beginning of what it holds.
    pub(super) body: String,
}

/// A route of an HTTP service.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) method: String,
    /// Path as declared, prefix of its router included where it is known.
    pub(super) path: String,
    pub(super) line: usize,
    /// The function or the class that answers.
    pub(super) handler: String,
    /// The name by which tests and templates may ask for it.
    pub(super) name: String,
    /// Functions and types that its parameters and decorators name: one of them may ask who calls.
    pub(super) dependencies: Vec<String>,
    pub(super) is_protected: bool,
    /// Whether it answers a page rather than data.
    pub(super) is_page: bool,
}

/// A call, by the full name that the imports give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) scope: String,
    /// Its arguments, as written, cut at 400 bytes.
    pub(super) arguments: String,
    /// The name its result is given, if any.
    pub(super) target: String,
}

impl Module {
    pub(super) fn imports_any(&self, packages: &[&str]) -> bool {
        packages.iter().any(|package| {
            self.imports.iter().any(|import| {
                import
                    .strip_prefix(package)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '/', ':']))
            })
        })
    }

    /// The last part of its path without extension, or its folder when that part says nothing.
    pub(super) fn stem(&self) -> &str {
        let mut parts = self.path.rsplit('/');
        let stem = parts
            .next()
            .and_then(|name| name.split('.').next())
            .unwrap_or("");
        match stem {
            "__init__" | "mod" | "lib" | "index" => parts.next().unwrap_or(stem),
            _ => stem,
        }
    }
}

impl Function {
    /// Whether the body calls this name, as a function or as a method.
    pub(super) fn has_call(&self, name: &str) -> bool {
        self.calls
            .iter()
            .any(|call| call.trim_start_matches('.') == name)
    }

    /// Whether the body calls one of these names.
    pub(super) fn has_any_call(&self, names: &[&str]) -> bool {
        self.calls
            .iter()
            .any(|call| names.contains(&call.trim_start_matches('.')))
    }

    /// Whether it belongs to a class.
    pub(super) fn is_method(&self) -> bool {
        self.parameters
            .first()
            .is_some_and(|first| first == "self" || first == "cls")
    }
}

impl Request {
    pub(super) fn path(method: &str, path: impl Into<String>) -> Self {
        Self {
            method: method.to_uppercase(),
            asked: Asked::Path(path.into()),
        }
    }

    /// Whether the path or the name of what is asked has this word.
    pub(super) fn names(&self, word: &str) -> bool {
        match &self.asked {
            Asked::Path(text) | Asked::Name(text) => text.contains(word),
        }
    }
}

impl Class {
    /// Whether one of its bases has one of these words in its name.
    pub(super) fn is_a(&self, words: &[&str]) -> bool {
        self.bases
            .iter()
            .any(|base| words.iter().any(|word| base.contains(word)))
    }
}

impl Call {
    /// The last component of the name.
    pub(super) fn last(&self) -> &str {
        self.name.rsplit(['.', ':']).next().unwrap_or(&self.name)
    }
}
