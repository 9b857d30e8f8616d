//! Rust through its grammar: the reference is read as any submission.

#[cfg(test)]
mod tests;

use tree_sitter::Node;

use crate::module::{Call, Function, Module, Request, Route, Test};
use crate::sql;
use crate::syntax::{self, Grammar, Scopes, end_line, field, line, text, unquote};

/// Reads a Rust source.
pub(crate) fn read(path: &str, source: &str, is_test: bool) -> Module {
    let mut module = Module::new(path, is_test);
    let Some(tree) = syntax::parse(Grammar::Rust, source) else {
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
    reader.add_entry_point();
    module
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
            "use_declaration" => self.import(node),
            "function_item" => self.function(node),
            "call_expression" => self.call(node, within),
            "macro_invocation" => self.invocation(node, within),
            "identifier" | "field_identifier" => self.name(node, within),
            "string_literal" | "raw_string_literal" => self.literal(node, within),
            // A status is a number or a constant of the HTTP crates.
            "integer_literal" | "scoped_identifier" => self.note_refusal(node, within),
            // One is enough to say that errors are handled.
            "try_expression" if !self.module.calls.iter().any(|call| call.name == "try") => {
                self.record("try", node, within, "");
            }
            _ => {}
        }
    }

    fn import(&mut self, node: Node) {
        let path = field(node, "argument", self.source);
        let import = path.split("::{").next().unwrap_or("");
        let root = import.split("::").next().unwrap_or("");
        // The root says which crate is used, the path which file.
        self.module
            .imports
            .extend([root.to_owned(), import.to_owned()]);
    }

    fn function(&mut self, node: Node) {
        let attributes = attributes(node, self.source);
        let name = field(node, "name", self.source);

        let routes = attributes
            .iter()
            .filter(|attribute| attribute.contains("utoipa::path"))
            .map(|attribute| utoipa_route(attribute, name, line(node)));
        self.module.routes.extend(routes);

        let function = self.module.declare(Function {
            name: name.to_owned(),
            line: line(node),
            end: end_line(node),
            test: test_of(&attributes),
            ..Function::default()
        });
        self.scopes.open(node, function);
    }

    fn call(&mut self, node: Node, within: Option<usize>) {
        let name = self.callee(node);
        let last = name.rsplit(['.', ':']).next().unwrap_or("");
        let arguments = field(node, "arguments", self.source);

        if last == "route" && !self.module.is_test {
            self.module.routes.extend(axum_route(arguments, line(node)));
        }
        if let Some(function) = self.module.function_mut(within) {
            // A test that unwraps an error fails.
            let is_check = ["unwrap", "expect", "unwrap_err"].contains(&last);
            if let Some(test) = function.test.as_mut().filter(|_| is_check) {
                test.checks += 1;
            }
            function.calls.insert(last.to_owned());
        }

        self.record(&name, node, within, arguments);
    }

    /// The name of a callee; a method of a result keeps its own name only: `open(x)?.read` is
    /// `x.read`.
    fn callee(&self, node: Node) -> String {
        let written: String = field(node, "function", self.source)
            .split_whitespace()
            .collect();
        let name = written.replace("::<", "<");

        match name.rsplit_once(')') {
            Some((_, method)) => format!("x{method}"),
            None => name,
        }
    }

    fn invocation(&mut self, node: Node, within: Option<usize>) {
        let path = field(node, "macro", self.source);
        let name = path.rsplit("::").next().unwrap_or("");
        let asserts = name.starts_with("assert") || name.starts_with("prop_assert");

        if let Some(function) = self.module.function_mut(within) {
            function.checks += usize::from(asserts);
            if let Some(test) = &mut function.test
                // `check!` is the habit of tests driven by data.
                && (asserts || name == "panic" || name == "check")
            {
                let condition = text(node, self.source)
                    .split_once('!')
                    .map_or("", |(_, rest)| rest.trim_matches(['(', ')']));
                test.check(condition != "true");
            }
        }

        self.record(&format!("{name}!"), node, within, "");
    }

    fn name(&mut self, node: Node, within: Option<usize>) {
        let name = text(node, self.source);
        let rest = self.source.get(node.end_byte()..);

        if let Some(function) = self.module.function_mut(within) {
            // A macro hides its calls in tokens: every name followed by a parenthesis may be one.
            if rest.is_some_and(|rest| rest.starts_with('(')) {
                function.calls.insert(name.to_owned());
            }
            function.names.insert(name.to_owned());
        }
    }

    fn literal(&mut self, node: Node, within: Option<usize>) {
        let written = text(node, self.source);
        let content = unquote(written.trim_start_matches('r').trim_matches('#'));

        if sql::is_sql(content) {
            self.record("sql", node, within, content);
        } else if content.starts_with('/')
            && content.len() > 1
            && let Some(test) = self.module.test_mut(within)
        {
            let path = content.split('?').next().unwrap_or("");
            test.requests.push(Request::path("ANY", path));
        }
    }

    fn note_refusal(&mut self, node: Node, within: Option<usize>) {
        let word = text(node, self.source);
        let is_refusal = ["401", "403"].contains(&word)
            || word.ends_with("UNAUTHORIZED")
            || word.ends_with("FORBIDDEN");

        if let Some(test) = self.module.test_mut(within).filter(|_| is_refusal) {
            test.expects_refusal = true;
        }
    }

    fn record(&mut self, name: &str, node: Node, within: Option<usize>, arguments: &str) {
        // The calls of a test of the same file are the business of that test.
        if self.module.test_mut(within).is_some() {
            return;
        }

        let call = Call {
            name: name.to_owned(),
            line: line(node),
            scope: self.module.scope(within),
            arguments: arguments.to_owned(),
            target: String::new(),
        };
        self.module.calls.push(call);
    }

    fn add_entry_point(&mut self) {
        let main = |one: &&Function| one.name == "main" && one.test.is_none();

        if let Some(main) = self.module.functions.iter().find(main) {
            let entry = Call {
                name: "__main__".to_owned(),
                line: main.line,
                scope: "main".to_owned(),
                ..Call::default()
            };
            self.module.calls.push(entry);
        }
    }
}

fn attributes<'text>(node: Node, source: &'text str) -> Vec<&'text str> {
    let siblings = std::iter::successors(node.prev_sibling(), Node::prev_sibling)
        .take_while(|one| ["attribute_item", "line_comment"].contains(&one.kind()));
    siblings
        .filter(|one| one.kind() == "attribute_item")
        .map(|one| text(one, source))
        .collect()
}

fn test_of(attributes: &[&str]) -> Option<Test> {
    let is_test = attributes.iter().any(|one| is_test_attribute(one));
    is_test.then(|| Test {
        is_skipped: attributes.iter().any(|one| one.contains("ignore")),
        ..Test::default()
    })
}

/// `#[test]`, `#[tokio::test(…)]`, `#[rstest]`: the last word of the path.
fn is_test_attribute(attribute: &str) -> bool {
    let path = attribute
        .trim_start_matches("#[")
        .split(['(', ']'])
        .next()
        .unwrap_or("");
    ["test", "rstest", "test_case"].contains(&path.rsplit("::").next().unwrap_or("").trim())
}

/// `#[utoipa::path(get, path = "/v1/x", security(("token" = [])))]`.
fn utoipa_route(attribute: &str, handler: &str, line: usize) -> Route {
    let inside = attribute.split_once('(').map_or("", |(_, inside)| inside);
    let method = inside.split(',').next().unwrap_or("get").trim();
    let path = inside
        .split_once("path")
        .and_then(|(_, rest)| rest.split('"').nth(1))
        .unwrap_or("");

    Route {
        method: method.to_uppercase(),
        path: path.to_owned(),
        line,
        handler: handler.to_owned(),
        is_protected: inside.contains("security"),
        ..Route::default()
    }
}

/// `.route("/x", get(films::list))`.
fn axum_route(arguments: &str, line: usize) -> Option<Route> {
    let path = arguments
        .trim_start_matches('(')
        .trim_start()
        .strip_prefix('"')?
        .split('"')
        .next()
        .filter(|path| path.starts_with('/'))?;
    let handler = arguments.rsplit('(').next().unwrap_or("");
    let handler = handler.trim_end_matches(')');
    // Routers of several methods are rare, and their POST is the one to protect.
    let method = if arguments.contains("post(") {
        "POST"
    } else {
        "GET"
    };

    Some(Route {
        method: method.to_owned(),
        path: path.to_owned(),
        line,
        handler: handler.rsplit("::").next().unwrap_or("").to_owned(),
        ..Route::default()
    })
}
