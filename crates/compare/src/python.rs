//! Python through its grammar: imports, functions, routes, tests, calls.

mod checks;
mod decorators;
mod registrations;
mod requests;
#[cfg(test)]
mod tests;

use tree_sitter::Node;

use crate::gates;
use crate::lexicon::CODE;
use crate::limits::NAME;
use crate::module::{Assignment, Call, Class, Function, Module, Route, Test};
use crate::sql;
use crate::syntax::{self, Grammar, Scopes, end_line, field, line, long_text, text, unquote};
use crate::text::{cut, file_name};

/// Longest dotted name that is followed, in parts.
const NAME_LIMIT: usize = 12;

/// Reads a Python source. `first_line` is the line of the file where the text begins, for a cell of
/// a notebook.
pub(crate) fn read(path: &str, source: &str, is_test: bool, first_line: usize) -> Module {
    let mut module = Module::of_source(path, is_test, source);
    let Some(tree) = syntax::parse(Grammar::Python, source) else {
        return module;
    };

    let mut reader = Reader {
        source,
        shift: first_line.saturating_sub(1),
        sent: Vec::new(),
        module: &mut module,
    };
    reader.read_tree(tree.root_node());

    let sent = reader.sent;
    requests::settle(sent, &mut module);
    registrations::add_routes(&mut module);
    module.gates = gates::read(source);
    module
}

struct Reader<'text, 'module> {
    source: &'text str,
    shift: usize,
    /// Requests of the tests and of their helpers, until every assignment is known.
    sent: Vec<requests::Sent>,
    module: &'module mut Module,
}

impl Reader<'_, '_> {
    fn read_tree(&mut self, root: Node) {
        let mut scopes = Scopes::default();

        syntax::visit(root, |node, parent| {
            let within = scopes.around(node);
            match node.kind() {
                "import_statement" | "import_from_statement" => {
                    self.import(node);
                    // The names of modules are no names that the function uses.
                    return false;
                }
                // The decorators of a function stand outside it, its parameters inside.
                "function_definition" => scopes.open(node, self.function(node, parent)),
                "call" => self.call(node, parent, within),
                "class_definition" => self.class(node, parent),
                _ => self.read_node(node, within),
            }
            true
        });
    }

    fn read_node(&mut self, node: Node, within: Option<usize>) {
        match node.kind() {
            "assert_statement" => self.check(node, within),
            "assignment" => self.assignment(node, within),
            "keyword_argument" => self.keyword(node),
            // Every name counts: a function given to another one runs too.
            "identifier" => self.name(node, within),
            "integer" => self.number(node, within),
            "string" => self.string(node, within),
            "if_statement" if field(node, "condition", self.source).contains("__main__") => {
                self.record("__main__", node, None, within, "");
            }
            "try_statement" => self.record("try", node, None, within, ""),
            _ => {}
        }
    }

    fn line(&self, node: Node) -> usize {
        line(node) + self.shift
    }

    fn import(&mut self, node: Node) {
        let from = field(node, "module_name", self.source);
        let mut cursor = node.walk();

        for name in node.children_by_field_name("name", &mut cursor) {
            self.import_name(from, name);
        }

        if !from.is_empty() {
            self.module.imports.insert(from.to_owned());
        }
    }

    fn import_name(&mut self, from: &str, name: Node) {
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

    fn function(&mut self, node: Node, parent: Option<Node>) -> usize {
        let name = cut(field(node, "name", self.source), NAME).to_owned();
        let mut function = Function {
            line: self.line(node),
            end: end_line(node) + self.shift,
            parameters: self.parameters(node),
            test: self.is_test(&name).then(Test::default),
            name,
            ..Function::default()
        };

        let decorated = parent
            .filter(|parent| parent.kind() == "decorated_definition")
            .unwrap_or(node);
        for mut route in decorators::decorate(decorated, node, self.source, &mut function) {
            route.line += self.shift;
            self.module.routes.push(route);
        }

        self.module.declare(function)
    }

    /// A test outside the files of tests is one only beside a tool that runs it.
    fn is_test(&self, name: &str) -> bool {
        name.starts_with("test")
            && (self.module.is_test
                || (name.starts_with("test_")
                    && self.module.imports_any(&CODE.packages.test_tools)))
    }

    fn parameters(&self, node: Node) -> Vec<String> {
        let Some(list) = node.child_by_field_name("parameters") else {
            return Vec::new();
        };

        let name = |parameter: Node| match parameter.child_by_field_name("name") {
            Some(name) => text(name, self.source),
            None => text(parameter, self.source)
                .split([':', '='])
                .next()
                .unwrap_or("")
                .trim(),
        };
        let mut cursor = list.walk();
        list.named_children(&mut cursor)
            .map(|parameter| name(parameter).to_owned())
            .collect()
    }

    /// A class is recorded as a call to its bases: an ORM table, a spider, a view.
    fn class(&mut self, node: Node, parent: Option<Node>) {
        if let Some(decorated) = parent.filter(|parent| parent.kind() == "decorated_definition") {
            let routes = decorators::class_routes(decorated, node, self.source);
            self.module
                .routes
                .extend(routes.into_iter().map(|route| Route {
                    line: route.line + self.shift,
                    ..route
                }));
        }
        let Some(list) = node.child_by_field_name("superclasses") else {
            return;
        };
        let name = field(node, "name", self.source);
        let body = node.child_by_field_name("body");
        let bases = self.bases(list);

        for base in &bases {
            self.module.record(Call {
                name: format!("class {base}"),
                line: self.line(node),
                scope: name.to_owned(),
                arguments: body.map_or("", |body| text(body, self.source)).to_owned(),
                target: name.to_owned(),
            });
        }

        self.module.classes.push(Class {
            name: name.to_owned(),
            line: self.line(node),
            end: end_line(node) + self.shift,
            bases,
            body: body
                .map_or("", |body| long_text(body, self.source))
                .to_owned(),
        });
    }

    fn bases(&self, list: Node) -> Vec<String> {
        let mut cursor = list.walk();
        list.named_children(&mut cursor)
            .map(|base| self.resolve(text(base, self.source)))
            .collect()
    }

    fn call(&mut self, node: Node, parent: Option<Node>, within: Option<usize>) {
        let Some(callee) = node.child_by_field_name("function") else {
            return;
        };
        let written = dotted(callee, self.source);
        let name = self.resolve(&written);
        let last = name.rsplit('.').next().unwrap_or(&name);

        if let Some(function) = within {
            self.note_request(last, node, function);
        }
        // A method is noted with a dot: only methods answer to it.
        let is_method = self.is_method(&written, callee);
        if let Some(function) = self.module.function_mut(within) {
            let called = if is_method { "." } else { "" };
            function.calls.insert(format!("{called}{last}"));

            if let Some(test) = &mut function.test {
                checks::note(test, &name, last, node, self.source);
            }
        }

        let arguments = field(node, "arguments", self.source);
        self.record(&name, node, parent, within, arguments);
    }

    /// True when a callee is a method of an object, rather than a function of a module.
    fn is_method(&self, written: &str, callee: Node) -> bool {
        let root = written.split('.').next().unwrap_or("");
        let is_module =
            self.module.aliases.contains_key(root) || self.module.imports.contains(root);
        let is_on_result = callee
            .child_by_field_name("object")
            .is_some_and(|object| object.kind() == "call");

        written.contains('.') && (is_on_result || !is_module)
    }

    /// Notes a call such as `client.get(url)` in a test or a helper of the tests.
    fn note_request(&mut self, last: &str, node: Node, function: usize) {
        let is_test = |one: &Function| one.test.is_some();
        if self.module.is_test || self.module.functions.get(function).is_some_and(is_test) {
            self.sent
                .extend(requests::sent(last, node, function, self.source));
        }
    }

    fn record(
        &mut self,
        name: &str,
        node: Node,
        parent: Option<Node>,
        within: Option<usize>,
        arguments: &str,
    ) {
        let assigned = parent.map_or("", |parent| match parent.kind() {
            "assignment" => field(parent, "left", self.source),
            // `with httpx.Client() as client:`
            "as_pattern" => field(parent, "alias", self.source),
            _ => "",
        });

        let call = Call {
            name: name.to_owned(),
            line: self.line(node),
            scope: self.module.scope(within),
            arguments: arguments.to_owned(),
            target: assigned.to_owned(),
        };
        self.module.record(call);
    }

    fn check(&mut self, node: Node, within: Option<usize>) {
        let condition = node
            .named_child(0)
            .map_or("", |condition| text(condition, self.source));
        let Some(function) = self.module.function_mut(within) else {
            return;
        };

        function.checks += 1;
        if let Some(test) = &mut function.test {
            test.check(!checks::is_always_true(condition));
        }
    }

    fn assignment(&mut self, node: Node, within: Option<usize>) {
        let name = field(node, "left", self.source);
        self.note_override(name, within);
        let Some(value) = node.child_by_field_name("right") else {
            return;
        };

        // The settings of Django REST are longer than the part kept of other values.
        let written = if name == "REST_FRAMEWORK" {
            long_text(value, self.source)
        } else {
            text(value, self.source)
        };
        self.module.assign(Assignment {
            name: name.to_owned(),
            value: written.to_owned(),
            line: self.line(node),
        });
        self.constant(name, value);
    }

    /// `app.dependency_overrides[api.model] = Fake` replaces `model` for the test that asks for it.
    fn note_override(&mut self, left: &str, within: Option<usize>) {
        let function = self.module.function_mut(within);
        let overridden = left.split_once("dependency_overrides[");

        if let Some((function, (_, rest))) = function.zip(overridden) {
            let name = rest.trim_end_matches(']');
            let last = name.rsplit('.').next().unwrap_or(name);
            function.overrides.push(last.to_owned());
        }
    }

    fn keyword(&mut self, node: Node) {
        if let Some(value) = node.child_by_field_name("value") {
            self.constant(field(node, "name", self.source), value);
        }
    }

    fn constant(&mut self, name: &str, value: Node) {
        const LITERALS: [&str; 5] = ["string", "integer", "float", "list", "concatenated_string"];

        if LITERALS.contains(&value.kind()) {
            self.module.add_constant(Assignment {
                name: name.to_owned(),
                value: text(value, self.source).to_owned(),
                line: self.line(value),
            });
        }
    }

    fn string(&mut self, node: Node, within: Option<usize>) {
        let content = unquote(text(node, self.source));

        if sql::is_sql(content) {
            self.record("sql", node, None, within, content);
        } else if content == "django_prometheus" {
            self.record("django_prometheus", node, None, within, "");
        } else if content.ends_with(".sql")
            && let Some(function) = self.module.function_mut(within)
        {
            // A function that names a file of queries runs it.
            function.names.insert(file_name(content).to_owned());
        }
    }

    fn number(&mut self, node: Node, within: Option<usize>) {
        // A test that expects one of these expects a refusal; a view that gives one refuses.
        if ["401", "403"].contains(&text(node, self.source)) {
            self.refuse(within);
        }
    }

    fn name(&mut self, node: Node, within: Option<usize>) {
        let name = text(node, self.source);
        if CODE.guards.refusals.has(name) {
            self.refuse(within);
        }
        if let Some(function) = self.module.function_mut(within) {
            function.names.insert(name.to_owned());
        }
    }

    /// A function refuses, or a test expects a refusal.
    fn refuse(&mut self, within: Option<usize>) {
        if let Some(function) = self.module.function_mut(within) {
            function.refuses = true;
            if let Some(test) = &mut function.test {
                test.expects_refusal = true;
            }
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
    let mut next = Some(callee);

    while let Some(node) = next
        && parts.len() <= NAME_LIMIT
    {
        next = match node.kind() {
            "attribute" => {
                parts.push(field(node, "attribute", source));
                node.child_by_field_name("object")
            }
            "call" => node.child_by_field_name("function"),
            "subscript" => node.child_by_field_name("value"),
            "identifier" => {
                parts.push(text(node, source));
                None
            }
            _ => None,
        };
    }

    parts.reverse();
    parts.join(".")
}
