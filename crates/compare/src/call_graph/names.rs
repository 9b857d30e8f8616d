//! Names of functions, paths of routes and paths of programs: when two of them mean the same thing.

use std::collections::BTreeSet;

use crate::module::Module;

/// Names that say nothing of which function is meant.
const COMMON: [&str; 44] = [
    "get",
    "post",
    "put",
    "delete",
    "run",
    "main",
    "load",
    "save",
    "read",
    "write",
    "predict",
    "fit",
    "transform",
    "execute",
    "close",
    "open",
    "connect",
    "commit",
    "add",
    "update",
    "create",
    "new",
    "from",
    "into",
    "build",
    "process",
    "call",
    "send",
    "json",
    "find",
    "filter",
    "all",
    "list",
    "client",
    "setup",
    "start",
    "stop",
    "parse",
    "format",
    "count",
    "insert",
    "select",
    "check",
    "render",
];

pub(super) fn is_common(name: &str) -> bool {
    name.len() <= 3 || COMMON.contains(&name)
}

/// What a module imports, by the last two parts of each name.
pub(super) struct Imports<'all> {
    pairs: BTreeSet<(&'all str, &'all str)>,
}

impl<'all> Imports<'all> {
    pub(super) fn of(module: &'all Module) -> Self {
        let pair = |import: &'all String| {
            let mut parts = import.rsplit(['.', '/', ':']).filter(|part| {
                !part.is_empty() && !["js", "jsx", "ts", "tsx", "vue", "mjs"].contains(part)
            });
            (parts.next().unwrap_or(""), parts.next().unwrap_or(""))
        };
        Self {
            pairs: module.imports.iter().map(pair).collect(),
        }
    }

    /// Names of files that may be meant.
    pub(super) fn files(&self) -> impl Iterator<Item = &'all str> + '_ {
        self.pairs
            .iter()
            .flat_map(|(last, before)| [*last, *before])
    }

    /// Whether another module is imported whole, or this name of it.
    pub(super) fn has(&self, other: &Module, name: &str) -> bool {
        let stem = other.stem();

        self.pairs
            .range((stem, "")..)
            .next()
            .is_some_and(|(last, _)| *last == stem)
            || self
                .pairs
                .range((name, "")..)
                .take_while(|(last, _)| *last == name)
                .any(|(_, before)| {
                    // A package re-exports the names of the files inside.
                    *before == stem
                        || other
                            .path
                            .split('/')
                            .rev()
                            .skip(1)
                            .any(|folder| folder == *before)
                })
    }
}

/// Whether the path of a request is that of a route; prefixes of routers and hosts are forgiven.
pub(super) fn is_same_path(route: &str, request: &str) -> bool {
    let parts = |path: &str| {
        path.split('/')
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };

    let (route, request) = (parts(route), parts(request));

    if route.is_empty() || request.is_empty() {
        return route.is_empty() && request.is_empty();
    }

    let is_variable =
        |part: &str| part.contains('{') || part.starts_with(['<', ':', '(']) || part.contains('<');
    if route.len() > request.len() || route.iter().all(|part| is_variable(part)) {
        return false;
    }

    let shift = request.len() - route.len();
    // Only a prefix such as `/api/v1` may stand before the route.
    let prefix_is_plain = request[..shift].iter().all(|part| !is_variable(part)) && shift <= 3;
    let same = |(left, right): (&String, &String)| {
        left == right || is_variable(left) || is_variable(right)
    };

    prefix_is_plain
        && route.iter().zip(&request[shift..]).all(same)
        && (shift == 0 || route.first().is_some_and(|first| !is_variable(first)))
}

/// How many folders two paths share.
pub(super) fn nearness(left: &str, right: &str) -> usize {
    let folders = |path: &str| {
        path.rsplit_once('/')
            .map_or(String::new(), |(folder, _)| folder.to_owned())
    };
    let (left, right) = (folders(left), folders(right));
    left.split('/')
        .zip(right.split('/'))
        .take_while(|(left, right)| left == right && !left.is_empty())
        .count()
}

/// Whether a command's program is the file at `path`: `scripts/train.py`, or `-m ml.train`.
pub(super) fn is_program(script: &str, line: &str, path: &str) -> bool {
    let file = if line.contains(" -m ") {
        format!("{}.py", script.replace('.', "/"))
    } else {
        script.trim_start_matches("./").to_owned()
    };
    path == file || path.ends_with(&format!("/{file}"))
}
