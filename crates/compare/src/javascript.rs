//! JavaScript and TypeScript through their grammars: imports, functions, routes, tests, calls.

mod checks;
#[cfg(test)]
mod tests;

use tree_sitter::Node;

use crate::guards::is_guard;
use crate::module::{Call, Function, Module, Route, Test};
use crate::sql;
use crate::syntax::{self, Grammar, Scopes, end_line, field, line, text, unquote};
use crate::text::is_name;

/// Names of the objects that routes are declared on.
const SERVERS: [&str; 5] = ["app", "router", "server", "fastify", "api"];

/// Reads a source of JavaScript, or of TypeScript when its path says so.
pub(crate) fn read(path: &str, source: &str, is_test: bool) -> Module {
    let mut module = Module::new(path, is_test);
    let Some(tree) = syntax::parse(grammar(path), source) else {
        return module;
    };

    let mut reader = Reader {
        source,
        scopes: Scopes::default(),
        module: &mut module,
    };
    syntax::visit(tree.root_node(), |node| {
        reader.read_node(node);
        true
    });
    module
}

fn grammar(path: &str) -> Grammar {
    let is_typed = [".ts", ".tsx", ".mts", ".vue"]
        .iter()
        .any(|ending| path.ends_with(ending));
    if is_typed {
        Grammar::TypeScript
    } else {
        Grammar::JavaScript
    }
}

struct Reader<'text, 'module> {
    source: &'text str,
    scopes: Scopes,
    module: &'module mut Module,
}

impl<'text> Reader<'text, '_> {
    fn read_node(&mut self, node: Node) {
        let within = self.scopes.around(node);

        match node.kind() {
            "import_statement" => self.import(node),
            "function_declaration" | "method_definition" => self.function(node),
            "variable_declarator" => self.variable(node, within),
            "call_expression" => match self.test_name(node) {
                Some(name) => self.test(node, name),
                None => self.call(node, within),
            },
            // Names of properties count: `client.token` uses a token.
            "identifier" | "property_identifier" => self.name(node, within),
            "number" => self.number(node, within),
            "try_statement" => self.record("try", node, within, ""),
            "jsx_opening_element" if text(node, self.source).starts_with("<form") => {
                self.record("jsx form", node, within, "");
            }
            "jsx_element" | "jsx_self_closing_element" => self.component(node, within),
            "template_string" | "string" => self.string(node, within),
            _ => {}
        }
    }

    fn import(&mut self, node: Node) {
        let package = unquote(field(node, "source", self.source));

        syntax::visit(node, |name| {
            if name.kind() == "identifier" {
                let imported = format!("{package}/{}", text(name, self.source));
                self.module.imports.insert(imported);
            }
            true
        });
        self.module.imports.insert(package.to_owned());
    }

    /// Opens the function that a node declares under its own name.
    fn function(&mut self, node: Node) {
        let name = field(node, "name", self.source);
        self.open(node, name, None);
    }

    fn open(&mut self, node: Node, name: &str, test: Option<Test>) {
        let function = self.module.declare(Function {
            name: name.to_owned(),
            line: line(node),
            end: end_line(node),
            test,
            ..Function::default()
        });
        self.scopes.open(node, function);
    }

    fn variable(&mut self, node: Node, within: Option<usize>) {
        let value = node
            .child_by_field_name("value")
            .map_or("", |value| value.kind());

        if field(node, "value", self.source).contains(".fn(") {
            // `const save = vi.fn()` hides whatever bears that name.
            let name = field(node, "name", self.source);
            if let Some(test) = self.module.test_mut(within) {
                test.replaced.push(name.to_owned());
            }
        } else if ["arrow_function", "function_expression"].contains(&value) {
            self.function(node);
        }
    }

    /// The name of the test that `test("…", () => …)` or `it("…", …)` declares.
    fn test_name(&self, node: Node) -> Option<&'text str> {
        const TESTS: [&str; 6] = ["test", "it", "test.each", "it.each", "test.only", "it.only"];

        let name = node
            .child_by_field_name("arguments")
            .filter(|_| TESTS.contains(&field(node, "function", self.source)))?
            .named_child(0)
            .filter(|name| ["string", "template_string"].contains(&name.kind()))?;
        Some(unquote(text(name, self.source)))
    }

    fn test(&mut self, node: Node, name: &str) {
        self.open(node, name, Some(Test::default()));
    }

    fn call(&mut self, node: Node, within: Option<usize>) {
        let (name, last) = self.callee(node);
        let arguments = field(node, "arguments", self.source);
        let literal = first_literal(arguments);

        if name == "require" {
            self.module.imports.extend(literal.map(str::to_owned));
        }
        if let Some(function) = self.module.function_mut(within) {
            function.calls.insert(last.clone());
            if let Some(test) = &mut function.test {
                checks::note(test, &name, &last, literal, arguments);
            }
        }
        if let Some(path) = literal.filter(|path| self.declares_route(&name, &last, path)) {
            let route = route(&last, path, arguments, line(node));
            self.module.routes.push(route);
        }

        self.record(&name, node, within, arguments);
    }

    /// The name of a callee, and its last part. A chain keeps its beginning and its end:
    /// `request(app).get` is `request.get`.
    fn callee(&self, node: Node) -> (String, String) {
        let written: String = field(node, "function", self.source)
            .split(['\n', ' '])
            .collect();
        let last = written
            .rsplit('.')
            .next()
            .unwrap_or("")
            .trim_matches(['?', ')'])
            .to_owned();

        match written.split_once('(') {
            Some((start, _)) => (format!("{start}.{last}"), last),
            None => (written, last),
        }
    }

    fn declares_route(&self, name: &str, last: &str, path: &str) -> bool {
        let server = name.split_once('.').map_or("", |(server, _)| server);
        !self.module.is_test
            && SERVERS.contains(&server)
            && checks::METHODS.contains(&last)
            && path.starts_with('/')
    }

    fn name(&mut self, node: Node, within: Option<usize>) {
        if let Some(function) = self.module.function_mut(within) {
            function.names.insert(text(node, self.source).to_owned());
        }
    }

    fn number(&mut self, node: Node, within: Option<usize>) {
        // Only tests are asked here: guards of servers are known by their name.
        let is_refusal = ["401", "403"].contains(&text(node, self.source));
        if let Some(test) = self.module.test_mut(within).filter(|_| is_refusal) {
            test.expects_refusal = true;
        }
    }

    /// The first component of a file stands for all of them.
    fn component(&mut self, node: Node, within: Option<usize>) {
        if !self.module.calls.iter().any(|call| call.name == "jsx") {
            self.record("jsx", node, within, text(node, self.source));
        }
    }

    fn string(&mut self, node: Node, within: Option<usize>) {
        let content = unquote(text(node, self.source));
        if sql::is_sql(content) {
            self.record("sql", node, within, content);
        }
    }

    fn record(&mut self, name: &str, node: Node, within: Option<usize>, arguments: &str) {
        let call = Call {
            name: name.to_owned(),
            line: line(node),
            scope: self.module.scope(within),
            arguments: arguments.to_owned(),
            target: String::new(),
        };
        self.module.calls.push(call);
    }
}

/// The literal that arguments begin with.
fn first_literal(arguments: &str) -> Option<&str> {
    const QUOTES: [char; 3] = ['"', '\'', '`'];

    arguments
        .trim_start_matches('(')
        .trim_start()
        .strip_prefix(QUOTES)?
        .split(QUOTES)
        .next()
}

fn route(method: &str, path: &str, arguments: &str, line: usize) -> Route {
    let parts = arguments
        .trim_matches(['(', ')'])
        .split(',')
        .skip(1)
        .map(str::trim);

    // Middleware stands before the function that answers.
    let is_protected = parts
        .clone()
        .take_while(|part| !part.contains("=>") && !part.contains("function"))
        .any(is_guard);
    let handler = parts.filter(|part| is_name(part, "._")).last();
    let handler = handler.unwrap_or("");

    Route {
        method: method.to_uppercase(),
        path: path.to_owned(),
        line,
        handler: handler.rsplit('.').next().unwrap_or("").to_owned(),
        is_protected,
        is_page: arguments.contains(".render("),
        ..Route::default()
    }
}
