//! What the tests are about: the data, the training, the model, the application, the access.

use super::Context;
use crate::fact::{Fact, FactKind};
use crate::module::{Function, Module};

const MODEL_CALLS: [&str; 9] = [
    "predict",
    "predict_proba",
    "evaluate",
    "score",
    "accuracy_score",
    "f1_score",
    "mean_absolute_error",
    "r2_score",
    "mean_squared_error",
];

/// Calls that show a page to a test.
const RENDERS: [&str; 5] = ["render", "mount", "goto", "AppTest", "from_file"];

pub(super) fn facts(context: &Context) -> Vec<Fact> {
    let mut found = Vec::new();
    let tells_incidents = context.corpus.pages.iter().any(|page| page.is_incident);
    let trains = context
        .corpus
        .all_facts()
        .any(|fact| fact.kind == FactKind::Training);

    for (module_index, module) in context.corpus.modules.iter().enumerate() {
        for (index, function) in module.functions.iter().enumerate() {
            let Some(test) = function
                .test
                .as_ref()
                .filter(|test| test.checks > 0 && !test.is_skipped)
            else {
                continue;
            };
            let place = (module_index, index);
            let mut add = |kind, what: &str| {
                let what = format!("{what} `{}`", function.name);
                found.push(
                    Fact::new(kind, &module.path, function.line, &function.name, what).exercised(),
                );
            };
            add(FactKind::AnyTest, "test");
            let Some(reached) = context.reached.from.get(&place) else {
                continue;
            };
            let about = format!("{} {}", module.path, function.name).to_ascii_lowercase();
            let named = |words: &[&str]| words.iter().any(|word| about.contains(word));
            let replaces_model = test
                .replaced
                .iter()
                .any(|name| name.to_ascii_lowercase().contains("model"));
            let is_http = !test.requests.is_empty();
            if context
                .does(reached, &[FactKind::Training, FactKind::ModelSaving])
                .is_some()
            {
                add(FactKind::TrainingTest, "test de l'entraînement");
            }
            let evaluates = context
                .does(reached, &[FactKind::Evaluation, FactKind::AiService])
                .is_some();
            let calls_model = function.has_any_call(&MODEL_CALLS) && !is_mocked(module, function);
            if (evaluates || calls_model) && !is_http && !replaces_model {
                add(FactKind::ModelTest, "test du modèle");
            }
            let prepares = context
                .does(
                    reached,
                    &[
                        FactKind::Cleaning,
                        FactKind::Aggregation,
                        FactKind::DataValidation,
                    ],
                )
                .is_some();
            let reads_rows = module.imports_any(&[
                "pandas",
                "polars",
                "pandera",
                "great_expectations",
                "polars::prelude",
            ]);
            let is_about_rows = named(&[
                "data", "donnee", "clean", "prepro", "feature", "schema", "quality",
            ]);
            if trains && !is_http && (prepares || (reads_rows && is_about_rows)) {
                add(FactKind::DataTest, "test des données");
            }
            if context.does(reached, &[FactKind::ApiCall]).is_some() {
                add(FactKind::ApiClientTest, "test de l'appel à l'API");
            }
            if test.expects_refusal {
                add(FactKind::AccessTest, "test d'un refus d'accès");
            }
            if is_of_application(context, place, reached) {
                add(FactKind::AppTest, "test de l'application");
            }
            if tells_incidents
                && named(&[
                    "regression",
                    "incident",
                    "_bug",
                    "bug_",
                    "non_regress",
                    "issue_",
                ])
            {
                add(FactKind::RegressionTest, "test qui reproduit un incident");
            }
        }
    }

    found
}

/// Whether what the test calls is an invention of the test.
fn is_mocked(module: &Module, function: &Function) -> bool {
    let mocks = ["Mock", "MagicMock", "AsyncMock"];
    mocks.iter().any(|mock| function.names.contains(*mock))
        || (module.imports_any(&["unittest.mock"])
            && function
                .parameters
                .iter()
                .any(|name| name.starts_with("mock")))
}

/// Whether a test runs code of a part of the tree that shows pages.
fn is_of_application(
    context: &Context,
    place: (usize, usize),
    reached: &std::collections::BTreeSet<(usize, usize)>,
) -> bool {
    let shows = |module: &Module| {
        module
            .facts
            .iter()
            .any(|fact| matches!(fact.kind, FactKind::Interface | FactKind::Form))
            || module.routes.iter().any(|route| route.is_page)
    };

    let corpus = context.corpus;
    let runs_it = reached.iter().any(|one| shows(&corpus.modules[one.0]));
    let tested = &corpus.modules[place.0];
    let part = tested.path.split('/').next().unwrap_or("");

    let is_front = [
        "app",
        "web",
        "front",
        "frontend",
        "interface",
        "client",
        "streamlit",
        "webapp",
        "ui",
        "application",
        "backend",
    ]
    .contains(&part)
        && corpus
            .modules
            .iter()
            .any(|module| shows(module) && module.path.starts_with(&format!("{part}/")));

    let is_script =
        tested.path.ends_with(".js") || tested.path.ends_with(".ts") || tested.path.ends_with("x");

    let renders = context.graph.function(place).is_some_and(|function| {
        let helpers = reached
            .iter()
            .filter(|one| corpus.modules[one.0].is_test)
            .filter_map(|one| context.graph.function(*one));
        std::iter::once(function)
            .chain(helpers)
            .any(|one| one.has_any_call(&RENDERS))
    });

    let pages = context.reached.routes.iter().any(|(route, test)| {
        *test == place
            && corpus.modules[route.0]
                .routes
                .get(route.1)
                .is_some_and(|route| route.is_page)
    });

    // Pages that a person acts on: a template without any form may be that of a report.
    let near = |fact: &Fact| shared_folders(&fact.path, &tested.path) >= 2;
    let near_pages = corpus
        .facts
        .iter()
        .any(|fact| fact.kind == FactKind::Interface && near(fact))
        && (corpus
            .all_facts()
            .any(|fact| fact.kind == FactKind::Form && near(fact))
            || corpus.modules.iter().any(|module| {
                module.routes.iter().any(|route| route.is_page)
                    && shared_folders(&module.path, &tested.path) >= 2
            }));

    runs_it
        || near_pages
        || is_front
        || pages
        || (is_script && renders)
        || (renders && tested.imports_any(&["streamlit"]))
}

/// How many leading folders two paths share.
pub(super) fn shared_folders(left: &str, right: &str) -> usize {
    let folders = |path: &str| path.split('/').count().saturating_sub(1);
    let limit = folders(left).min(folders(right));
    left.split('/')
        .zip(right.split('/'))
        .take(limit)
        .take_while(|(left, right)| left == right)
        .count()
}
