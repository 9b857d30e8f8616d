//! One file of code as its reader understood it, whatever its language.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use crate::fact::{Fact, FactKind};
use crate::lexicon::Words;
use crate::limits::{IMPORTED, KEPT_OF_A_BYTE, KEPT_OF_A_FILE};
use crate::text::last_name;

/// A file of code.
#[derive(Debug, Default)]
pub(crate) struct Module {
    pub(crate) path: String,
    pub(crate) is_test: bool,
    pub(crate) is_notebook: bool,
    /// Full names of its imports, such as `pandas` or `app.extract.fetch`.
    pub(crate) imports: BTreeSet<String>,
    /// Full names behind the names that its imports give.
    pub(crate) aliases: BTreeMap<String, String>,
    pub(crate) functions: Vec<Function>,
    pub(crate) classes: Vec<Class>,
    pub(crate) routes: Vec<Route>,
    pub(crate) calls: Vec<Call>,
    /// Literals given to constants, columns and arguments.
    pub(crate) constants: Vec<Assignment>,
    /// Every assignment as written.
    pub(crate) assignments: Vec<Assignment>,
    /// Thresholds a measure is held to: measure, number.
    pub(crate) gates: Vec<(String, String)>,
    pub(crate) facts: Vec<Fact>,
    /// Bytes of calls and assignments that may still be kept.
    room: usize,
    /// Calls or assignments were left out.
    pub(crate) is_cut: bool,
}

/// A name and the value that it is given, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) line: usize,
}

/// A function or a method.
#[derive(Debug, Default, Clone)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) end: usize,
    pub(crate) parameters: Vec<String>,
    /// Every identifier of the body.
    pub(crate) names: BTreeSet<String>,
    /// Identifiers the body calls, last component only; a method of an unknown object begins with a
    /// dot.
    pub(crate) calls: BTreeSet<String>,
    pub(crate) is_fixture: bool,
    /// Requests a helper of the tests sends.
    pub(crate) requests: Vec<Request>,
    /// It answers 401 or 403, itself or in a function inside.
    pub(crate) refuses: bool,
    /// A decorator or a dependency asks who calls.
    pub(crate) is_guarded: bool,
    /// Dependencies of the application that it overrides, test or fixture.
    pub(crate) overrides: Vec<String>,
    /// Checks it makes, test or helper.
    pub(crate) checks: usize,
    pub(crate) test: Option<Test>,
}

/// The part of a function that makes it a test.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Test {
    /// Checks that depend on a value.
    pub(crate) checks: usize,
    /// Checks that cannot fail, such as `assert True`.
    pub(crate) empty_checks: usize,
    /// Checks that only ask whether a replaced thing was called.
    pub(crate) mock_checks: usize,
    pub(crate) requests: Vec<Request>,
    /// Full or short names of the things it replaces.
    pub(crate) replaced: Vec<String>,
    /// It expects a refusal: 401 or 403.
    pub(crate) expects_refusal: bool,
    pub(crate) is_skipped: bool,
}

/// A request that a test sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// In capitals.
    pub(crate) method: String,
    pub(crate) asked: Asked,
}

/// The thing that a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    Path(String),
    /// The name of a route, as `reverse` and `url_for` take it.
    Name(String),
}

/// A class.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Class {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) end: usize,
    /// Full names of its bases.
    pub(crate) bases: Vec<String>,
    /// The beginning of its body.
    pub(crate) body: String,
}

/// A route of an HTTP service.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) method: String,
    /// Path as declared, prefix of its router included where it is known.
    pub(crate) path: String,
    pub(crate) line: usize,
    /// The object that it is declared on, such as `router`.
    pub(crate) router: String,
    /// The function or the class that answers.
    pub(crate) handler: String,
    /// The name by which tests and templates may ask for it.
    pub(crate) name: String,
    /// Functions and types that its parameters and decorators name: one of them may ask who calls.
    pub(crate) dependencies: Vec<String>,
    pub(crate) is_protected: bool,
    /// It answers a page rather than data.
    pub(crate) is_page: bool,
}

/// A call, by the full name that the imports give it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) scope: String,
    /// Its arguments, as written, cut at 400 bytes.
    pub(crate) arguments: String,
    /// The name its result is given, if any.
    pub(crate) target: String,
}

impl Module {
    pub(crate) fn new(path: &str, is_test: bool) -> Self {
        Self::of_source(path, is_test, "")
    }

    /// A module that keeps so much of the calls of a source, and no more: calls inside calls repeat
    /// their text.
    pub(crate) fn of_source(path: &str, is_test: bool, source: &str) -> Self {
        Self {
            path: path.to_owned(),
            is_test,
            room: KEPT_OF_A_FILE + KEPT_OF_A_BYTE * source.len(),
            ..Self::default()
        }
    }

    /// Keeps a call, unless there are too many.
    pub(crate) fn record(&mut self, call: Call) {
        let texts = [&call.name, &call.scope, &call.arguments, &call.target];
        let length: usize = texts.iter().map(|text| text.len()).sum();
        if self.has_room(size_of::<Call>() + length) {
            self.calls.push(call);
        }
    }

    /// Keeps an assignment, unless there are too many.
    pub(crate) fn assign(&mut self, assignment: Assignment) {
        if self.has_room(assignment.size()) {
            self.assignments.push(assignment);
        }
    }

    /// Keeps a literal, unless there are too many.
    pub(crate) fn add_constant(&mut self, constant: Assignment) {
        if self.has_room(constant.size()) {
            self.constants.push(constant);
        }
    }

    fn has_room(&mut self, bytes: usize) -> bool {
        let left = self.room.checked_sub(bytes);
        self.is_cut |= left.is_none();
        self.room = left.unwrap_or(0);
        left.is_some()
    }

    /// Adds the content of the next cell of a notebook: its cells are one program.
    pub(crate) fn append(&mut self, cell: Self) {
        self.imports.extend(cell.imports);
        self.aliases.extend(cell.aliases);
        self.functions.extend(cell.functions);
        self.classes.extend(cell.classes);
        self.routes.extend(cell.routes);
        self.calls.extend(cell.calls);
        self.constants.extend(cell.constants);
        self.assignments.extend(cell.assignments);
        self.gates.extend(cell.gates);
        self.is_cut |= cell.is_cut;
    }

    /// True when it imports a package, or something of it.
    pub(crate) fn imports(&self, package: &str) -> bool {
        // They are sorted: those that begin alike stand together.
        let alike = self
            .imports
            .range::<str, _>((Bound::Included(package), Bound::Unbounded));
        let rests = alike.map_while(|import| import.strip_prefix(package));
        let mut rests = rests.take(IMPORTED);
        rests.any(|rest| rest.is_empty() || rest.starts_with(['.', '/', ':']))
    }

    pub(crate) fn imports_any(&self, packages: &Words) -> bool {
        packages.iter().any(|package| self.imports(package))
    }

    /// The last part of its path without extension, or its folder when that part says nothing.
    pub(crate) fn stem(&self) -> &str {
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

    /// True when its path has one of these words, in a folder or in its name.
    pub(crate) fn path_has(&self, words: &Words) -> bool {
        words.any_in(&format!("/{}", self.path).to_ascii_lowercase())
    }

    pub(crate) fn has_fact(&self, kind: FactKind) -> bool {
        self.facts.iter().any(|fact| fact.kind == kind)
    }

    /// The function at an index, if the place of the text is inside one.
    pub(crate) fn function_mut(&mut self, index: Option<usize>) -> Option<&mut Function> {
        self.functions.get_mut(index?)
    }

    /// The test at an index, if the place of the text is inside one.
    pub(crate) fn test_mut(&mut self, index: Option<usize>) -> Option<&mut Test> {
        self.function_mut(index)?.test.as_mut()
    }

    /// Adds a function, and gives its index.
    pub(crate) fn declare(&mut self, function: Function) -> usize {
        self.functions.push(function);
        self.functions.len() - 1
    }

    /// The name of the function at an index; empty at the top of the file.
    pub(crate) fn scope(&self, index: Option<usize>) -> String {
        let function = index.and_then(|index| self.functions.get(index));
        function
            .map(|function| function.name.clone())
            .unwrap_or_default()
    }

    /// A fact at the place of a call.
    pub(crate) fn call_fact(&self, kind: FactKind, call: &Call, what: impl Into<String>) -> Fact {
        Fact::new(kind, &self.path, call.line, &call.scope, what)
    }

    /// A fact at the place of a function.
    pub(crate) fn function_fact(
        &self,
        kind: FactKind,
        function: &Function,
        what: impl Into<String>,
    ) -> Fact {
        Fact::new(kind, &self.path, function.line, &function.name, what)
    }
}

impl Assignment {
    fn size(&self) -> usize {
        size_of::<Self>() + self.name.len() + self.value.len()
    }
}

impl Function {
    /// True when the body calls this name, as a function or as a method.
    pub(crate) fn has_call(&self, name: &str) -> bool {
        self.calls.contains(name) || self.calls.contains(&format!(".{name}"))
    }

    /// True when the body calls one of these names.
    pub(crate) fn has_any_call(&self, names: &Words) -> bool {
        !self.calls.is_empty() && names.iter().any(|name| self.has_call(name))
    }

    /// True when it belongs to a class.
    pub(crate) fn is_method(&self) -> bool {
        self.parameters
            .first()
            .is_some_and(|first| first == "self" || first == "cls")
    }

    /// The test that it is, if it checks a value and is not skipped.
    pub(crate) fn checking_test(&self) -> Option<&Test> {
        self.test
            .as_ref()
            .filter(|test| test.checks > 0 && !test.is_skipped)
    }
}

impl Test {
    /// Counts a check, by whether it can fail.
    pub(crate) fn check(&mut self, can_fail: bool) {
        if can_fail {
            self.checks += 1;
        } else {
            self.empty_checks += 1;
        }
    }

    /// Short names of the things it replaces.
    pub(crate) fn replaced_names(&self) -> BTreeSet<&str> {
        self.replaced.iter().map(|name| last_name(name)).collect()
    }
}

impl Request {
    pub(crate) fn path(method: &str, path: impl Into<String>) -> Self {
        Self {
            method: method.to_uppercase(),
            asked: Asked::Path(path.into()),
        }
    }

    /// True when the path or the name that is asked for has this word.
    pub(crate) fn names(&self, word: &str) -> bool {
        match &self.asked {
            Asked::Path(text) | Asked::Name(text) => text.contains(word),
        }
    }
}

impl Class {
    /// True when one of its bases has one of these words in its name.
    pub(crate) fn is_a(&self, words: &Words) -> bool {
        self.bases.iter().any(|base| words.any_in(base))
    }
}

impl Call {
    /// The last component of the name.
    pub(crate) fn last(&self) -> &str {
        self.name.rsplit(['.', ':']).next().unwrap_or(&self.name)
    }

    /// The first argument, as written.
    pub(crate) fn first_argument(&self) -> &str {
        self.arguments
            .trim_start_matches('(')
            .split([',', ')'])
            .next()
            .unwrap_or("")
            .trim()
    }
}
