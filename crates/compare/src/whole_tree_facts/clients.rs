//! The clients of an API: the model that they ask, and the token that they join.

use std::collections::BTreeSet;

use crate::corpus::Corpus;
use crate::fact::{Fact, FactKind};
use crate::lexicon::CODE;
use crate::module::{Call, Function, Module};

/// Routes of models that the calls of clients are laid beside.
const ROUTES: usize = 100;

/// The facts of the files that call an API of the submission; `routes` are those of the tree.
pub(super) fn facts(corpus: &Corpus, routes: &[Fact]) -> Vec<Fact> {
    let model_paths: Vec<&str> = routes
        .iter()
        .filter(|fact| fact.kind == FactKind::ModelRoute)
        .filter_map(|fact| path_of(&fact.what))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .take(ROUTES)
        .collect();
    // Without a route of data, the only API to call is the model's.
    let serves_data = routes.iter().any(|fact| fact.kind == FactKind::DataRoute);

    let mut found = Vec::new();
    for module in &corpus.modules {
        if module.has_fact(FactKind::ApiCall) {
            if !serves_data || asks_a_model(module, &model_paths) {
                found.extend(model_calls(module));
            }
            found.extend(token(module));
            found.extend(renewal(module));
        }
    }
    found
}

/// The path in « route du modèle `GET /x` », unless it is too short to mean something.
fn path_of(what: &str) -> Option<&str> {
    let route = what.split('`').nth(1)?;
    route.split(' ').nth(1).filter(|path| path.len() > 2)
}

/// True when a client asks for a forecast, a class, a text that a model makes.
fn asks_a_model(module: &Module, model_paths: &[&str]) -> bool {
    let asks_route = |call: &Call| model_paths.iter().any(|path| call.arguments.contains(path));
    says_model(&module.path)
        || module
            .calls
            .iter()
            .any(|call| asks_route(call) || says_model(&call.arguments))
        || module.functions.iter().any(|one| says_model(&one.name))
}

fn says_model(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let mut parts = text.split(|letter: char| !letter.is_ascii_alphanumeric());

    // `ia` begins too many words to count inside one.
    parts.any(|part| {
        let mut words = CODE.clients.model.iter();
        words.any(|word| part.starts_with(word) && (word.len() > 2 || part == word))
    })
}

fn model_calls(module: &Module) -> impl Iterator<Item = Fact> {
    let calls = module.facts.iter();
    calls
        .filter(|fact| fact.kind == FactKind::ApiCall)
        .map(|fact| Fact {
            kind: FactKind::ModelCall,
            ..fact.clone()
        })
}

/// The token that a call joins, or that a function names.
fn token(module: &Module) -> Option<Fact> {
    let what = "jeton joint à l'appel";
    let joins = |call: &&Call| {
        call.arguments.contains("Authorization") || call.arguments.contains("Bearer")
    };
    let names = |function: &&Function| {
        let mut names = function.names.iter();
        names.any(|name| name.to_ascii_lowercase().contains("token"))
    };

    let call = module.calls.iter().find(joins);
    // A call that joins a token shows more than a name.
    let by_call = call.map(|call| module.call_fact(FactKind::ApiToken, call, what));
    by_call.or_else(|| {
        let function = module.functions.iter().find(names)?;
        Some(module.function_fact(FactKind::ApiToken, function, what))
    })
}

fn renewal(module: &Module) -> Option<Fact> {
    let renews = |function: &&Function| {
        let mut names = function.names.iter().chain([&function.name]);
        names.any(|name| CODE.clients.renewal.any_in(&name.to_ascii_lowercase()))
    };

    let function = module.functions.iter().find(renews)?;
    let what = "jeton renouvelé à son expiration";
    Some(module.function_fact(FactKind::ApiTokenRenewal, function, what))
}
