//! Facts that need the whole tree: the purpose of routes, the subject of tests, the calls that are
//! exercised.

mod clients;
mod context;
mod drift;
mod exercised;
mod history;
mod inclusions;
mod monitoring;
mod orchestration;
mod pipelines;
mod protection;
mod routes;
mod test_quality;

use crate::call_graph::Graph;
use crate::corpus::Corpus;
use crate::fact::Fact;
use crate::model::Skipped;
use crate::tree::History;
use crate::workflow;
use context::TreeContext;

/// Completes the facts of a corpus.
pub(crate) fn add(corpus: &mut Corpus, history: Option<&History>) {
    inclusions::add_prefixes(&mut corpus.modules);
    protection::complete(&mut corpus.modules);
    workflow::settle_calls(&mut corpus.workflows);

    let (exercised, mut facts, left) = graph_facts(corpus);
    corpus.skipped.extend(left);
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

/// Facts that need the call graph: the exercised facts of modules, new ones, and the parts of the
/// tree that were not followed to their end.
fn graph_facts(corpus: &Corpus) -> (Vec<(usize, usize)>, Vec<Fact>, Vec<Skipped>) {
    let graph = Graph::new(&corpus.modules);
    let reached = graph.reached(corpus);
    let context = TreeContext::new(corpus, &graph, &reached);

    let mut facts = routes::facts(&context);
    facts.extend(test_quality::facts(&context));
    facts.extend(orchestration::facts(&context));
    facts.extend(drift::facts(&context));
    let exercised = exercised::facts(&context);
    (exercised, facts, left(corpus, &graph).collect())
}

/// The files whose calls were not all kept, and the calls that were not all followed.
fn left(corpus: &Corpus, graph: &Graph) -> impl Iterator<Item = Skipped> {
    let cut = corpus.modules.iter().filter(|module| module.is_cut);
    let files = cut.map(|module| Skipped {
        path: module.path.clone(),
        reason: "trop d'appels : les derniers ne sont pas lus".to_owned(),
    });
    let graph = graph.is_cut().then(|| Skipped {
        path: String::new(),
        reason: "trop d'appels entre fonctions : les derniers tests ne sont pas suivis".to_owned(),
    });
    files.chain(graph)
}
