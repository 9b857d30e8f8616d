//! Facts that need the whole tree: the purpose of routes, the subject of tests, the calls that are
//! exercised.

mod clients;
mod context;
mod drift;
mod exercised;
mod history;
mod monitoring;
mod orchestration;
mod pipelines;
mod protection;
mod routes;
mod test_quality;

use crate::call_graph::Graph;
use crate::corpus::Corpus;
use crate::fact::Fact;
use crate::tree::History;
use crate::workflow;
use context::TreeContext;

/// Completes the facts of a corpus.
pub(crate) fn add(corpus: &mut Corpus, history: Option<&History>) {
    protection::complete(&mut corpus.modules);
    workflow::settle_calls(&mut corpus.workflows);

    let (exercised, mut facts) = graph_facts(corpus);
    for (module, fact) in exercised {
        corpus.modules[module].facts[fact].exercised = true;
    }

    // These look at the facts that are exercised by now.
    facts.extend(pipelines::facts(corpus));
    facts.extend(monitoring::facts(corpus));
    facts.extend(clients::facts(corpus, &facts));
    facts.extend(
        history
            .into_iter()
            .flat_map(|one| history::facts(corpus, one)),
    );
    corpus.facts.extend(facts);
}

/// Facts that need the call graph: the exercised facts of modules, and new ones.
fn graph_facts(corpus: &Corpus) -> (Vec<(usize, usize)>, Vec<Fact>) {
    let graph = Graph::new(&corpus.modules);
    let reached = graph.reached(corpus);
    let context = TreeContext {
        corpus,
        graph: &graph,
        reached: &reached,
    };

    let mut facts = routes::facts(&context);
    facts.extend(test_quality::facts(&context));
    facts.extend(orchestration::facts(&context));
    facts.extend(drift::facts(&context));
    (exercised::facts(&context), facts)
}
