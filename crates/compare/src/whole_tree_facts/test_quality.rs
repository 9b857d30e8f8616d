//! The subject of each test: the data, the training, the model, the application, the access.

use std::collections::BTreeSet;

use super::context::TreeContext;
use crate::call_graph::FunctionId;
use crate::fact::{Fact, FactKind};
use crate::lexicon::{CODE, Words};
use crate::module::{Function, Module, Test};

pub(super) fn facts(context: &TreeContext) -> Vec<Fact> {
    let tells_incidents = context.corpus.pages.iter().any(|page| page.is_incident);
    let trains = context
        .corpus
        .all_facts()
        .any(|fact| fact.kind == FactKind::Training);
    let pages = Pages::new(context);
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
                pages: &pages,
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

/// The parts of a tree that show pages, read once for all tests.
struct Pages<'all> {
    /// For each module, whether it shows a page.
    modules: Vec<bool>,
    /// First folders of the modules that do.
    folders: BTreeSet<&'all str>,
    /// First two folders of templates, and of the things that a person acts on.
    templates: BTreeSet<(&'all str, &'all str)>,
    acted_on: BTreeSet<(&'all str, &'all str)>,
    /// Tests that ask for a page.
    asking: BTreeSet<FunctionId>,
}

impl<'all> Pages<'all> {
    fn new(context: &TreeContext<'all>) -> Self {
        let corpus = context.corpus;
        let modules: Vec<bool> = corpus.modules.iter().map(shows).collect();
        let showing = corpus
            .modules
            .iter()
            .zip(&modules)
            .filter(|(_, shows)| **shows);
        let of_kind = |kind: FactKind| move |fact: &&Fact| fact.kind == kind;

        let templates = corpus.facts.iter().filter(of_kind(FactKind::Interface));
        let forms = corpus.all_facts().filter(of_kind(FactKind::Form));
        let with_pages = corpus.modules.iter().filter(|module| has_page(module));
        let acted_on = forms
            .map(|fact| fact.path.as_str())
            .chain(with_pages.map(|module| module.path.as_str()));
        let asking = context.reached.routes.iter().filter(|(route, _)| {
            let answer = corpus.modules[route.0].routes.get(route.1);
            answer.is_some_and(|route| route.is_page)
        });

        Self {
            folders: showing
                .filter_map(|(module, _)| first_folder(&module.path))
                .collect(),
            templates: templates
                .filter_map(|fact| part_of_tree(&fact.path))
                .collect(),
            acted_on: acted_on.filter_map(part_of_tree).collect(),
            asking: asking.map(|(_, test)| *test).collect(),
            modules,
        }
    }
}

fn first_folder(path: &str) -> Option<&str> {
    path.split_once('/').map(|(folder, _)| folder)
}

/// The first two folders of a path: files that share them are of the same part of a tree.
fn part_of_tree(path: &str) -> Option<(&str, &str)> {
    let mut parts = path.split('/');
    let folders = (parts.next()?, parts.next()?);
    parts.next().map(|_| folders)
}

/// A test, and the functions that it reaches.
struct TestSubject<'read, 'all> {
    context: &'read TreeContext<'all>,
    pages: &'read Pages<'all>,
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
        self.reached.iter().any(|id| self.pages.modules[id.0])
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
        let folder = first_folder(&self.module.path);
        folder.is_some_and(|folder| {
            CODE.tests.front_folders.has(folder) && self.pages.folders.contains(folder)
        })
    }

    fn requests_page(&self) -> bool {
        self.pages.asking.contains(&self.id)
    }

    /// True when a test stands beside pages that a person acts on: a template without any form may
    /// be that of a report.
    fn is_near_pages(&self) -> bool {
        let part = part_of_tree(&self.module.path);
        part.is_some_and(|part| {
            self.pages.templates.contains(&part) && self.pages.acted_on.contains(&part)
        })
    }
}

fn shows(module: &Module) -> bool {
    module.has_fact(FactKind::Interface) || module.has_fact(FactKind::Form) || has_page(module)
}

fn has_page(module: &Module) -> bool {
    module.routes.iter().any(|route| route.is_page)
}
