//! Python through its grammar: imports, functions, routes, tests, calls.

mod decorators;
mod requests;
#[cfg(test)]
mod tests;

use tree_sitter::Node;

pub(crate) use decorators::{depends, is_guard};

use super::gates;
use super::module::{Call, Class, Function, Module, Test};
use super::sql;
use super::syntax::{self, Grammar, field, line, text, unquote};

/// Reads a Python source. `first_line` is the line of the file where the text begins, for a cell of
/// a notebook.
pub(super) fn read(path: &str, source: &str, is_test: bool, first_line: usize) -> Module {
    let mut module = Module {
        path: path.to_owned(),
        is_test,
        ..Module::default()
    };
    let Some(tree) = syntax::parse(Grammar::Python, source) else {
        return module;
    };

    let mut reader = Reader {
        source,
        shift: first_line.saturating_sub(1),
        asked: Vec::new(),
        module: &mut module,
    };

    reader.run(tree.root_node());
    let asked = std::mem::take(&mut reader.asked);
    requests::settle(asked, &mut module);
    decorators::routes_by_registration(&mut module);
    module.gates = gates::read(source);

    module
}

struct Reader<'text, 'module> {
    source: &'text str,
    shift: usize,
    /// Requests of the tests and of their helpers, until every assignment is known.
    asked: Vec<requests::Sent>,
    module: &'module mut Module,
}

impl Reader<'_, '_> {
    fn run(&mut self, root: Node) {
        // Functions and classes that are open at this point of the text, with the byte where they
        // end.
        let mut open: Vec<(usize, Option<usize>)> = Vec::new();
        syntax::visit(root, |node| {
            while open
                .last()
                .is_some_and(|(end, _)| node.start_byte() >= *end)
            {
                open.pop();
            }
            let within = open.iter().rev().find_map(|(_, function)| *function);
            match node.kind() {
                "import_statement" | "import_from_statement" => {
                    self.import(node);
                    // The names of modules are no names that the function uses.
                    return false;
                }
                "function_definition" => {
                    let function = self.function(node);
                    open.push((node.end_byte(), Some(function)));
                }
                "class_definition" => {
                    self.class(node);
                    open.push((node.end_byte(), None));
                }
                "call" => self.call(node, within),
                "assert_statement" => self.check(node, within),
                "assignment" | "keyword_argument" => {
                    self.overrides(node, within);
                    self.constant(node);
                }
                "identifier" => self.name(node, within),
                "integer" => self.number(node, within),
                "string" => self.string(node, within),
                "if_statement" if field(node, "condition", self.source).contains("__main__") => {
                    self.record("__main__", node, within, "");
                }
                "try_statement" => self.record("try", node, within, ""),
                _ => {}
            }
            true
        });
    }

    fn line(&self, node: Node) -> usize {
        line(node) + self.shift
    }

    fn import(&mut self, node: Node) {
        let from = field(node, "module_name", self.source).to_owned();
        let mut cursor = node.walk();
        for name in node.children_by_field_name("name", &mut cursor) {
            let (full, alias) = match name.kind() {
                "aliased_import" => (
                    field(name, "name", self.source),
                    field(name, "alias", self.source),
                ),
                _ => (text(name, self.source), text(name, self.source)),
            };

            let full = if from.is_empty() {
                full.to_owned()
            } else {
                format!("{}.{full}", from.trim_start_matches('.'))
            };
            self.module.imports.insert(full.clone());

            if alias != full {
                self.module.aliases.insert(alias.to_owned(), full);
            }
        }

        if !from.is_empty() {
            self.module.imports.insert(from);
        }
    }

    fn function(&mut self, node: Node) -> usize {
        let name = field(node, "name", self.source).to_owned();
        let whole = node
            .parent()
            .filter(|parent| parent.kind() == "decorated_definition")
            .unwrap_or(node);

        let mut function = Function {
            line: self.line(node),
            end: node.end_position().row + 1 + self.shift,
            parameters: self.parameters(node),
            ..Function::default()
        };

        let has_tools = || {
            self.module
                .imports_any(&["pytest", "unittest", "fastapi.testclient"])
        };
        let is_test = name.starts_with("test")
            && (self.module.is_test || (name.starts_with("test_") && has_tools()));

        if is_test {
            function.test = Some(Test::default());
        }

        function.name = name;
        self.decorate(whole, node, &mut function);
        self.module.functions.push(function);

        self.module.functions.len() - 1
    }

    fn parameters(&self, node: Node) -> Vec<String> {
        let Some(list) = node.child_by_field_name("parameters") else {
            return Vec::new();
        };
        let mut cursor = list.walk();

        list.named_children(&mut cursor)
            .map(|parameter| match parameter.child_by_field_name("name") {
                Some(name) => text(name, self.source).to_owned(),
                None => text(parameter, self.source)
                    .split([':', '='])
                    .next()
                    .unwrap_or("")
                    .trim()
                    .to_owned(),
            })
            .collect()
    }

    /// A class is recorded as a call to its bases: an ORM table, a spider, a view.
    fn class(&mut self, node: Node) {
        let name = field(node, "name", self.source).to_owned();
        let Some(list) = node.child_by_field_name("superclasses") else {
            return;
        };
        let mut cursor = list.walk();
        let bases: Vec<String> = list
            .named_children(&mut cursor)
            .map(|base| self.resolve(text(base, self.source)))
            .collect();

        let block = node.child_by_field_name("body");
        let body = block.map_or("", |body| text(body, self.source)).to_owned();

        self.module.classes.push(Class {
            name: name.clone(),
            line: self.line(node),
            end: node.end_position().row + 1 + self.shift,
            bases: bases.clone(),
            body: block.map_or("", |body| whole(body, self.source)).to_owned(),
        });

        for base in bases {
            self.module.calls.push(Call {
                name: format!("class {base}"),
                line: self.line(node),
                scope: name.clone(),
                arguments: body.clone(),
                target: name.clone(),
            });
        }
    }

    fn call(&mut self, node: Node, within: Option<usize>) {
        let Some(callee) = node.child_by_field_name("function") else {
            return;
        };
        let written = dotted(callee, self.source);
        let name = self.resolve(&written);
        let arguments = field(node, "arguments", self.source);
        let last = name.rsplit('.').next().unwrap_or(&name).to_owned();

        self.asks(&last, node, within);
        if let Some(function) = within.and_then(|index| self.module.functions.get_mut(index)) {
            let root = written.split('.').next().unwrap_or("");
            let on_result = callee
                .child_by_field_name("object")
                .is_some_and(|object| object.kind() == "call");
            let is_module =
                self.module.aliases.contains_key(root) || self.module.imports.contains(root);
            let is_method = written.contains('.') && (on_result || !is_module);

            function.calls.insert(if is_method {
                format!(".{last}")
            } else {
                last.clone()
            });

            if let Some(test) = &mut function.test {
                note_test_call(test, &name, &last, node, self.source);
            }
        }

        self.record(&name, node, within, arguments);
    }

    fn record(&mut self, name: &str, node: Node, within: Option<usize>, arguments: &str) {
        let scope = within
            .and_then(|index| self.module.functions.get(index))
            .map_or("", |function| &function.name);
        let target = match node.parent() {
            Some(parent) if parent.kind() == "assignment" => field(parent, "left", self.source),
            _ => "",
        };

        let call = Call {
            name: name.to_owned(),
            line: self.line(node),
            scope: scope.to_owned(),
            arguments: arguments.to_owned(),
            target: target.to_owned(),
        };

        self.module.calls.push(call);
    }

    fn check(&mut self, node: Node, within: Option<usize>) {
        let Some(function) = within.and_then(|index| self.module.functions.get_mut(index)) else {
            return;
        };

        function.checks += 1;
        let Some(test) = function.test.as_mut() else {
            return;
        };
        let condition = node
            .named_child(0)
            .map_or("", |condition| text(condition, self.source));

        if is_always_true(condition) {
            test.empty_checks += 1;
        } else {
            test.checks += 1;
        }
    }

    /// `app.dependency_overrides[api.model] = Fake` replaces `model` for the test that asks for it.
    fn overrides(&mut self, node: Node, within: Option<usize>) {
        let left = field(node, "left", self.source);
        let function = within.and_then(|index| self.module.functions.get_mut(index));
        if let Some((function, (_, rest))) = function.zip(left.split_once("dependency_overrides["))
        {
            let name = rest.trim_end_matches(']');
            function
                .overrides
                .push(name.rsplit('.').next().unwrap_or(name).to_owned());
        }
    }

    fn string(&mut self, node: Node, within: Option<usize>) {
        let content = unquote(text(node, self.source)).to_owned();
        if sql::is_sql(&content) {
            self.record("sql", node, within, &content);
        } else if content == "django_prometheus" {
            self.record("django_prometheus", node, within, "");
        } else if let Some(function) = within.and_then(|index| self.module.functions.get_mut(index))
            && content.ends_with(".sql")
        {
            // A function that names a file of queries runs it.
            function
                .names
                .insert(content.rsplit('/').next().unwrap_or(&content).to_owned());
        }
    }

    fn number(&mut self, node: Node, within: Option<usize>) {
        if ["401", "403"].contains(&text(node, self.source)) {
            self.refuse(within);
        }
    }

    /// A function refuses, or a test expects a refusal.
    fn refuse(&mut self, within: Option<usize>) {
        let Some(function) = within.and_then(|index| self.module.functions.get_mut(index)) else {
            return;
        };
        function.refuses = true;
        if let Some(test) = &mut function.test {
            test.expects_refusal = true;
        }
    }

    fn name(&mut self, node: Node, within: Option<usize>) {
        let name = text(node, self.source);
        if REFUSALS.contains(&name) {
            self.refuse(within);
        }
        if let Some(function) = within.and_then(|index| self.module.functions.get_mut(index)) {
            function.names.insert(name.to_owned());
        }
    }

    fn constant(&mut self, node: Node) {
        let (left, right) = match node.kind() {
            "assignment" => ("left", "right"),
            _ => ("name", "value"),
        };
        let Some(value) = node.child_by_field_name(right) else {
            return;
        };

        if node.kind() == "assignment" {
            let name = field(node, left, self.source);
            let value = if name == "REST_FRAMEWORK" {
                whole(value, self.source)
            } else {
                text(value, self.source)
            };

            self.module
                .assignments
                .push((name.to_owned(), value.to_owned(), self.line(node)));
        }

        if ["string", "integer", "float", "list", "concatenated_string"].contains(&value.kind()) {
            let name = field(node, left, self.source).to_owned();
            self.module.constants.push((
                name,
                text(value, self.source).to_owned(),
                line(value) + self.shift,
            ));
        }
    }

    /// The full name behind the alias that an import gave.
    fn resolve(&self, name: &str) -> String {
        let (first, rest) = name
            .split_once('.')
            .map_or((name, None), |(first, rest)| (first, Some(rest)));
        match (self.module.aliases.get(first), rest) {
            (Some(full), Some(rest)) => format!("{full}.{rest}"),
            (Some(full), None) => full.clone(),
            (None, _) => name.to_owned(),
        }
    }
}

/// The dotted name of a callee; calls in the middle keep their name: `select(x).where` is
/// `select.where`.
fn dotted(callee: Node, source: &str) -> String {
    let mut parts = Vec::new();
    let mut node = callee;
    loop {
        match node.kind() {
            "attribute" => {
                parts.push(field(node, "attribute", source));
                let Some(object) = node.child_by_field_name("object") else {
                    break;
                };
                node = object;
            }
            "call" => {
                let Some(function) = node.child_by_field_name("function") else {
                    break;
                };
                node = function;
            }
            "subscript" => {
                let Some(value) = node.child_by_field_name("value") else {
                    break;
                };
                node = value;
            }
            "identifier" => {
                parts.push(text(node, source));
                break;
            }
            _ => break,
        }
        if parts.len() > 12 {
            break;
        }
    }
    parts.reverse();
    parts.join(".")
}

/// Names by which frameworks refuse a request.
const REFUSALS: [&str; 8] = [
    "HTTP_401_UNAUTHORIZED",
    "HTTP_403_FORBIDDEN",
    "PermissionDenied",
    "NotAuthenticated",
    "AuthenticationFailed",
    "HttpResponseForbidden",
    "Unauthorized",
    "Forbidden",
];

/// Greatest number of bytes of a class or of parameters that are looked at.
const WHOLE_LIMIT: usize = 8 << 10;

/// The text of a node that decides what a thing is: longer than what is kept of a call.
fn whole<'text>(node: Node, source: &'text str) -> &'text str {
    let text = source.get(node.byte_range()).unwrap_or("");
    let end = (0..=text.len().min(WHOLE_LIMIT))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "options", "head"];

fn note_test_call(test: &mut Test, name: &str, last: &str, node: Node, source: &str) {
    let first = first_string(node, source);
    let is_check = (last.starts_with("assert") && last != "assert_")
        || ["raises", "warns", "raise_for_status", "validate"].contains(&last)
        || name.starts_with("np.testing")
        || name.ends_with("pytest.fail")
        || last == "expect"
        || name == "check";
    if is_check {
        let arguments = field(node, "arguments", source);
        let condition = arguments.trim_start_matches('(').trim_end_matches(')');
        if last.starts_with("assertTrue") && is_always_true(condition) {
            test.empty_checks += 1;
        } else if last.starts_with("assert_") && (last.contains("call") || last.contains("await")) {
            test.mock_checks += 1;
        } else {
            test.checks += 1;
        }
    }
    if last == "patch" || last == "object" && name.contains("patch") || last == "setattr" {
        test.replaced.extend(first.map(str::to_owned));
        if last != "patch" {
            let arguments = field(node, "arguments", source);
            test.replaced
                .extend(arguments.split(['"', '\'']).nth(1).map(str::to_owned));
        }
    }
}

fn first_string<'text>(call: Node, source: &'text str) -> Option<&'text str> {
    let arguments = call.child_by_field_name("arguments")?;
    let mut cursor = arguments.walk();
    arguments
        .named_children(&mut cursor)
        .find(|argument| argument.kind() == "string")
        .map(|node| unquote(text(node, source)))
}

fn is_always_true(condition: &str) -> bool {
    let condition = condition
        .trim()
        .trim_start_matches('(')
        .trim_end_matches(')');
    if condition.contains(" in ") || condition.contains(" not ") {
        return false;
    }

    if let Some((left, right)) = condition.split_once("==") {
        return left.trim() == right.trim();
    }

    matches!(condition, "True" | "1" | "not False" | "true")
        || (condition.starts_with('"')
            && condition.ends_with('"')
            && condition.matches('"').count() == 2)
}
