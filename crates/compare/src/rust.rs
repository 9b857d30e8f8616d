//! Rust through its grammar: the reference is read as any submission.

#[cfg(test)]
mod tests;

use tree_sitter::Node;

use super::module::{Call, Function, Module, Request, Route, Test};
use super::syntax::{self, Grammar, field, line, text, unquote};

/// Reads a Rust source.
pub(super) fn read(path: &str, source: &str, is_test: bool) -> Module {
    let mut module = Module {
        path: path.to_owned(),
        is_test,
        ..Module::default()
    };
    let Some(tree) = syntax::parse(Grammar::Rust, source) else {
        return module;
    };
    let mut open: Vec<(usize, usize)> = Vec::new();
    syntax::visit(tree.root_node(), |node| {
        while open
            .last()
            .is_some_and(|(end, _)| node.start_byte() >= *end)
        {
            open.pop();
        }
        let within = open.last().map(|(_, function)| *function);
        match node.kind() {
            "use_declaration" => {
                let import = field(node, "argument", source)
                    .split("::{")
                    .next()
                    .unwrap_or("")
                    .to_owned();
                module
                    .imports
                    .insert(import.split("::").next().unwrap_or("").to_owned());
                module.imports.insert(import);
            }
            "function_item" => {
                let attributes = attributes(node, source);
                let name = field(node, "name", source).to_owned();
                let is_test = attributes
                    .iter()
                    .any(|attribute| is_test_attribute(attribute));
                let function = Function {
                    line: line(node),
                    end: node.end_position().row + 1,
                    test: is_test.then(|| Test {
                        is_skipped: attributes
                            .iter()
                            .any(|attribute| attribute.contains("ignore")),
                        ..Test::default()
                    }),
                    name: name.clone(),
                    ..Function::default()
                };
                for attribute in attributes
                    .iter()
                    .filter(|attribute| attribute.contains("utoipa::path"))
                {
                    module
                        .routes
                        .push(utoipa_route(attribute, &name, line(node)));
                }
                module.functions.push(function);
                open.push((node.end_byte(), module.functions.len() - 1));
            }
            "call_expression" => call(&mut module, node, within, source),
            "macro_invocation" => invocation(&mut module, node, within, source),
            "identifier" | "field_identifier" => {
                if let Some(function) = within.and_then(|index| module.functions.get_mut(index)) {
                    let name = text(node, source).to_owned();
                    // A macro hides its calls in tokens: every name followed by a parenthesis may
                    // be one.
                    if source
                        .get(node.end_byte()..)
                        .is_some_and(|rest| rest.starts_with('('))
                    {
                        function.calls.insert(name.clone());
                    }
                    function.names.insert(name);
                }
            }
            "string_literal" | "raw_string_literal" => literal(&mut module, node, within, source),
            "integer_literal" | "scoped_identifier" => {
                let word = text(node, source);
                let refusal = ["401", "403"].contains(&word)
                    || word.ends_with("UNAUTHORIZED")
                    || word.ends_with("FORBIDDEN");
                if let Some(test) = test_in(&mut module, within).filter(|_| refusal) {
                    test.expects_refusal = true;
                }
            }
            "try_expression" if !module.calls.iter().any(|call| call.name == "try") => {
                push(&mut module, "try", node, within, String::new());
            }
            _ => {}
        }
        true
    });
    if module
        .functions
        .iter()
        .any(|function| function.name == "main" && function.test.is_none())
    {
        let line = module
            .functions
            .iter()
            .find(|function| function.name == "main")
            .map_or(1, |function| function.line);
        let entry = Call {
            name: "__main__".to_owned(),
            line,
            scope: "main".to_owned(),
            arguments: String::new(),
            target: String::new(),
        };
        module.calls.push(entry);
    }
    module
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

fn attributes<'text>(node: Node, source: &'text str) -> Vec<&'text str> {
    let mut found = Vec::new();
    let mut before = node.prev_sibling();
    while let Some(sibling) =
        before.filter(|sibling| ["attribute_item", "line_comment"].contains(&sibling.kind()))
    {
        if sibling.kind() == "attribute_item" {
            found.push(text(sibling, source));
        }
        before = sibling.prev_sibling();
    }
    found
}

/// `#[utoipa::path(get, path = "/v1/x", security(("token" = [])))]`.
fn utoipa_route(attribute: &str, handler: &str, line: usize) -> Route {
    let inside = attribute.split_once('(').map_or("", |(_, inside)| inside);
    let method = inside
        .split(',')
        .next()
        .unwrap_or("get")
        .trim()
        .to_uppercase();

    let path = inside
        .split_once("path")
        .and_then(|(_, rest)| rest.split('"').nth(1))
        .unwrap_or("")
        .to_owned();

    Route {
        method,
        path,
        line,
        handler: handler.to_owned(),
        is_protected: inside.contains("security"),
        ..Route::default()
    }
}

fn call(module: &mut Module, node: Node, within: Option<usize>, source: &str) {
    let callee = field(node, "function", source);
    let name: String = callee
        .split_whitespace()
        .collect::<String>()
        .replace("::<", "<");
    let short = match name.rsplit_once(')') {
        Some((_, method)) => format!("x{method}"),
        None => name.clone(),
    };
    let arguments = field(node, "arguments", source).to_owned();
    let last = short.rsplit(['.', ':']).next().unwrap_or("").to_owned();
    let first = arguments.split('"').nth(1).filter(|_| {
        arguments
            .trim_start_matches('(')
            .trim_start()
            .starts_with('"')
    });
    if last == "route"
        && !module.is_test
        && let Some(path) = first.filter(|path| path.starts_with('/'))
    {
        let handler = arguments
            .rsplit('(')
            .next()
            .unwrap_or("")
            .trim_end_matches(')')
            .rsplit("::")
            .next()
            .unwrap_or("");
        let method = if arguments.contains("post(") {
            "POST"
        } else {
            "GET"
        };
        let route = Route {
            method: method.to_owned(),
            path: path.to_owned(),
            line: line(node),
            handler: handler.to_owned(),
            ..Route::default()
        };
        module.routes.push(route);
    }
    if let Some(function) = within.and_then(|index| module.functions.get_mut(index)) {
        // A test that unwraps fails on what it unwraps.
        if let Some(test) = function
            .test
            .as_mut()
            .filter(|_| ["unwrap", "expect", "unwrap_err"].contains(&last.as_str()))
        {
            test.checks += 1;
        }
        function.calls.insert(last);
    }
    push(module, &short, node, within, arguments);
}

fn invocation(module: &mut Module, node: Node, within: Option<usize>, source: &str) {
    let name = field(node, "macro", source)
        .rsplit("::")
        .next()
        .unwrap_or("")
        .to_owned();
    let checks = name.starts_with("assert") || name.starts_with("prop_assert");
    if let Some(function) = within
        .and_then(|index| module.functions.get_mut(index))
        .filter(|_| checks)
    {
        function.checks += 1;
    }
    if let Some(test) = test_in(module, within)
        && (name.starts_with("assert")
            || name.starts_with("prop_assert")
            || name == "panic"
            || name == "check")
    {
        let condition = text(node, source)
            .split_once('!')
            .map_or("", |(_, rest)| rest.trim_matches(['(', ')']));
        if condition == "true" {
            test.empty_checks += 1
        } else {
            test.checks += 1
        }
    }
    push(module, &format!("{name}!"), node, within, String::new());
}

fn literal(module: &mut Module, node: Node, within: Option<usize>, source: &str) {
    let content = unquote(text(node, source).trim_start_matches('r').trim_matches('#')).to_owned();
    if super::sql::is_sql(&content) {
        push(module, "sql", node, within, content);
    } else if content.starts_with('/')
        && content.len() > 1
        && let Some(test) = test_in(module, within)
    {
        let path = content.split('?').next().unwrap_or("").to_owned();
        test.requests.push(Request::path("ANY", path));
    }
}

fn test_in(module: &mut Module, within: Option<usize>) -> Option<&mut Test> {
    within
        .and_then(|index| module.functions.get_mut(index))
        .and_then(|function| function.test.as_mut())
}

fn push(module: &mut Module, name: &str, node: Node, within: Option<usize>, arguments: String) {
    let function = within.and_then(|index| module.functions.get(index));
    // What a test of the same file calls is the business of that test.
    if function.is_some_and(|function| function.test.is_some()) {
        return;
    }

    let scope = function.map_or("", |function| &function.name).to_owned();

    module.calls.push(Call {
        name: name.to_owned(),
        line: line(node),
        scope,
        arguments,
        target: String::new(),
    });
}
