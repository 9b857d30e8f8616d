//! The requests that tests and their helpers send: by a path, by a variable that holds it, by the
//! name of a route.

use std::collections::HashMap;

use tree_sitter::Node;

use crate::module::{Asked, Module, Request};
use crate::syntax::{text, unquote};

/// Methods of HTTP, as clients and routers name them.
pub(super) const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "options", "head"];

/// A request as written, and the function that sends it.
pub(super) struct Sent {
    function: usize,
    method: String,
    /// Its first argument.
    asked: String,
}

/// The request of a call such as `client.get(url)`.
pub(super) fn sent(last: &str, call: Node, function: usize, source: &str) -> Option<Sent> {
    let first = call
        .child_by_field_name("arguments")
        .filter(|_| METHODS.contains(&last))?
        .named_child(0)?;
    let first = match first.kind() {
        // `client.get(url="/x")`
        "keyword_argument" => first.child_by_field_name("value").unwrap_or(first),
        _ => first,
    };

    Some(Sent {
        function,
        method: last.to_owned(),
        asked: text(first, source).to_owned(),
    })
}

/// Gives each request to its function, once every assignment of the file is known.
pub(super) fn settle(sent: Vec<Sent>, module: &mut Module) {
    if sent.is_empty() {
        return;
    }
    let mut variables: HashMap<String, Asked> = HashMap::new();
    for one in &module.assignments {
        // The first value that is a path counts.
        if let Some(asked) = direct(&one.value) {
            variables.entry(one.name.clone()).or_insert(asked);
        }
    }

    for one in sent {
        let asked = direct(&one.asked).or_else(|| variables.get(&one.asked).cloned());
        let Some(asked) = asked else {
            continue;
        };
        let request = Request {
            method: one.method.to_uppercase(),
            asked,
        };

        if let Some(function) = module.function_mut(Some(one.function)) {
            match &mut function.test {
                Some(test) => test.requests.push(request),
                None => function.requests.push(request),
            }
        }
    }
}

/// The route that a text asks for by itself.
fn direct(text: &str) -> Option<Asked> {
    let name = named(text).map(Asked::Name);
    name.or_else(|| path(text).map(Asked::Path))
}

/// `reverse("films:liste")` and `url_for("liste")`, without the name of the application.
fn named(text: &str) -> Option<String> {
    let (_, call) = ["reverse(", "reverse_lazy(", "url_for("]
        .iter()
        .find_map(|start| text.split_once(start))?;
    let name = call
        .trim_start()
        .strip_prefix(['"', '\''])?
        .split(['"', '\''])
        .next()?;
    Some(name.rsplit([':', '.']).next().unwrap_or(name).to_owned())
}

/// The path in a literal, without host, variable host and query.
fn path(text: &str) -> Option<String> {
    if !text.trim_start_matches(['f', 'r']).starts_with(['"', '\'']) {
        // `BASE + "/predict"`
        let (_, literal) = text.split_once("+ ")?;
        return path(literal);
    }

    let address = unquote(text);
    if !(address.starts_with(['/', '{']) || address.contains("://")) {
        return None;
    }

    let path = address.split_once("://").map_or(address, |(_, rest)| {
        rest.find('/').map_or("/", |slash| &rest[slash..])
    });
    let path = path.split('?').next().unwrap_or(path);

    // `f"{BASE_URL}/predict"`
    let path = path
        .strip_prefix('{')
        .and_then(|rest| rest.split_once('}'))
        .map_or(path, |(_, rest)| rest);
    path.starts_with('/').then(|| path.to_owned())
}
