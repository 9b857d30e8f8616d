//! The requests that tests and their helpers send: by a path, by a variable that holds it, by the
//! name of a route.

use tree_sitter::Node;

use super::{METHODS, Reader};
use crate::module::{Asked, Module, Request};
use crate::syntax::{text, unquote};

/// A request as written, and the function that sends it.
pub(super) struct Sent {
    function: usize,
    method: String,
    /// Its first argument.
    asked: String,
}

impl Reader<'_, '_> {
    /// Notes a call such as `client.get(url)` in a test or a helper of the tests.
    pub(super) fn asks(&mut self, last: &str, call: Node, within: Option<usize>) {
        let Some(function) = within else { return };
        let counts = self.module.is_test
            || self
                .module
                .functions
                .get(function)
                .is_some_and(|one| one.test.is_some());

        if !counts || !METHODS.contains(&last) {
            return;
        }

        let arguments = call.child_by_field_name("arguments");
        let first = arguments
            .and_then(|arguments| arguments.named_child(0))
            .map(|first| match first.kind() {
                "keyword_argument" => first.child_by_field_name("value").unwrap_or(first),
                _ => first,
            });

        if let Some(first) = first {
            let asked = text(first, self.source).to_owned();
            self.asked.push(Sent {
                function,
                method: last.to_owned(),
                asked,
            });
        }
    }
}

/// Gives each request to its function, once every assignment of the file is known.
pub(super) fn settle(sent: Vec<Sent>, module: &mut Module) {
    for Sent {
        function,
        method,
        asked,
    } in sent
    {
        let Some(asked) = meaning(&asked, module) else {
            continue;
        };
        let request = Request {
            method: method.to_uppercase(),
            asked,
        };

        let Some(function) = module.functions.get_mut(function) else {
            continue;
        };

        match &mut function.test {
            Some(test) => test.requests.push(request),
            None => function.requests.push(request),
        }
    }
}

/// What an argument asks for, itself or through the variable that it names.
fn meaning(asked: &str, module: &Module) -> Option<Asked> {
    let direct = |text: &str| {
        named(text)
            .map(Asked::Name)
            .or_else(|| path(text).map(Asked::Path))
    };

    direct(asked).or_else(|| {
        let is_variable = asked
            .chars()
            .all(|letter| letter.is_alphanumeric() || "_.".contains(letter));
        let mut given = module
            .assignments
            .iter()
            .filter(|(left, ..)| is_variable && left == asked);
        given.find_map(|(_, right, _)| direct(right))
    })
}

/// `reverse("films:liste")` and `url_for("liste")`, without the name of the application.
fn named(text: &str) -> Option<String> {
    let call = ["reverse(", "reverse_lazy(", "url_for("]
        .iter()
        .find_map(|start| text.split_once(start))?
        .1;
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

    let path = unquote(text);
    if !(path.starts_with(['/', '{']) || path.contains("://")) {
        return None;
    }

    let path = path.split_once("://").map_or(path, |(_, rest)| {
        rest.find('/').map_or("/", |slash| &rest[slash..])
    });
    let path = path.split('?').next().unwrap_or(path);

    // `f"{BASE_URL}/predict"`
    let path = path.strip_prefix('{').map_or(path, |rest| {
        rest.split_once('}').map_or(path, |(_, rest)| rest)
    });
    path.starts_with('/').then(|| path.to_owned())
}
