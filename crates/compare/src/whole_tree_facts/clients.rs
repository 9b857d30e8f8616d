//! What the clients of an API ask for, and how they authenticate.

use crate::corpus::Corpus;
use crate::fact::{Fact, FactKind};
use crate::module::{Call, Function, Module};

/// The path in « route du modèle `GET /x` », unless it is too short to mean something.
fn path_of(what: &str) -> Option<&str> {
    what.split('`')
        .nth(1)?
        .split(' ')
        .nth(1)
        .filter(|path| path.len() > 2)
}

/// Whether a client asks for what a model gives.
fn asks_a_model(module: &Module, model_paths: &[&str]) -> bool {
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
            .any(|part| {
                WORDS
                    .iter()
                    .any(|word| part.starts_with(word) && (word.len() > 2 || part == *word))
            })
    };
    let asks_route = |call: &Call| model_paths.iter().any(|path| call.arguments.contains(path));
    says(&module.path)
        || module.calls.iter().any(asks_route)
        || module.calls.iter().any(|call| says(&call.arguments))
        || module.functions.iter().any(|function| says(&function.name))
}

/// How the application's client authenticates and renews its token.
pub(super) fn clients(corpus: &Corpus, routes: &[Fact]) -> Vec<Fact> {
    let mut found = Vec::new();
    let model_paths: Vec<&str> = routes
        .iter()
        .filter(|fact| fact.kind == FactKind::ModelRoute)
        .filter_map(|fact| path_of(&fact.what))
        .collect();
    let serves_data = routes.iter().any(|fact| fact.kind == FactKind::DataRoute);
    for module in corpus.modules.iter().filter(|module| {
        module
            .facts
            .iter()
            .any(|fact| fact.kind == FactKind::ApiCall)
    }) {
        if !serves_data || asks_a_model(module, &model_paths) {
            found.extend(
                module
                    .facts
                    .iter()
                    .filter(|fact| fact.kind == FactKind::ApiCall)
                    .map(|fact| Fact {
                        kind: FactKind::ModelCall,
                        ..fact.clone()
                    }),
            );
        }
        let fact =
            |kind, line, scope: &str, what: &str| Fact::new(kind, &module.path, line, scope, what);
        let token = module.calls.iter().find(|call| {
            call.arguments.contains("Authorization") || call.arguments.contains("Bearer")
        });
        let named = module.functions.iter().find(|function| {
            function
                .names
                .iter()
                .any(|name| name.to_ascii_lowercase().contains("token"))
        });
        if let Some(call) = token {
            found.push(fact(
                FactKind::ApiToken,
                call.line,
                &call.scope,
                "jeton joint à l'appel",
            ));
        } else if let Some(function) = named {
            found.push(fact(
                FactKind::ApiToken,
                function.line,
                &function.name,
                "jeton joint à l'appel",
            ));
        }
        let renews = |function: &&Function| {
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
            found.push(fact(
                FactKind::ApiTokenRenewal,
                function.line,
                &function.name,
                "jeton renouvelé à son expiration",
            ));
        }
    }
    found
}
