//! The part of the readers of JavaScript and Rust that does not depend on the language: the text,
//! the functions that are open, the module that is filled.

use tree_sitter::Node;

use crate::limits::NAME;
use crate::module::{Call, Function, Module, Test};
use crate::syntax::{self, Grammar, Scopes, end_line, line, text};
use crate::text::cut;

/// A source while it is read.
pub(crate) struct SourceReader<'text, 'module> {
    pub(crate) source: &'text str,
    pub(crate) module: &'module mut Module,
    scopes: Scopes,
}

/// Reads a source node by node: `read_node` is given the function that each node stands in.
pub(crate) fn read(
    path: &str,
    source: &str,
    is_test: bool,
    grammar: Grammar,
    mut read_node: impl FnMut(&mut SourceReader, Node, Option<usize>),
) -> Module {
    let mut module = Module::of_source(path, is_test, source);
    let Some(tree) = syntax::parse(grammar, source) else {
        return module;
    };

    let mut reader = SourceReader {
        source,
        module: &mut module,
        scopes: Scopes::default(),
    };
    syntax::visit(tree.root_node(), |node, _| {
        let within = reader.scopes.around(node);
        read_node(&mut reader, node, within);
        true
    });
    module
}

impl SourceReader<'_, '_> {
    /// Opens the function that a node declares under a name.
    pub(crate) fn open(&mut self, node: Node, name: &str, test: Option<Test>) {
        let function = self.module.declare(Function {
            name: cut(name, NAME).to_owned(),
            line: line(node),
            end: end_line(node),
            test,
            ..Function::default()
        });
        self.scopes.open(node, function);
    }

    /// Notes a name that a function uses.
    pub(crate) fn name(&mut self, node: Node, within: Option<usize>) {
        let name = text(node, self.source);
        if let Some(function) = self.module.function_mut(within) {
            function.names.insert(name.to_owned());
        }
    }

    /// Records a call at the place of a node.
    pub(crate) fn record(
        &mut self,
        name: &str,
        node: Node,
        within: Option<usize>,
        arguments: &str,
    ) {
        let call = Call {
            name: name.to_owned(),
            line: line(node),
            scope: self.module.scope(within),
            arguments: arguments.to_owned(),
            target: String::new(),
        };

        self.module.record(call);
    }
}
