//! Rust through its grammar: the reference is read as any submission.

#[cfg(test)]
mod tests;

use tree_sitter::Node;

use crate::module::{Call, Function, Module, Request, Route, Test};
use crate::source_reader::{self, SourceReader};
use crate::sql;
use crate::syntax::{Grammar, field, line, text, unquote};
use crate::text::is_constant;

/// Reads a Rust source.
pub(crate) fn read(path: &str, source: &str, is_test: bool) -> Module {
    let mut seen = Seen::default();
    let grammar = Grammar::Rust;
    let mut module = source_reader::read(path, source, is_test, grammar, |code, node, within| {
        let mut reader = Reader {
            code,
            seen: &mut seen,
        };
        reader.read_node(node, within);
    });
    add_entry_point(&mut module);
    module
}

/// Parts of a file that later ones depend on.
#[derive(Default)]
struct Seen {
    /// Attributes since the last thing that is none, and the byte after them.
    attributes: Vec<String>,
    end: usize,
    handles_errors: bool,
}

struct Reader<'all, 'text, 'module> {
    code: &'all mut SourceReader<'text, 'module>,
    seen: &'all mut Seen,
}

impl Reader<'_, '_, '_> {
    fn read_node(&mut self, node: Node, within: Option<usize>) {
        match node.kind() {
            "attribute_item" | "line_comment" => self.attribute(node),
            "use_declaration" => self.import(node),
            "function_item" => self.function(node),
            "call_expression" => self.call(node, within),
            "macro_invocation" => self.invocation(node, within),
            "identifier" | "field_identifier" => self.name(node, within),
            "string_literal" | "raw_string_literal" => self.literal(node, within),
            // A status is a number or a constant of the HTTP crates.
            "integer_literal" | "scoped_identifier" => self.note_refusal(node, within),
            // One is enough to say that errors are handled.
            "try_expression" if !self.seen.handles_errors => {
                self.seen.handles_errors = !self.is_in_test(within);
                self.record("try", node, within, "");
            }
            _ => {}
        }
    }

    fn import(&mut self, node: Node) {
        let path = field(node, "argument", self.code.source);
        let import = path.split("::{").next().unwrap_or("");
        let root = import.split("::").next().unwrap_or("");
        // The root says which crate is used, the path which file.
        self.code
            .module
            .imports
            .extend([root.to_owned(), import.to_owned()]);
    }

    fn function(&mut self, node: Node) {
        let attributes = self.attributes(node);
        let name = field(node, "name", self.code.source);

        let routes = attributes
            .iter()
            .filter(|attribute| attribute.contains("utoipa::path"))
            .map(|attribute| utoipa_route(attribute, name, line(node)));
        self.code.module.routes.extend(routes);

        self.code.open(node, name, test_of(&attributes));
    }

    /// Notes an attribute: it belongs to the thing below, comments apart.
    fn attribute(&mut self, node: Node) {
        if !self.is_next(node) {
            self.seen.attributes.clear();
        }
        if node.kind() == "attribute_item" {
            let attribute = text(node, self.code.source).to_owned();
            self.seen.attributes.push(attribute);
        }
        self.seen.end = node.end_byte();
    }

    /// The attributes right above a node.
    fn attributes(&mut self, node: Node) -> Vec<String> {
        let is_next = self.is_next(node);
        let found = std::mem::take(&mut self.seen.attributes);
        if is_next { found } else { Vec::new() }
    }

    /// True when nothing stands between the last attribute and a node.
    fn is_next(&self, node: Node) -> bool {
        let between = self.code.source.get(self.seen.end..node.start_byte());
        between.is_some_and(|between| between.trim_start().is_empty())
    }

    fn is_in_test(&mut self, within: Option<usize>) -> bool {
        self.code.module.test_mut(within).is_some()
    }

    fn call(&mut self, node: Node, within: Option<usize>) {
        let name = self.callee(node);
        let last = name.rsplit(['.', ':']).next().unwrap_or("");
        let arguments = field(node, "arguments", self.code.source);

        if last == "route" && !self.code.module.is_test {
            self.code
                .module
                .routes
                .extend(axum_route(arguments, line(node)));
        }
        if let Some(function) = self.code.module.function_mut(within) {
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
        let written: String = field(node, "function", self.code.source)
            .split_whitespace()
            .collect();
        let name = written.replace("::<", "<");

        match name.rsplit_once(')') {
            Some((_, method)) => format!("x{method}"),
            None => name,
        }
    }

    fn invocation(&mut self, node: Node, within: Option<usize>) {
        let path = field(node, "macro", self.code.source);
        let name = path.rsplit("::").next().unwrap_or("");
        let asserts = name.starts_with("assert") || name.starts_with("prop_assert");

        if let Some(function) = self.code.module.function_mut(within) {
            function.checks += usize::from(asserts);
            if let Some(test) = &mut function.test
                // `check!` is the habit of tests driven by data.
                && (asserts || name == "panic" || name == "check")
            {
                let condition = text(node, self.code.source)
                    .split_once('!')
                    .map_or("", |(_, rest)| rest.trim_matches(['(', ')']));
                test.check(condition != "true" && !is_constant(condition));
            }
        }

        self.record(&format!("{name}!"), node, within, "");
    }

    fn name(&mut self, node: Node, within: Option<usize>) {
        let name = text(node, self.code.source);
        let rest = self.code.source.get(node.end_byte()..);

        if let Some(function) = self.code.module.function_mut(within) {
            // A macro hides its calls in tokens: every name followed by a parenthesis may be one,
            // but for the name that the function is declared under.
            if rest.is_some_and(|rest| rest.starts_with('(')) && function.name != name {
                function.calls.insert(name.to_owned());
            }
        }
        self.code.name(node, within);
    }

    fn literal(&mut self, node: Node, within: Option<usize>) {
        let written = text(node, self.code.source);
        let content = unquote(written.trim_start_matches('r').trim_matches('#'));

        if sql::is_sql(content) {
            self.record("sql", node, within, content);
        } else if content.starts_with('/')
            && content.len() > 1
            && let Some(test) = self.code.module.test_mut(within)
        {
            let path = content.split('?').next().unwrap_or("");
            test.requests.push(Request::path("ANY", path));
        }
    }

    fn note_refusal(&mut self, node: Node, within: Option<usize>) {
        let word = text(node, self.code.source);
        let is_refusal = ["401", "403"].contains(&word)
            || word.ends_with("UNAUTHORIZED")
            || word.ends_with("FORBIDDEN");

        if let Some(test) = self.code.module.test_mut(within).filter(|_| is_refusal) {
            test.expects_refusal = true;
        }
    }

    fn record(&mut self, name: &str, node: Node, within: Option<usize>, arguments: &str) {
        // The calls of a test of the same file are the business of that test.
        if self.code.module.test_mut(within).is_some() {
            return;
        }

        self.code.record(name, node, within, arguments);
    }
}

fn add_entry_point(module: &mut Module) {
    let main = |one: &&Function| one.name == "main" && one.test.is_none();

    if let Some(main) = module.functions.iter().find(main) {
        let entry = Call {
            name: "__main__".to_owned(),
            line: main.line,
            scope: "main".to_owned(),
            ..Call::default()
        };
        module.record(entry);
    }
}

fn test_of(attributes: &[String]) -> Option<Test> {
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
        .filter(|path| path.is_empty() || path.starts_with('/'))?;
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
