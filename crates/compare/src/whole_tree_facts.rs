//! Facts that need the whole tree: what routes are for, what tests are about, which calls are
//! exercised.

mod clients;
mod history;
mod monitoring;
mod orchestration;
mod protection;
mod routes;
mod test_quality;

use std::collections::BTreeSet;

use super::call_graph::{Graph, Place, Reached};
use super::corpus::Corpus;
use super::fact::{Fact, FactKind};
use super::tree::History;

/// Completes the facts of a corpus.
pub(super) fn add(corpus: &mut Corpus, history: Option<&History>) {
    protection::complete(&mut corpus.modules);
    super::workflow::settle_calls(&mut corpus.workflows);

    let (exercised, mut facts) = {
        let graph = Graph::new(&corpus.modules);
        let reached = graph.reached(corpus);
        let context = Context {
            corpus,
            graph: &graph,
            reached: &reached,
        };

        let mut facts = routes::facts(&context);
        facts.extend(test_quality::facts(&context));
        facts.extend(orchestration::facts(&context));
        facts.extend(context.drift_by_hand());

        (context.exercised(), facts)
    };

    for (module_index, fact_index) in exercised {
        corpus.modules[module_index].facts[fact_index].exercised = true;
    }

    facts.extend(pipelines(corpus));
    facts.extend(monitoring::watched_models(corpus));
    facts.extend(clients::clients(corpus, &facts));

    if let Some(history) = history {
        facts.extend(history::facts(corpus, history));
    }
    corpus.facts.extend(facts);
}

/// What the derivations look at.
pub(super) struct Context<'all> {
    pub(super) corpus: &'all Corpus,
    pub(super) graph: &'all Graph<'all>,
    pub(super) reached: &'all Reached,
}

impl Context<'_> {
    /// The facts of code that a test with a check, or a job, runs: module and index.
    fn exercised(&self) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let creates = ["create_all", "upgrade", "executescript"]
            .iter()
            .any(|name| self.reached.names.contains(*name));
        for (module_index, module) in self
            .corpus
            .modules
            .iter()
            .enumerate()
            .filter(|(_, module)| !module.is_test)
        {
            let tested: BTreeSet<&str> = module
                .functions
                .iter()
                .enumerate()
                .filter(|(index, _)| self.reached.by_tests.contains_key(&(module_index, *index)))
                .map(|(_, function)| function.name.as_str())
                .collect();

            let is_run =
                self.reached.by_jobs.contains(&module_index) || self.is_run_query(&module.path);

            for (index, fact) in module.facts.iter().enumerate() {
                // What serves every request is exercised by a test of its own, not by any request.
                let is_ambient = matches!(fact.kind, FactKind::AppMetric | FactKind::Logging)
                    && !self.looks_at_metrics(&fact.scope, module_index);
                let serves = fact.kind == FactKind::SqlSelect && !module.routes.is_empty();
                let pretends = fact.kind == FactKind::AiService
                    && !is_run
                    && !self.calls_for_real(module_index, &fact.scope);
                if is_ambient || serves || pretends {
                    continue;
                }
                if fact.kind == FactKind::AppMetric && fact.scope.is_empty() {
                    found.push((module_index, index));
                    continue;
                }
                let by_name = fact.kind == FactKind::Schema && creates;
                if is_run
                    || by_name
                    || (!fact.scope.is_empty() && tested.contains(fact.scope.as_str()))
                {
                    found.push((module_index, index));
                }
            }
        }
        found
    }

    /// Drift computed by a function of the submission: its name says so, and its body has the
    /// statistics.
    fn drift_by_hand(&self) -> Vec<Fact> {
        const STATISTICS: [&str; 12] = [
            "quantile",
            "histogram",
            "percentile",
            "log",
            "mean",
            "std",
            "sum",
            "abs",
            "value_counts",
            "norm",
            "searchsorted",
            "var",
        ];
        let mut found = Vec::new();
        for (module_index, module) in self
            .corpus
            .modules
            .iter()
            .enumerate()
            .filter(|(_, module)| !module.is_test)
        {
            for (index, function) in module.functions.iter().enumerate() {
                let name = function.name.to_ascii_lowercase();
                let named = name.split('_').any(|part| {
                    ["psi", "drift", "derive", "stability", "stabilite"].contains(&part)
                });
                let statistics = STATISTICS
                    .iter()
                    .filter(|statistic| function.has_call(statistic))
                    .count();
                if named && statistics >= 2 {
                    let what = format!("dérive calculée par `{}`", function.name);
                    let mut fact = Fact::new(
                        FactKind::Drift,
                        &module.path,
                        function.line,
                        &function.name,
                        what,
                    );
                    fact.exercised = self.reached.by_tests.contains_key(&(module_index, index));
                    found.push(fact);
                }
            }
        }
        found
    }

    /// Whether a test that replaces nothing runs a function.
    fn calls_for_real(&self, module_index: usize, scope: &str) -> bool {
        self.reached.from.iter().any(|(test, places)| {
            let replaces = self.graph.function(*test).is_some_and(|function| {
                let helpers = places.iter().filter_map(|one| self.graph.function(*one));
                let overrides = std::iter::once(function)
                    .chain(helpers)
                    .any(|one| !one.overrides.is_empty());

                overrides
                    || function
                        .test
                        .as_ref()
                        .is_some_and(|test| !test.replaced.is_empty())
            });

            !replaces
                && places.iter().any(|one| {
                    one.0 == module_index
                        && self
                            .graph
                            .function(*one)
                            .is_some_and(|found| found.name == scope)
                })
        })
    }

    /// Whether a test runs, near or far, the queries of a file that it names.
    fn is_run_query(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        path.ends_with(".sql")
            && (self.reached.names.contains(name)
                || self
                    .reached
                    .by_tests
                    .keys()
                    .filter_map(|place| self.graph.function(*place))
                    .any(|one| one.names.contains(name)))
    }

    /// Whether a test of the metrics or of the logs runs a function.
    fn looks_at_metrics(&self, scope: &str, module_index: usize) -> bool {
        self.reached.from.iter().any(|(test, places)| {
            let Some(function) = self.graph.function(*test) else {
                return false;
            };
            let asked = function
                .test
                .iter()
                .flat_map(|test| &test.requests)
                .any(|request| request.names("metrics"));

            let near = places.iter().any(|one| one.0 == module_index)
                || self
                    .reached
                    .routes
                    .iter()
                    .any(|(route, by)| by == test && route.0 == module_index);

            let named = ["metri", "log", "journal", "alert"]
                .iter()
                .any(|word| function.name.contains(word));

            let runs = places.iter().any(|one| {
                one.0 == module_index
                    && self
                        .graph
                        .function(*one)
                        .is_some_and(|found| found.name == scope)
            });

            (asked && near) || (named && runs)
        })
    }

    /// Whether a function runs, near or far, something with one of these kinds.
    pub(super) fn does(&self, places: &BTreeSet<Place>, kinds: &[FactKind]) -> Option<&Fact> {
        places.iter().find_map(|place| {
            let module = &self.corpus.modules[place.0];
            let name = module
                .functions
                .get(place.1)
                .map(|function| function.name.as_str())?;

            if module.is_test {
                return None;
            }

            module
                .facts
                .iter()
                .find(|fact| fact.scope == name && kinds.contains(&fact.kind))
        })
    }
}

/// The work of pipelines: tests count where there are tests.
fn pipelines(corpus: &Corpus) -> Vec<Fact> {
    let has_tests = corpus.modules.iter().any(|module| {
        module
            .functions
            .iter()
            .any(|function| function.test.is_some())
    });

    let facts = corpus
        .workflows
        .iter()
        .flat_map(super::workflow::Workflow::facts)
        .chain(scripted_work(corpus));

    facts
        .map(|mut fact| {
            let is_test = matches!(
                fact.kind,
                FactKind::JobTest | FactKind::JobDataTest | FactKind::JobModelTest
            );
            fact.exercised &= has_tests || !is_test;
            fact
        })
        .collect()
}

/// Steps that work through a script of the submission.
fn scripted_work(corpus: &Corpus) -> Vec<Fact> {
    let mut found = Vec::new();
    for pipeline in corpus
        .workflows
        .iter()
        .filter(|pipeline| !pipeline.is_never_called)
    {
        for (job, step) in pipeline.steps() {
            for (offset, line) in step.run.lines().enumerate() {
                let script = super::workflow::script(line.trim())
                    .map(|script| script.trim_start_matches("./"));
                let kinds = corpus
                    .scripts
                    .iter()
                    .find(|(known, _)| script == Some(known))
                    .map(|(_, kinds)| kinds);
                let sure = !job.may_fail
                    && step.may_fail.is_none()
                    && super::workflow::swallows(line).is_none();
                let words = format!("{} {}", job.name, step.name);
                for (kind, what) in kinds
                    .into_iter()
                    .flatten()
                    .flat_map(|kind| kind.facts(&words, line))
                {
                    let what = format!("{what} (travail `{}`)", job.name);
                    let fact = Fact::new(
                        kind,
                        &pipeline.path,
                        step.run_line + offset,
                        &job.name,
                        what,
                    );
                    found.push(if sure { fact.exercised() } else { fact });
                }
            }
        }
    }
    found
}
