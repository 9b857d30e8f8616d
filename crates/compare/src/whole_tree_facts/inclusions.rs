//! Routers that are included under a path: by another file, or by a function of the same one. A
//! route whose own path is empty stands at that of its router.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::RangeInclusive;

use crate::limits::SAME_NAME;
use crate::module::{Call, Module};
use crate::text::{first_literal, folders, last_name, literal, prefix_argument};

/// Extensions and words of an import that name no file.
const NO_FILES: [&str; 8] = ["js", "jsx", "ts", "tsx", "mjs", "py", "self", "crate"];

/// Puts the path of its inclusion before the path of each route.
pub(super) fn add_prefixes(modules: &mut [Module]) {
    for (at, prefixes) in prefixes(modules) {
        for (index, prefix) in prefixes {
            if let Some(route) = modules[at].routes.get_mut(index) {
                route.path = format!("{prefix}{}", route.path);
            }
        }
    }
}

/// The prefix of each route that is included under one: by module, then by route.
fn prefixes(modules: &[Module]) -> BTreeMap<usize, BTreeMap<usize, String>> {
    let routers = Routers::new(modules);
    let mut found: BTreeMap<usize, BTreeMap<usize, String>> = BTreeMap::new();
    let mut seen: HashSet<(usize, &str)> = HashSet::new();

    for (at, module) in modules.iter().enumerate() {
        for (call, prefix) in module.calls.iter().filter_map(inclusion) {
            let prefix = format!("/{}", prefix.trim_matches(['/', '^', '$']));
            for name in included(call) {
                let Some((target, router)) = routers.target(at, name) else {
                    continue;
                };
                // A router that is included twice keeps its first path.
                if seen.insert((target, router)) {
                    let routes = found.entry(target).or_default();
                    for index in routers.routes(target, router) {
                        routes.entry(index).or_insert_with(|| prefix.clone());
                    }
                }
            }
        }
    }
    found
}

/// A call that includes routers under a path, and this path.
fn inclusion(call: &Call) -> Option<(&Call, &str)> {
    let arguments = call.arguments.trim_start_matches('(').trim_start();

    let prefix = match call.last() {
        "include_router" | "register_blueprint" | "register" | "add_namespace" => {
            prefix_argument(arguments)
        }
        "use" | "nest" | "mount" => literal(arguments),
        "path" | "re_path" | "url" if arguments.contains("include(") => {
            literal(arguments.trim_start_matches('r'))
        }
        _ => None,
    };

    let is_path = |prefix: &&str| !prefix.trim_matches(['/', '^', '$']).is_empty();
    prefix.filter(is_path).map(|prefix| (call, prefix))
}

/// The names of a call that may be those of routers, the path left aside.
fn included(call: &Call) -> impl Iterator<Item = &str> {
    let arguments = call.arguments.as_str();
    let rest = match call.last() {
        "include_router" | "register_blueprint" => call.first_argument(),
        "register" | "add_namespace" => arguments,
        _ => first_literal(arguments)
            .and_then(|path| arguments.split_once(path))
            .map_or("", |(_, rest)| rest),
    };
    let is_end = |letter: char| !letter.is_alphanumeric() && !"_./:-".contains(letter);
    rest.split(is_end)
        .filter(|name| name.contains(char::is_alphabetic))
}

/// The files that declare routes, by the names that may mean them.
struct Routers<'all> {
    modules: &'all [Module],
    by_stem: HashMap<&'all str, Vec<usize>>,
    by_function: HashMap<&'all str, Vec<usize>>,
    /// Lines of the functions, by file and name.
    functions: HashMap<(usize, &'all str), RangeInclusive<usize>>,
    /// Routes by file and by the variable that they are declared on.
    by_variable: HashMap<(usize, &'all str), Vec<usize>>,
    /// Routes of a file by line.
    by_line: HashMap<usize, Vec<(usize, usize)>>,
}

impl<'all> Routers<'all> {
    fn new(modules: &'all [Module]) -> Self {
        let mut routers = Self {
            modules,
            by_stem: HashMap::new(),
            by_function: HashMap::new(),
            functions: HashMap::new(),
            by_variable: HashMap::new(),
            by_line: HashMap::new(),
        };

        let declaring = modules.iter().enumerate();
        for (at, module) in declaring.filter(|(_, one)| !one.is_test && !one.routes.is_empty()) {
            routers.add(at, module);
        }
        routers
    }

    fn add(&mut self, at: usize, module: &'all Module) {
        self.by_stem.entry(module.stem()).or_default().push(at);

        for function in &module.functions {
            let name = function.name.as_str();
            self.by_function.entry(name).or_default().push(at);
            let lines = function.line..=function.end;
            self.functions.entry((at, name)).or_insert(lines);
        }
        for (index, route) in module.routes.iter().enumerate() {
            let key = (at, route.router.as_str());
            self.by_variable.entry(key).or_default().push(index);
            self.by_line
                .entry(at)
                .or_default()
                .push((route.line, index));
        }
        if let Some(routes) = self.by_line.get_mut(&at) {
            routes.sort_unstable();
        }
    }

    /// The file of the router that a name means, seen from a module, and the name of the router
    /// there; empty when it is all of the file.
    fn target(&self, from: usize, name: &'all str) -> Option<(usize, &'all str)> {
        // Django's routers give their routes under `urls`.
        let own = last_name(name.trim_end_matches(".urls"));
        if self.is_declared(from, own) {
            return Some((from, own));
        }

        let full = full_name(&self.modules[from], name);
        let parts: Vec<&str> = full
            .split(['.', '/', ':'])
            .filter(|part| !part.is_empty() && !NO_FILES.contains(part))
            .collect();
        let last = last_name(name);
        let at = self
            .file(from, &parts)
            .or_else(|| self.only_function(last))?;
        Some((at, if self.is_declared(at, last) { last } else { "" }))
    }

    /// The file that a dotted name leads to: the last of its parts that is one, the nearest to the
    /// other parts.
    fn file(&self, from: usize, parts: &[&str]) -> Option<usize> {
        let near = |at: &usize| {
            let folders = folders(&self.modules[*at].path);
            folders.filter(|folder| parts.contains(folder)).count()
        };

        parts.iter().rev().find_map(|part| {
            let found = self.by_stem.get(part)?.iter().take(SAME_NAME);
            let found: Vec<usize> = found.filter(|at| **at != from).copied().collect();
            let nearest = found.iter().map(near).max()?;
            let mut nearest = found.into_iter().filter(|at| near(at) == nearest);
            // Of two files as near as each other, neither is chosen.
            let first = nearest.next();
            first.filter(|_| nearest.next().is_none())
        })
    }

    fn only_function(&self, name: &str) -> Option<usize> {
        match self.by_function.get(name)?[..] {
            [only] => Some(only),
            _ => None,
        }
    }

    /// True when a variable or a function of this name declares routes in a file.
    fn is_declared(&self, at: usize, name: &'all str) -> bool {
        self.by_variable.contains_key(&(at, name)) || !self.in_function(at, name).is_empty()
    }

    /// The routes that a function of this name declares.
    fn in_function(&self, at: usize, name: &'all str) -> &[(usize, usize)] {
        let (Some(lines), Some(routes)) = (self.functions.get(&(at, name)), self.by_line.get(&at))
        else {
            return &[];
        };
        let start = routes.partition_point(|(line, _)| line < lines.start());
        let end = routes.partition_point(|(line, _)| line <= lines.end());
        routes.get(start..end).unwrap_or_default()
    }

    /// The routes of a router of a file.
    fn routes(&self, at: usize, router: &'all str) -> Vec<usize> {
        if router.is_empty() {
            return (0..self.modules[at].routes.len()).collect();
        }
        let of_variable = self.by_variable.get(&(at, router));
        of_variable.cloned().unwrap_or_else(|| {
            let routes = self.in_function(at, router).iter();
            routes.map(|(_, index)| *index).collect()
        })
    }
}

/// A name as its import gives it: `films.router` is `app.routers.films.router`.
fn full_name(module: &Module, name: &str) -> String {
    let (first, rest) = name.split_once(['.', ':']).unwrap_or((name, ""));
    match module.aliases.get(first) {
        Some(full) => format!("{full}.{rest}"),
        None => name.to_owned(),
    }
}
