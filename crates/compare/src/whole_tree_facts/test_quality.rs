//! The subject of each test: the data, the training, the model, the application, the access.

use std::collections::BTreeSet;

use super::context::TreeContext;
use crate::call_graph::FunctionId;
use crate::fact::{Fact, FactKind};
use crate::lexicon::{CODE, Words};
use crate::module::{Function, Module, Test};
use crate::text::shared_folders;

/// Folders that a test shares with the pages of its part of the tree.
const NEAR: usize = 2;

pub(super) fn facts(context: &TreeContext) -> Vec<Fact> {
    let tells_incidents = context.corpus.pages.iter().any(|page| page.is_incident);
    let trains = context
        .corpus
        .all_facts()
        .any(|fact| fact.kind == FactKind::Training);
    let mut found = Vec::new();

    for (id, function, test) in context.graph.tests() {
        let module = &context.corpus.modules[id.0];
        let mut add = |kind, what: &str| {
            let what = format!("{what} `{}`", function.name);
            found.push(module.function_fact(kind, function, what).exercised(true));
        };

        add(FactKind::AnyTest, "test");
        if let Some(reached) = context.reached.from.get(&id) {
            let subject = TestSubject {
                context,
                id,
                module,
                function,
                test,
                reached,
            };
            let subjects = subject.kinds(trains, tells_incidents);
            subjects.for_each(|(kind, what)| add(kind, what));
        }
    }

    found
}

/// A test, and the functions that it reaches.
struct TestSubject<'read, 'all> {
    context: &'read TreeContext<'all>,
    id: FunctionId,
    module: &'all Module,
    function: &'all Function,
    test: &'all Test,
    reached: &'all BTreeSet<FunctionId>,
}

impl TestSubject<'_, '_> {
    /// The facts that a test makes; `trains` says whether the tree trains a model,
    /// `tells_incidents` whether a page of it tells one.
    fn kinds(
        &self,
        trains: bool,
        tells_incidents: bool,
    ) -> impl Iterator<Item = (FactKind, &'static str)> {
        let is_regression = tells_incidents && self.is_named(&CODE.tests.incidents);
        let subjects = [
            (
                self.does(&[FactKind::Training, FactKind::ModelSaving]),
                FactKind::TrainingTest,
                "test de l'entraînement",
            ),
            (self.is_about_model(), FactKind::ModelTest, "test du modèle"),
            (
                trains && self.is_about_data(),
                FactKind::DataTest,
                "test des données",
            ),
            (
                self.does(&[FactKind::ApiCall]),
                FactKind::ApiClientTest,
                "test de l'appel à l'API",
            ),
            (
                self.test.expects_refusal,
                FactKind::AccessTest,
                "test d'un refus d'accès",
            ),
            (
                self.is_about_application(),
                FactKind::AppTest,
                "test de l'application",
            ),
            (
                is_regression,
                FactKind::RegressionTest,
                "test qui reproduit un incident",
            ),
        ];

        subjects
            .into_iter()
            .filter(|(is_such, ..)| *is_such)
            .map(|(_, kind, what)| (kind, what))
    }

    fn does(&self, kinds: &[FactKind]) -> bool {
        self.context.does(self.reached, kinds)
    }

    fn is_named(&self, words: &Words) -> bool {
        let name = format!("{} {}", self.module.path, self.function.name);
        words.any_in(&name.to_ascii_lowercase())
    }

    fn is_about_model(&self) -> bool {
        let replaces_model = || {
            let mut replaced = self.test.replaced.iter();
            replaced.any(|name| name.to_ascii_lowercase().contains("model"))
        };
        let calls_model =
            || self.function.has_any_call(&CODE.tests.model_calls) && !self.is_mocked();

        // A test over HTTP is about the service, whatever the model behind it.
        self.test.requests.is_empty()
            && !replaces_model()
            && (self.does(&[FactKind::Evaluation, FactKind::AiService]) || calls_model())
    }

    /// True when the thing that the test calls is an invention of the test.
    fn is_mocked(&self) -> bool {
        let Function {
            names, parameters, ..
        } = self.function;
        CODE.tests.mocks.iter().any(|mock| names.contains(mock))
            || (self.module.imports("unittest.mock")
                && parameters.iter().any(|name| name.starts_with("mock")))
    }

    fn is_about_data(&self) -> bool {
        let prepares = self.does(&[
            FactKind::Cleaning,
            FactKind::Aggregation,
            FactKind::DataValidation,
        ]);
        let reads_rows =
            || self.module.imports_any(&CODE.packages.rows) && self.is_named(&CODE.tests.rows);
        self.test.requests.is_empty() && (prepares || reads_rows())
    }

    /// True when a test runs code of a part of the tree that shows pages.
    fn is_about_application(&self) -> bool {
        let modules = &self.context.corpus.modules;
        self.reached.iter().any(|id| shows(&modules[id.0]))
            || self.is_near_pages()
            || self.is_in_front_folder()
            || self.requests_page()
            || self.renders()
    }

    /// True when a test shows a page itself, or through a helper, in a language of pages.
    fn renders(&self) -> bool {
        let path = &self.module.path;
        // `.jsx` and `.tsx` end with an x.
        let is_script = path.ends_with(".js") || path.ends_with(".ts") || path.ends_with('x');
        let shows = |one: &Function| one.has_any_call(&CODE.tests.page_calls);

        (is_script || self.module.imports("streamlit"))
            && std::iter::once(self.function)
                .chain(self.context.graph.helpers(self.reached.iter()))
                .any(shows)
    }

    /// True when the test stands in the folder of an application, such as `front/`.
    fn is_in_front_folder(&self) -> bool {
        let folder = self.module.path.split('/').next().unwrap_or("");
        let prefix = format!("{folder}/");
        CODE.tests.front_folders.has(folder)
            && self
                .context
                .corpus
                .modules
                .iter()
                .any(|module| shows(module) && module.path.starts_with(&prefix))
    }

    fn requests_page(&self) -> bool {
        let modules = &self.context.corpus.modules;
        let mut routes = self.context.reached.routes.iter();
        routes.any(|(route, test)| {
            let answer = modules[route.0].routes.get(route.1);
            *test == self.id && answer.is_some_and(|route| route.is_page)
        })
    }

    /// True when a test stands beside pages that a person acts on: a template without any form may
    /// be that of a report.
    fn is_near_pages(&self) -> bool {
        let corpus = self.context.corpus;
        let is_near = |path: &str| shared_folders(path, &self.module.path) >= NEAR;
        let is_near_fact = |fact: &Fact, kind| fact.kind == kind && is_near(&fact.path);

        let mut pages = corpus.facts.iter();
        let mut all = corpus.all_facts();
        let mut modules = corpus.modules.iter();
        pages.any(|fact| is_near_fact(fact, FactKind::Interface))
            && (all.any(|fact| is_near_fact(fact, FactKind::Form))
                || modules.any(|module| has_page(module) && is_near(&module.path)))
    }
}

fn shows(module: &Module) -> bool {
    module.has_fact(FactKind::Interface) || module.has_fact(FactKind::Form) || has_page(module)
}

fn has_page(module: &Module) -> bool {
    module.routes.iter().any(|route| route.is_page)
}
