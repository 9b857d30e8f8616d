//! The tree and its call graph, as the facts of the whole tree need them.

use std::collections::BTreeSet;

use crate::call_graph::{FunctionId, Graph, Reached};
use crate::corpus::Corpus;
use crate::fact::FactKind;
use crate::module::Function;

pub(super) struct TreeContext<'all> {
    pub(super) corpus: &'all Corpus,
    pub(super) graph: &'all Graph<'all>,
    pub(super) reached: &'all Reached,
}

impl<'all> TreeContext<'all> {
    /// True when one of these functions, outside the tests, does something of one of these kinds.
    pub(super) fn does(&self, functions: &BTreeSet<FunctionId>, kinds: &[FactKind]) -> bool {
        functions.iter().any(|id| {
            let module = &self.corpus.modules[id.0];
            let name = module.functions.get(id.1).map(|one| one.name.as_str());

            !module.is_test
                && module
                    .facts
                    .iter()
                    .any(|fact| Some(fact.scope.as_str()) == name && kinds.contains(&fact.kind))
        })
    }

    /// True when one of these functions is the one of this name in a module.
    pub(super) fn has_function(
        &self,
        functions: &BTreeSet<FunctionId>,
        module: usize,
        name: &str,
    ) -> bool {
        let is_it = |id: &FunctionId| {
            let function = self.graph.function(*id);
            id.0 == module && function.is_some_and(|one| one.name == name)
        };
        functions.iter().any(is_it)
    }

    /// The functions behind these identifiers.
    pub(super) fn functions<'ids>(
        &'ids self,
        ids: &'ids BTreeSet<FunctionId>,
    ) -> impl Iterator<Item = &'all Function> + 'ids {
        ids.iter().filter_map(|id| self.graph.function(*id))
    }
}
