//! What each route is for: data, the model, pages, the connection, the health of the service.

use std::collections::BTreeSet;

use super::Context;
use crate::fact::{Fact, FactKind};
use crate::module::Route;

const MODEL: [&str; 22] = [
    "predict",
    "predire",
    "forecast",
    "classif",
    "infer",
    "score",
    "recommend",
    "recommand",
    "detect",
    "analyse",
    "analyze",
    "analysis",
    "generate",
    "chat",
    "embed",
    "match",
    "transcri",
    "summar",
    "sentiment",
    "estimat",
    "ask",
    "prevision",
];
/// Calls of a model that other libraries have too.
const GENERATES: [&str; 6] = [
    "invoke", "ainvoke", "astream", "complete", "generate", "encode",
];
const GENERATORS: [&str; 14] = [
    "transformers",
    "sentence_transformers",
    "torch",
    "diffusers",
    "langchain",
    "langchain_core",
    "langgraph",
    "langchain_openai",
    "openai",
    "mistralai",
    "anthropic",
    "google",
    "ollama",
    "llama_cpp",
];
const PREDICTS: [&str; 9] = [
    "predict",
    "predict_proba",
    "generate_content",
    "run_inference",
    "inference",
    "forecast",
    "decision_function",
    "transcribe",
    "get_forecast",
];
const CONNECTION: [&str; 11] = [
    "oauth",
    "token",
    "login",
    "logout",
    "register",
    "signup",
    "connexion",
    "inscription",
    "/auth",
    "password",
    "users/me",
];
const HEALTH: [&str; 8] = [
    "health", "metrics", "ready", "live", "ping", "docs", "openapi", "favicon",
];

/// What a route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    Data,
    Model,
    Page,
    Connection,
    Health,
}

pub(super) fn facts(context: &Context) -> Vec<Fact> {
    let mut found = Vec::new();
    for (module_index, module) in context
        .corpus
        .modules
        .iter()
        .enumerate()
        .filter(|(_, module)| !module.is_test)
    {
        for (index, route) in module.routes.iter().enumerate() {
            let topic = topic(context, module_index, route);
            let what = match topic {
                Topic::Data => "route de données",
                Topic::Model => "route du modèle",
                Topic::Page => "page",
                Topic::Connection => "route de connexion",
                Topic::Health => continue,
            };

            let place = (module_index, index);
            let mut add = |kind, what: String, exercised| {
                let mut fact = Fact::new(kind, &module.path, route.line, &route.handler, what);
                fact.exercised = exercised;
                found.push(fact);
            };
            let name = format!("{what} `{} {}`", route.method, route.path);

            let is_requested = context.reached.routes.contains_key(&place);
            add(kind(topic), name.clone(), is_requested);
            let guard = match topic {
                Topic::Data => Some(FactKind::DataRouteProtected),
                Topic::Model => Some(FactKind::ModelRouteProtected),
                _ => None,
            };

            if let Some(kind) = guard.filter(|_| route.is_protected) {
                add(
                    kind,
                    format!("accès contrôlé : {name}"),
                    context.reached.refused.contains_key(&place),
                );
            }

            if route.is_protected || topic == Topic::Connection {
                add(
                    FactKind::AccessRight,
                    format!("droits d'accès : {name}"),
                    context.reached.refused.contains_key(&place),
                );
            }
        }
    }
    found
}

fn kind(topic: Topic) -> FactKind {
    match topic {
        Topic::Data => FactKind::DataRoute,
        Topic::Model => FactKind::ModelRoute,
        Topic::Page => FactKind::PageRoute,
        Topic::Connection | Topic::Health => FactKind::AuthRoute,
    }
}

/// What a route is for, by what its function runs, then by its path.
pub(crate) fn topic<'all>(
    context: &Context<'all>,
    module_index: usize,
    route: &'all Route,
) -> Topic {
    let path = route.path.to_ascii_lowercase();
    let module = &context.corpus.modules[module_index];
    let handler = module
        .functions
        .iter()
        .position(|function| function.name == route.handler);
    let is_word = |words: &[&str]| words.iter().any(|word| path.contains(word));
    if is_word(&CONNECTION) {
        return Topic::Connection;
    }
    if is_word(&HEALTH)
        || (path.trim_matches('/').is_empty()
            && !route.is_page
            && handler.is_some_and(|at| is_greeting(module, at)))
    {
        return Topic::Health;
    }
    let handlers = match handler {
        Some(index) => vec![(module_index, index)],
        None => context.graph.handlers(&route.handler, module_index),
    };
    let reached = context.graph.reach(handlers, &BTreeSet::new());
    let calls = |names: &[&str]| {
        reached
            .iter()
            .filter_map(|place| context.graph.function(*place))
            .any(|function| function.has_any_call(names))
    };
    let renders = [
        "render_template",
        "render",
        "TemplateResponse",
        "redirect",
        "RedirectResponse",
    ];
    if route.is_page
        || handler
            .and_then(|index| module.functions.get(index))
            .is_some_and(|function| function.has_any_call(&renders))
    {
        return Topic::Page;
    }
    // Words that anything may bear mean a model only beside a library that has one.
    let speaks = |place: &(usize, usize)| context.corpus.modules[place.0].imports_any(&GENERATORS);
    let generates = reached
        .iter()
        .filter(|place| speaks(place))
        .filter_map(|place| context.graph.function(*place));
    let serves_model = calls(&PREDICTS)
        || generates
            .into_iter()
            .any(|function| function.has_any_call(&GENERATES))
        || context.does(&reached, &[FactKind::AiService]).is_some();
    let named = is_word(&MODEL) || is_model_name(&route.handler);
    let about = path
        .split('/')
        .find(|part| !part.is_empty() && !["api", "v1", "v2"].contains(part))
        .unwrap_or("");
    if ["model", "modele", "model-info", "model_info", "modelinfo"].contains(&about) {
        return Topic::Model;
    }
    match (serves_model, named, route.method.as_str()) {
        (true, ..) | (_, true, "POST") => Topic::Model,
        (_, true, _) if path.contains("predict") || path.contains("forecast") => Topic::Model,
        _ => Topic::Data,
    }
}

fn is_model_name(handler: &str) -> bool {
    let handler = handler.to_ascii_lowercase();
    ["predict", "forecast", "classif", "infer"]
        .iter()
        .any(|word| handler.contains(word))
}

/// A welcome at the root is neither data nor a page.
fn is_greeting(module: &crate::module::Module, index: usize) -> bool {
    module
        .functions
        .get(index)
        .is_some_and(|function| function.calls.len() <= 1)
}
