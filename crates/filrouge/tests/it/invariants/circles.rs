//! Circles of files inside a crate, computed from the paths that its files name.
//!
//! File A → file B when A names, by a `use` or inline, an item that B defines. A name that travels
//! through re-exports leads to the file that defines it. A module that names the modules around it
//! (`super::Row` from `list/page.rs` to `list.rs`) draws no arrow, nor does `mod x;` alone; what is
//! compiled for tests alone is not read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemMod, ItemUse, Macro, Meta, UseTree};

/// Names that tie one file to another.
type Arrows = BTreeMap<PathBuf, BTreeMap<PathBuf, BTreeSet<String>>>;

/// One sentence for each circle of files under the root file of a crate: its files, then each arrow
/// with the names that tie it.
pub(super) fn circles(root: &Path) -> Vec<String> {
    let krate = Crate::read(root);
    let arrows = krate.arrows();
    let folder = root.parent().unwrap();

    components(&arrows)
        .iter()
        .map(|files| told(files, &arrows, folder))
        .collect()
}

/// Paths already looked up, each in its module.
type Seen = BTreeSet<(usize, Vec<String>)>;

/// Modules of a crate; the first one is its root.
struct Crate {
    modules: Vec<Module>,
}

struct Module {
    file: PathBuf,
    parent: usize,
    children: BTreeMap<String, usize>,
    /// Names of the items that the module defines.
    items: BTreeSet<String>,
    /// Names that the module imports, with the path of each.
    imports: BTreeMap<String, Vec<String>>,
    /// Modules of which everything is imported.
    globs: Vec<Vec<String>>,
    /// Every path that the module names.
    paths: BTreeSet<Vec<String>>,
}

impl Crate {
    fn read(root: &Path) -> Self {
        let mut krate = Self {
            modules: Vec::new(),
        };
        krate.add_file(root, root.parent().unwrap(), 0);
        krate
    }

    fn add_file(&mut self, file: &Path, children: &Path, parent: usize) -> usize {
        let text = std::fs::read_to_string(file).unwrap();
        let parsed =
            syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.add(file, children, parent, &parsed.items)
    }

    /// Adds a module whose own modules are files of the folder `children`.
    fn add(&mut self, file: &Path, children: &Path, parent: usize, items: &[Item]) -> usize {
        let number = self.modules.len();
        let mut reader = Reader::default();
        items.iter().for_each(|item| reader.top_level_item(item));
        let modules = reader.modules;
        self.modules.push(Module {
            file: file.to_owned(),
            parent,
            children: BTreeMap::new(),
            items: reader.items,
            imports: reader.imports,
            globs: reader.globs,
            paths: reader.paths,
        });

        for module in modules {
            let name = module.ident.to_string();
            let folder = children.join(&name);
            let child = match &module.content {
                Some((_, items)) => self.add(file, &folder, number, items),
                None => self.add_file(&file_of(children, &name), &folder, number),
            };
            self.modules[number].children.insert(name, child);
        }

        number
    }

    fn arrows(&self) -> Arrows {
        let mut arrows = Arrows::new();
        for (number, module) in self.modules.iter().enumerate() {
            for path in &module.paths {
                let Some((owner, name)) = self.resolve(number, path, &mut Seen::new()) else {
                    continue;
                };
                let target = &self.modules[owner].file;
                if !is_below(&module.file, target) {
                    arrows
                        .entry(module.file.clone())
                        .or_default()
                        .entry(target.clone())
                        .or_default()
                        .insert(name);
                }
            }
        }
        arrows
    }

    /// The module that defines the item that a path names in module `from`, and the item's name.
    /// Nothing for another crate's item, a module, a local variable.
    fn resolve(&self, from: usize, path: &[String], seen: &mut Seen) -> Option<(usize, String)> {
        // Two modules may import all of each other.
        if !seen.insert((from, path.to_vec())) {
            return None;
        }

        let (first, rest) = path.split_first()?;
        let module = &self.modules[from];
        match first.as_str() {
            "crate" => return self.resolve(0, rest, seen),
            "self" => return self.resolve(from, rest, seen),
            "super" => return self.resolve(module.parent, rest, seen),
            _ => {}
        }

        // A module and a function may share a name: `mod run; use run::run;`.
        let is_function = rest.is_empty() && module.imports.contains_key(first);
        if let Some(child) = module.children.get(first).filter(|_| !is_function) {
            return self.resolve(*child, rest, seen);
        }
        if module.items.contains(first) {
            return Some((from, first.clone()));
        }

        let imported = module.imports.get(first).into_iter();
        let mut imports = imported.map(|import| [import, rest].concat());
        let globs = || module.globs.iter().map(|glob| [glob, path].concat());
        imports
            .find_map(|path| self.resolve_import(from, &path, seen))
            .or_else(|| globs().find_map(|path| self.resolve_import(from, &path, seen)))
    }

    /// As [`Self::resolve`], for the path of an import: it begins with a module of ours or with the
    /// name of another crate, never with an imported name, or `use polars::prelude::*` would be
    /// looked up in itself.
    fn resolve_import(
        &self,
        from: usize,
        path: &[String],
        seen: &mut Seen,
    ) -> Option<(usize, String)> {
        let first = path.first()?.as_str();
        let is_ours = matches!(first, "crate" | "self" | "super")
            || self.modules[from].children.contains_key(first);
        is_ours.then(|| self.resolve(from, path, seen))?
    }
}

/// A module may name what stands in the modules around it, as it names itself: those are one thought
/// in two files, and the parent alone decides what the child does.
fn is_below(file: &Path, parent: &Path) -> bool {
    let is_root = parent.ends_with("lib.rs") || parent.ends_with("main.rs");
    file == parent || is_root || file.starts_with(parent.with_extension(""))
}

fn file_of(folder: &Path, name: &str) -> PathBuf {
    let file = folder.join(format!("{name}.rs"));
    if file.exists() {
        file
    } else {
        folder.join(name).join("mod.rs")
    }
}

/// Reads the items of one module.
#[derive(Default)]
struct Reader {
    modules: Vec<ItemMod>,
    items: BTreeSet<String>,
    imports: BTreeMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
    paths: BTreeSet<Vec<String>>,
}

impl Reader {
    fn top_level_item(&mut self, item: &Item) {
        if for_tests(attributes(item)) {
            return;
        }

        match item {
            Item::Mod(module) => self.modules.push(module.clone()),
            Item::Use(import) => {
                for (name, path) in leaves(&import.tree) {
                    match name {
                        Some(name) => drop(self.imports.insert(name, path.clone())),
                        None => self.globs.push(path.clone()),
                    }
                    self.paths.insert(path);
                }
            }
            other => {
                self.items.extend(name_of(other));
                self.visit_item(other);
            }
        }
    }

    /// Paths in the words of a macro or of an attribute, which have no grammar of their own.
    fn tokens(&mut self, tokens: TokenStream) {
        let (mut path, mut colons) = (Vec::new(), 0);

        for token in tokens {
            match token {
                TokenTree::Ident(word) => {
                    if colons != 2 {
                        self.paths.insert(std::mem::take(&mut path));
                    }
                    path.push(word.to_string());
                    colons = 0;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => self.tokens(group.stream()),
                _ => colons = 0,
            }
        }
        self.paths.insert(path);
    }
}

impl<'file> Visit<'file> for Reader {
    fn visit_item(&mut self, item: &'file Item) {
        if !for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'file syn::ImplItemFn) {
        if !for_tests(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_use(&mut self, import: &'file ItemUse) {
        // Inside a function: its names are those of the function, its paths those of the module.
        self.paths
            .extend(leaves(&import.tree).into_iter().map(|(_, path)| path));
    }

    fn visit_path(&mut self, path: &'file syn::Path) {
        if path.leading_colon.is_none() {
            let words = path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string());
            self.paths.insert(words.collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'file Macro) {
        self.tokens(call.tokens.clone());
        visit::visit_macro(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'file Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.tokens(list.tokens.clone());
        }
    }
}

/// The names that a `use` brings, each with its path; no name for all of a module.
fn leaves(tree: &UseTree) -> Vec<(Option<String>, Vec<String>)> {
    match tree {
        UseTree::Path(path) => {
            let word = path.ident.to_string();
            let mut leaves = leaves(&path.tree);
            leaves
                .iter_mut()
                .for_each(|(_, path)| path.insert(0, word.clone()));
            // `x::{self}` brings `x`.
            for (name, path) in &mut leaves {
                if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
                    path.pop();
                    if name.as_deref() == Some("self") {
                        *name = path.last().cloned();
                    }
                }
            }
            leaves
        }
        UseTree::Name(name) => vec![(Some(name.ident.to_string()), vec![name.ident.to_string()])],
        UseTree::Rename(rename) => {
            vec![(
                Some(rename.rename.to_string()),
                vec![rename.ident.to_string()],
            )]
        }
        UseTree::Glob(_) => vec![(None, Vec::new())],
        UseTree::Group(group) => group.items.iter().flat_map(leaves).collect(),
    }
}

/// Compiled for tests alone.
fn for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens.to_string();
            condition == "test" || condition.starts_with("all (test")
        }
        other => other.path().is_ident("test"),
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// Sets of files that all lead to one another, each of two files at least.
fn components(arrows: &Arrows) -> Vec<Vec<&PathBuf>> {
    let reached: BTreeMap<_, _> = arrows
        .keys()
        .map(|file| (file, reachable(arrows, file)))
        .collect();
    let mut placed = BTreeSet::new();
    let mut components = Vec::new();

    for (file, ahead) in &reached {
        let back = |other: &&PathBuf| {
            reached
                .get(*other)
                .is_some_and(|ahead| ahead.contains(*file))
        };
        let component: Vec<_> = ahead.iter().copied().filter(back).collect();
        if component.len() > 1 && placed.insert(component[0]) {
            components.push(component);
        }
    }

    components
}

fn reachable<'all>(arrows: &'all Arrows, from: &PathBuf) -> BTreeSet<&'all PathBuf> {
    let (mut reached, mut waiting) = (BTreeSet::new(), vec![from]);
    while let Some(file) = waiting.pop() {
        for (target, _) in arrows.get(file).into_iter().flatten() {
            if reached.insert(target) {
                waiting.push(target);
            }
        }
    }
    reached
}

fn told(files: &[&PathBuf], arrows: &Arrows, folder: &Path) -> String {
    let short = |file: &Path| {
        file.strip_prefix(folder)
            .unwrap_or(file)
            .display()
            .to_string()
    };
    let mut text = format!("a circle of {} files:", files.len());

    for file in files {
        for (target, names) in &arrows[*file] {
            if files.contains(&target) {
                let names: Vec<_> = names.iter().map(String::as_str).collect();
                text += &format!(
                    "\n  {} → {}: {}",
                    short(file),
                    short(target),
                    names.join(", ")
                );
            }
        }
    }

    text
}

mod tests;
