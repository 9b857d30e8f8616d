//! The tree and its call graph, as the facts of the whole tree need them.

use std::collections::{BTreeSet, HashMap};

use crate::call_graph::{FunctionId, Graph, Reached};
use crate::corpus::Corpus;
use crate::fact::FactKind;
use crate::module::{Function, Module};

pub(super) struct TreeContext<'all> {
    pub(super) corpus: &'all Corpus,
    pub(super) graph: &'all Graph<'all>,
    pub(super) reached: &'all Reached,
    /// The kinds of the facts of each function, by module and name.
    kinds: Vec<HashMap<&'all str, BTreeSet<FactKind>>>,
}

impl<'all> TreeContext<'all> {
    pub(super) fn new(
        corpus: &'all Corpus,
        graph: &'all Graph<'all>,
        reached: &'all Reached,
    ) -> Self {
        Self {
            corpus,
            graph,
            reached,
            kinds: corpus.modules.iter().map(kinds_of).collect(),
        }
    }

    /// True when one of these functions, outside the tests, does something of one of these kinds.
    pub(super) fn does(&self, functions: &BTreeSet<FunctionId>, kinds: &[FactKind]) -> bool {
        functions.iter().any(|id| {
            let module = &self.corpus.modules[id.0];
            let own = module.functions.get(id.1);
            let own = own.and_then(|one| self.kinds[id.0].get(one.name.as_str()));
            !module.is_test && own.is_some_and(|own| kinds.iter().any(|kind| own.contains(kind)))
        })
    }

    /// The functions behind these identifiers.
    pub(super) fn functions<'ids>(
        &'ids self,
        ids: &'ids BTreeSet<FunctionId>,
    ) -> impl Iterator<Item = &'all Function> + 'ids {
        ids.iter().filter_map(|id| self.graph.function(*id))
    }
}

fn kinds_of(module: &Module) -> HashMap<&str, BTreeSet<FactKind>> {
    let mut kinds: HashMap<&str, BTreeSet<FactKind>> = HashMap::new();
    for fact in &module.facts {
        kinds.entry(&fact.scope).or_default().insert(fact.kind);
    }
    kinds
}
