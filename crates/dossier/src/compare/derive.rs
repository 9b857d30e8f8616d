//! Facts that need the whole tree: what routes are for, what tests are about, which calls are exercised.

mod history;
mod routes;
mod trials;

use std::collections::BTreeSet;

use super::corpus::Corpus;
use super::fact::{Fact, Tag};
use super::link::{Graph, Place, Reached};
use super::tree::History;

/// Completes the facts of a corpus.
pub(super) fn derive(corpus: &mut Corpus, history: Option<&History>) {
    let (exercised, mut facts) = {
        let graph = Graph::new(&corpus.modules);
        let reached = graph.reached(corpus);
        let context = Context { corpus, graph: &graph, reached: &reached };
        let mut facts = routes::facts(&context);
        facts.extend(trials::facts(&context));
        facts.extend(context.drift_by_hand());
        (context.exercised(), facts)
    };
    for (module_index, fact_index) in exercised {
        corpus.modules[module_index].facts[fact_index].exercised = true;
    }
    facts.extend(pipelines(corpus));
    facts.extend(watched_models(corpus));
    facts.extend(clients(corpus, &facts));
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
        let creates = ["create_all", "upgrade", "executescript"].iter().any(|name| self.reached.names.contains(*name));
        for (module_index, module) in self.corpus.modules.iter().enumerate().filter(|(_, module)| !module.is_test) {
            let tested: BTreeSet<&str> = module
                .functions
                .iter()
                .enumerate()
                .filter(|(index, _)| self.reached.by_tests.contains_key(&(module_index, *index)))
                .map(|(_, function)| function.name.as_str())
                .collect();
            let is_run = self.reached.by_jobs.contains(&module_index) || self.is_run_query(&module.path);
            for (index, fact) in module.facts.iter().enumerate() {
                // What serves every request is exercised by a test of its own, not by any request.
                let is_ambient = matches!(fact.tag, Tag::AppMetric | Tag::Logging)
                    && !self.looks_at_metrics(&fact.scope, module_index);
                let serves = fact.tag == Tag::SqlSelect && !module.routes.is_empty();
                let pretends = fact.tag == Tag::AiService && !is_run && !self.calls_for_real(module_index, &fact.scope);
                if is_ambient || serves || pretends {
                    continue;
                }
                if fact.tag == Tag::AppMetric && fact.scope.is_empty() {
                    found.push((module_index, index));
                    continue;
                }
                let by_name = fact.tag == Tag::Schema && creates;
                if is_run || by_name || (!fact.scope.is_empty() && tested.contains(fact.scope.as_str())) {
                    found.push((module_index, index));
                }
            }
        }
        found
    }

    /// Drift computed by a function of the submission: its name says so, and its body has the statistics.
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
        for (module_index, module) in self.corpus.modules.iter().enumerate().filter(|(_, module)| !module.is_test) {
            for (index, function) in module.functions.iter().enumerate() {
                let name = function.name.to_ascii_lowercase();
                let named =
                    name.split('_').any(|part| ["psi", "drift", "derive", "stability", "stabilite"].contains(&part));
                let statistics = STATISTICS.iter().filter(|statistic| function.has_call(statistic)).count();
                if named && statistics >= 2 {
                    let what = format!("dérive calculée par `{}`", function.name);
                    let mut fact = Fact::new(Tag::Drift, &module.path, function.line, &function.name, what);
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
                let overrides = std::iter::once(function).chain(helpers).any(|one| !one.overrides.is_empty());
                overrides || function.test.as_ref().is_some_and(|test| !test.replaced.is_empty())
            });
            !replaces
                && places.iter().any(|one| {
                    one.0 == module_index && self.graph.function(*one).is_some_and(|found| found.name == scope)
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
            let Some(function) = self.graph.function(*test) else { return false };
            let asked = function.test.iter().flat_map(|test| &test.requests).any(|(_, path)| path.contains("metrics"));
            let near = places.iter().any(|one| one.0 == module_index)
                || self.reached.routes.iter().any(|(route, by)| by == test && route.0 == module_index);
            let named = ["metri", "log", "journal", "alert"].iter().any(|word| function.name.contains(word));
            let runs = places
                .iter()
                .any(|one| one.0 == module_index && self.graph.function(*one).is_some_and(|found| found.name == scope));
            (asked && near) || (named && runs)
        })
    }

    /// Whether a function runs, near or far, something with one of these tags.
    pub(super) fn does(&self, places: &BTreeSet<Place>, tags: &[Tag]) -> Option<&Fact> {
        places.iter().find_map(|place| {
            let module = &self.corpus.modules[place.0];
            let name = module.functions.get(place.1).map(|function| function.name.as_str())?;
            if module.is_test {
                return None;
            }
            module.facts.iter().find(|fact| fact.scope == name && tags.contains(&fact.tag))
        })
    }
}

/// The work of pipelines: tests count where there are tests.
fn pipelines(corpus: &Corpus) -> Vec<Fact> {
    let has_tests = corpus.modules.iter().any(|module| module.functions.iter().any(|function| function.test.is_some()));
    let facts = corpus.workflows.iter().flat_map(super::workflow::Workflow::facts).chain(scripted_tests(corpus));
    facts
        .map(|mut fact| {
            let is_test = matches!(fact.tag, Tag::JobTest | Tag::JobDataTest | Tag::JobModelTest);
            fact.exercised &= has_tests || !is_test;
            fact
        })
        .collect()
}

/// Steps that run the tests through a script of the submission.
fn scripted_tests(corpus: &Corpus) -> Vec<Fact> {
    let mut found = Vec::new();
    for pipeline in &corpus.workflows {
        for (job, step) in pipeline.steps() {
            for (offset, line) in step.run.lines().enumerate() {
                let script = super::workflow::script(line.trim()).map(|script| script.trim_start_matches("./"));
                if script.is_some_and(|script| corpus.test_scripts.iter().any(|known| known == script)) {
                    let what = format!("tests lancés par la chaîne (travail `{}`)", job.name);
                    let fact = Fact::new(Tag::JobTest, &pipeline.path, step.run_line + offset, &job.name, what);
                    let sure = !job.may_fail && step.may_fail.is_none() && super::workflow::swallows(line).is_none();
                    found.push(if sure { fact.exercised() } else { fact });
                }
            }
        }
    }
    found
}

/// Measures of a model in service: Prometheus metrics on predictions, tracking in a monitoring script.
fn watched_models(corpus: &Corpus) -> Vec<Fact> {
    const WORDS: [&str; 11] =
        ["predict", "model", "drift", "confidence", "inference", "accuracy", "score", "derive", "feature", "mae", "f1"];
    let mut found = Vec::new();
    for module in corpus.modules.iter().filter(|module| !module.is_test) {
        let is_monitoring = ["monitor", "drift", "surveill", "derive"]
            .iter()
            .any(|word| module.path.to_ascii_lowercase().contains(word));
        for call in &module.calls {
            let arguments = call.arguments.to_ascii_lowercase();
            let is_metric = (call.name.starts_with("prometheus_client.")
                || call.name.starts_with("prometheus::")
                || ["Counter", "Gauge", "Histogram", "Summary"].contains(&call.last()))
                && module.imports_any(&["prometheus_client", "prometheus", "prom-client"])
                && WORDS.iter().any(|word| arguments.contains(word));
            let is_tracking = is_monitoring && call.name.starts_with("mlflow.log_");
            if is_metric || is_tracking {
                let what = format!("métrique du modèle en service (`{}`)", call.name);
                let mut fact = Fact::new(Tag::ModelMetric, &module.path, call.line, &call.scope, what);
                fact.exercised = module
                    .facts
                    .iter()
                    .any(|known| known.scope == call.scope && known.line == call.line && known.exercised);
                found.push(fact);
            }
        }
        if is_monitoring {
            found.extend(hand_made(module));
        }
    }
    found
}

/// A monitor written by hand: functions of a monitoring file that compute on predictions.
fn hand_made(module: &super::module::Module) -> Option<Fact> {
    let computes = |function: &&super::module::Function| {
        let name = function.name.to_ascii_lowercase();
        ["metric", "accuracy", "drift", "derive", "confidence", "performance", "latency"]
            .iter()
            .any(|word| name.contains(word))
            && function.end > function.line + 3
            && ["mean", "sum", "len", "std", "histogram", "quantile", "count", "average"]
                .iter()
                .any(|call| function.has_call(call))
    };
    let function = module.functions.iter().find(computes)?;
    let what = format!("mesure du modèle calculée par `{}`", function.name);
    let mut fact = Fact::new(Tag::ModelMetric, &module.path, function.line, &function.name, what);
    fact.exercised = module.facts.iter().any(|known| known.scope == function.name && known.exercised);
    Some(fact)
}

/// The path in « route du modèle `GET /x` », unless it is too short to mean something.
fn path_of(what: &str) -> Option<&str> {
    what.split('`').nth(1)?.split(' ').nth(1).filter(|path| path.len() > 2)
}

/// Whether a client asks for what a model gives.
fn asks_a_model(module: &super::module::Module, model_paths: &[&str]) -> bool {
    const WORDS: [&str; 14] = [
        "predict",
        "forecast",
        "prevision",
        "prevoir",
        "classif",
        "infer",
        "score",
        "recommend",
        "diagnos",
        "chat",
        "generate",
        "model",
        "risque",
        "ia",
    ];
    let says = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.split(|letter: char| !letter.is_ascii_alphanumeric())
            .any(|part| WORDS.iter().any(|word| part.starts_with(word) && (word.len() > 2 || part == *word)))
    };
    let asks_route = |call: &super::module::Call| model_paths.iter().any(|path| call.arguments.contains(path));
    says(&module.path)
        || module.calls.iter().any(asks_route)
        || module.calls.iter().any(|call| says(&call.arguments))
        || module.functions.iter().any(|function| says(&function.name))
}

/// How the application's client authenticates and renews its token.
fn clients(corpus: &Corpus, routes: &[Fact]) -> Vec<Fact> {
    let mut found = Vec::new();
    let model_paths: Vec<&str> =
        routes.iter().filter(|fact| fact.tag == Tag::ModelRoute).filter_map(|fact| path_of(&fact.what)).collect();
    let serves_data = routes.iter().any(|fact| fact.tag == Tag::DataRoute);
    for module in corpus.modules.iter().filter(|module| module.facts.iter().any(|fact| fact.tag == Tag::ApiCall)) {
        if !serves_data || asks_a_model(module, &model_paths) {
            found.extend(
                module
                    .facts
                    .iter()
                    .filter(|fact| fact.tag == Tag::ApiCall)
                    .map(|fact| Fact { tag: Tag::ModelCall, ..fact.clone() }),
            );
        }
        let fact = |tag, line, scope: &str, what: &str| Fact::new(tag, &module.path, line, scope, what);
        let token = module
            .calls
            .iter()
            .find(|call| call.arguments.contains("Authorization") || call.arguments.contains("Bearer"));
        let named = module
            .functions
            .iter()
            .find(|function| function.names.iter().any(|name| name.to_ascii_lowercase().contains("token")));
        if let Some(call) = token {
            found.push(fact(Tag::ApiToken, call.line, &call.scope, "jeton joint à l'appel"));
        } else if let Some(function) = named {
            found.push(fact(Tag::ApiToken, function.line, &function.name, "jeton joint à l'appel"));
        }
        let renews = |function: &&super::module::Function| {
            function.names.iter().chain([&function.name]).any(|name| {
                let name = name.to_ascii_lowercase();
                [
                    "refresh_token",
                    "renew",
                    "renouvel",
                    "expires_in",
                    "expires_at",
                    "expiration",
                    "refreshtoken",
                    "is_expired",
                ]
                .iter()
                .any(|word| name.contains(word))
            })
        };
        if let Some(function) = module.functions.iter().find(renews) {
            found.push(fact(Tag::ApiTokenRenewal, function.line, &function.name, "jeton renouvelé à son expiration"));
        }
    }
    found
}
