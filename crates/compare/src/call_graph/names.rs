//! Names of functions, paths of routes and paths of programs: when two of them mean the same thing.

use std::collections::BTreeSet;

use crate::lexicon::CODE;
use crate::limits::IMPORTED;
use crate::module::Module;
use crate::text::folders;

/// Greatest number of parts of a prefix such as `/api/v1` before the path of a route.
pub(super) const PREFIX: usize = 3;

/// True when a name says nothing of which function is meant.
pub(super) fn is_common(name: &str) -> bool {
    // Short names are shared by all.
    name.len() <= 3 || CODE.names.common.has(name)
}

/// The imports of a module, by the last two parts of each name.
pub(super) struct Imports<'all> {
    pairs: BTreeSet<(&'all str, &'all str)>,
}

impl<'all> Imports<'all> {
    pub(super) fn of(module: &'all Module) -> Self {
        const EXTENSIONS: [&str; 6] = ["js", "jsx", "ts", "tsx", "vue", "mjs"];

        let pair = |import: &'all String| {
            let mut parts = import
                .rsplit(['.', '/', ':'])
                .filter(|part| !part.is_empty() && !EXTENSIONS.contains(part));
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

    /// True when another module is imported whole, or this name of it.
    pub(super) fn has(&self, other: &Module, name: &str) -> bool {
        let stem = other.stem();
        let is_whole = self.ending_with(stem).next().is_some();

        // A package re-exports the names of the files inside.
        is_whole
            || self
                .ending_with(name)
                .take(IMPORTED)
                .any(|before| before == stem || folders(&other.path).any(|one| one == before))
    }

    /// The part before the last one, for each import whose last part is `last`.
    fn ending_with<'name>(
        &'name self,
        last: &'name str,
    ) -> impl Iterator<Item = &'all str> + 'name {
        self.pairs
            .range((last, "")..)
            .take_while(move |(found, _)| *found == last)
            .map(|(_, before)| *before)
    }
}

/// True when the path of a request is that of a route; prefixes of routers and hosts are forgiven.
/// Both are cut into their parts.
pub(super) fn is_same_path(route: &[&str], request: &[&str]) -> bool {
    if route.is_empty() || request.is_empty() {
        return route.is_empty() && request.is_empty();
    }
    if route.len() > request.len() || route.iter().all(|part| is_variable(part)) {
        return false;
    }

    let (prefix, own) = request.split_at(request.len() - route.len());
    may_precede(prefix, route) && route.iter().zip(own).all(|(left, right)| fits(left, right))
}

pub(super) fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

/// Only a prefix such as `/api/v1` may stand before a route.
fn may_precede(prefix: &[&str], route: &[&str]) -> bool {
    prefix.is_empty()
        || (prefix.len() <= PREFIX
            && !prefix.iter().any(|part| is_variable(part))
            && !is_variable(route[0]))
}

fn fits(left: &str, right: &str) -> bool {
    left == right || is_variable(left) || is_variable(right)
}

fn is_variable(part: &str) -> bool {
    part.contains(['{', '<']) || part.starts_with([':', '('])
}

/// The file of a command's program: `scripts/train.py`, or `ml/train.py` for `-m ml.train`.
pub(super) fn file_of_program(program: &str, line: &str) -> String {
    if line.contains(" -m ") {
        format!("{}.py", program.replace('.', "/"))
    } else {
        program.trim_start_matches("./").to_owned()
    }
}
