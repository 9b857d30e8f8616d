//! JavaScript and TypeScript through their grammars: imports, functions, routes, tests, calls.

#[cfg(test)]
mod tests;

use tree_sitter::Node;

use super::module::{Call, Function, Module, Request, Route, Test};
use super::python::is_guard;
use super::syntax::{self, Grammar, field, line, text, unquote};

const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "all"];

/// Reads a source of JavaScript, or of TypeScript when its path says so.
pub(super) fn read(path: &str, source: &str, is_test: bool) -> Module {
    let mut module = Module {
        path: path.to_owned(),
        is_test,
        ..Module::default()
    };
    let typed = path.ends_with(".ts")
        || path.ends_with(".tsx")
        || path.ends_with(".mts")
        || path.ends_with(".vue");
    let grammar = if typed {
        Grammar::TypeScript
    } else {
        Grammar::JavaScript
    };
    let Some(tree) = syntax::parse(grammar, source) else {
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
            "import_statement" => {
                let package = unquote(field(node, "source", source)).to_owned();
                syntax::visit(node, |name| {
                    if name.kind() == "identifier" {
                        module
                            .imports
                            .insert(format!("{package}/{}", text(name, source)));
                    }
                    true
                });
                module.imports.insert(package);
            }
            "variable_declarator" if field(node, "value", source).contains(".fn(") => {
                // `const save = vi.fn()` hides whatever bears that name.
                let test = within
                    .and_then(|index| module.functions.get_mut(index))
                    .and_then(|found| found.test.as_mut());
                if let Some(test) = test {
                    test.replaced.push(field(node, "name", source).to_owned());
                }
            }
            "function_declaration" | "method_definition" => {
                open.push((
                    node.end_byte(),
                    declare(&mut module, node, field(node, "name", source)),
                ));
            }
            "variable_declarator" => {
                let value = node
                    .child_by_field_name("value")
                    .map_or("", |value| value.kind());
                if ["arrow_function", "function_expression"].contains(&value) {
                    open.push((
                        node.end_byte(),
                        declare(&mut module, node, field(node, "name", source)),
                    ));
                }
            }
            "call_expression" => {
                if let Some(test) = test_of(node, source) {
                    let index = declare(&mut module, node, test);
                    if let Some(function) = module.functions.get_mut(index) {
                        function.test = Some(Test::default());
                    }
                    open.push((node.end_byte(), index));
                } else {
                    call(&mut module, node, within, source);
                }
            }
            "identifier" | "property_identifier" => {
                if let Some(function) = within.and_then(|index| module.functions.get_mut(index)) {
                    function.names.insert(text(node, source).to_owned());
                }
            }
            "try_statement" => push(&mut module, "try", node, within, String::new()),
            "jsx_opening_element" if text(node, source).starts_with("<form") => {
                push(&mut module, "jsx form", node, within, String::new())
            }
            "jsx_element" | "jsx_self_closing_element"
                if !module.calls.iter().any(|call| call.name == "jsx") =>
            {
                push(
                    &mut module,
                    "jsx",
                    node,
                    within,
                    text(node, source).to_owned(),
                );
            }
            "number" => {
                let test = within
                    .and_then(|index| module.functions.get_mut(index))
                    .and_then(|found| found.test.as_mut());
                if let Some(test) = test.filter(|_| ["401", "403"].contains(&text(node, source))) {
                    test.expects_refusal = true;
                }
            }
            "template_string" | "string" if super::sql::is_sql(unquote(text(node, source))) => {
                push(
                    &mut module,
                    "sql",
                    node,
                    within,
                    unquote(text(node, source)).to_owned(),
                );
            }
            _ => {}
        }
        true
    });
    module
}

fn declare(module: &mut Module, node: Node, name: &str) -> usize {
    let function = Function {
        name: name.to_owned(),
        line: line(node),
        end: node.end_position().row + 1,
        ..Function::default()
    };
    module.functions.push(function);
    module.functions.len() - 1
}

fn push(module: &mut Module, name: &str, node: Node, within: Option<usize>, arguments: String) {
    let scope = within
        .and_then(|index| module.functions.get(index))
        .map_or("", |function| &function.name)
        .to_owned();
    module.calls.push(Call {
        name: name.to_owned(),
        line: line(node),
        scope,
        arguments,
        target: String::new(),
    });
}

/// The name of the test that `test("…", () => …)` or `it("…", …)` declares.
fn test_of<'text>(node: Node, source: &'text str) -> Option<&'text str> {
    let callee = field(node, "function", source);
    if !["test", "it", "test.each", "it.each", "test.only", "it.only"].contains(&callee) {
        return None;
    }
    let arguments = node.child_by_field_name("arguments")?;
    let name = arguments
        .named_child(0)
        .filter(|name| ["string", "template_string"].contains(&name.kind()))?;
    Some(unquote(text(name, source)))
}

fn call(module: &mut Module, node: Node, within: Option<usize>, source: &str) {
    let written: String = field(node, "function", source).split(['\n', ' ']).collect();
    let last = written
        .rsplit('.')
        .next()
        .unwrap_or("")
        .trim_matches(['?', ')'])
        .to_owned();
    // A chain keeps its beginning and its end: `request(app).get` is `request.get`.
    let name = match written.split_once('(') {
        Some((start, _)) => format!("{start}.{last}"),
        None => written,
    };
    let arguments = field(node, "arguments", source).to_owned();
    let first = arguments.trim_start_matches('(').trim_start();
    let literal = if first.starts_with(['"', '\'', '`']) {
        first.split(['"', '\'', '`']).nth(1)
    } else {
        None
    };
    if name == "require" {
        module.imports.extend(literal.map(str::to_owned));
    }
    if let Some(function) = within.and_then(|index| module.functions.get_mut(index)) {
        function.calls.insert(last.clone());
        if let Some(test) = &mut function.test {
            note(test, &name, &last, literal, &arguments);
        }
    }
    let is_server = ["app", "router", "server", "fastify", "api"]
        .iter()
        .any(|server| name.starts_with(&format!("{server}.")));
    if is_server
        && METHODS.contains(&last.as_str())
        && !module.is_test
        && let Some(path) = literal.filter(|path| path.starts_with('/'))
    {
        module.routes.push(route(&last, path, &arguments, node));
    }
    push(module, &name, node, within, arguments);
}

fn route(method: &str, path: &str, arguments: &str, node: Node) -> Route {
    let parts = arguments
        .trim_matches(['(', ')'])
        .split(',')
        .skip(1)
        .map(str::trim);
    let is_protected = parts
        .clone()
        .take_while(|part| !part.contains("=>") && !part.contains("function"))
        .any(is_guard);

    let handler = parts
        .filter(|part| {
            part.chars()
                .all(|letter| letter.is_alphanumeric() || "._".contains(letter))
        })
        .last();

    Route {
        method: method.to_uppercase(),
        path: path.to_owned(),
        line: line(node),
        handler: handler
            .unwrap_or("")
            .rsplit('.')
            .next()
            .unwrap_or("")
            .to_owned(),
        is_protected,
        is_page: arguments.contains(".render("),
        ..Route::default()
    }
}

fn note(test: &mut Test, name: &str, last: &str, literal: Option<&str>, arguments: &str) {
    if (METHODS.contains(&last) || name == "fetch")
        && let Some(path) = literal.filter(|path| path.contains('/'))
    {
        let path = path.split_once("://").map_or(path, |(_, rest)| {
            rest.find('/').map_or("/", |at| &rest[at..])
        });
        let path = path.rsplit('}').next().unwrap_or(path);
        test.requests.push(Request::path(
            if name == "fetch" { "GET" } else { last },
            path,
        ));
    }
    match last {
        "expect" | "assert" => {
            let condition = arguments.trim_matches(['(', ')']).trim();
            if ["true", "1"].contains(&condition) {
                test.empty_checks += 1
            } else {
                test.checks += 1
            }
        }
        "mock" => test.replaced.extend(literal.map(str::to_owned)),
        _ if name.starts_with("assert.") => test.checks += 1,
        _ => {}
    }
}
