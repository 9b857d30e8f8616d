//! The checks of a test, the names that it replaces and the requests that it sends, call by call.

use crate::module::{Request, Test};
use crate::text::is_constant;

/// Methods of HTTP, as clients and servers name them.
pub(super) const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "all"];

/// Notes a call of a test: a request, a check, a replaced name, or nothing of them.
pub(super) fn note(
    test: &mut Test,
    name: &str,
    last: &str,
    literal: Option<&str>,
    arguments: &str,
) {
    let method = if name == "fetch" { "get" } else { last };
    if let Some(path) = literal.filter(|path| METHODS.contains(&method) && path.contains('/')) {
        test.requests.push(Request::path(method, path_of(path)));
    }

    match last {
        "expect" | "assert" => {
            let condition = arguments.trim_matches(['(', ')']).trim();
            test.check(condition != "true" && !is_constant(condition));
        }
        // `jest.mock("./api")` and `vi.mock(…)` replace a whole module.
        "mock" => test.replaced.extend(literal.map(str::to_owned)),
        // Node has its own assertions: `assert.equal(…)`.
        _ if name.starts_with("assert.") => test.check(!is_constant(arguments)),
        _ => {}
    }
}

/// The path of an address, without host nor variable host: `${BASE}/predict`.
fn path_of(address: &str) -> &str {
    let path = address.split_once("://").map_or(address, |(_, rest)| {
        rest.find('/').map_or("/", |at| &rest[at..])
    });
    // A template literal begins with its variable host.
    path.rsplit('}').next().unwrap_or(path)
}
