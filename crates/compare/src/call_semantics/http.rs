//! A call over HTTP is an extraction, a call of the application to its own API, or a call to an AI
//! service.

use std::collections::BTreeSet;

use crate::fact::FactKind;
use crate::lexicon::CODE;
use crate::module::{Call, Module};

/// The parts of a module that the meaning of every request depends on, read once.
pub(super) struct Clients {
    /// Names given to a session: `s = requests.Session()`.
    sessions: BTreeSet<String>,
    /// Constants, in lower case, whose value is an address that the submission does not answer.
    elsewhere: BTreeSet<String>,
    /// Constants, in lower case, whose value is an address of its own.
    local: BTreeSet<String>,
    /// The file asks an API for a token or a prediction, or takes its address from the environment.
    speaks_to_own: bool,
}

impl Clients {
    pub(super) fn of(module: &Module) -> Self {
        let calls = || module.calls.iter();
        let makers = calls().filter(|call| CODE.http.session_makers.has(&call.name));
        let named = |is_such: fn(&str) -> bool| {
            let constants = module.constants.iter();
            constants
                .filter(|one| !one.name.is_empty() && is_such(&one.value))
                .map(|one| one.name.to_ascii_lowercase())
                .collect()
        };

        Self {
            sessions: makers.map(|call| call.target.clone()).collect(),
            elsewhere: named(is_elsewhere),
            local: named(is_local),
            speaks_to_own: calls().any(|call| CODE.http.own_words.any_in(&call.arguments)),
        }
    }
}

/// True when the words of a call name one of these constants.
fn names(words: &str, constants: &BTreeSet<String>) -> bool {
    let mut names = words.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    !constants.is_empty() && names.any(|name| constants.contains(name))
}

/// The purpose of a call to an HTTP client; none when the call is no such thing.
pub(super) fn meaning(
    module: &Module,
    clients: &Clients,
    call: &Call,
) -> Option<(FactKind, &'static str)> {
    if !is_request(module, clients, call) {
        return None;
    }

    // The name that takes the answer often says more than the address.
    let words = format!("{} {}", call.arguments, call.target).to_ascii_lowercase();
    Some(if words.contains("webhook") {
        // A hook that receives a message alerts a person, whatever its host.
        (FactKind::AlertReceiver, "message envoyé à un canal")
    } else if CODE.http.ai_services.any_in(&words) {
        (FactKind::AiService, "appel d'un service d'IA")
    } else if is_extraction(module, clients, call, &words) {
        (FactKind::SourceHttp, "appel d'un service web")
    } else {
        (FactKind::ApiCall, "appel de l'API par l'application")
    })
}

fn is_request(module: &Module, clients: &Clients, call: &Call) -> bool {
    if ["fetch", "$fetch", "useFetch"].contains(&call.name.as_str())
        || call.name.starts_with("axios")
    {
        return true;
    }
    if !CODE.http.verbs.has(call.last()) {
        return false;
    }

    let client = call.name.split(['.', ':']).next().unwrap_or("");
    CODE.packages.http_clients.has(client)
        || (!client.is_empty() && clients.sessions.contains(client))
        || is_named_session(module, call)
}

/// True when the object of a call bears the name of a session, in a file that imports a client.
fn is_named_session(module: &Module, call: &Call) -> bool {
    let object = call.name.to_ascii_lowercase();
    CODE.http.sessions.any_in(&object)
        // The state of a page of Streamlit is no session over HTTP.
        && !object.contains("session_state")
        && (module.imports_any(&CODE.packages.http_clients) || module.imports("reqwest"))
}

fn is_extraction(module: &Module, clients: &Clients, call: &Call, words: &str) -> bool {
    if module.path_has(&CODE.paths.extraction)
        || words.contains("\"https://")
        || words.contains("'https://")
    {
        return true;
    }

    let is_front = module.path_has(&CODE.paths.front) || module.imports_any(&CODE.packages.site);
    // An address that is written down leads where it says, whatever its name.
    let leads_outside = names(words, &clients.elsewhere) && !CODE.http.own_routes.any_in(words);
    if is_front || leads_outside {
        return !is_front;
    }

    let scope = call.scope.to_ascii_lowercase();
    !is_own(clients, call, words) && !scope.contains("predict") && !scope.contains("api_client")
}

/// True when a call is to the API of the submission itself.
fn is_own(clients: &Clients, call: &Call, words: &str) -> bool {
    CODE.http.own.any_in(words)
        || names(words, &clients.local)
        || clients.speaks_to_own
        || is_relative(call)
}

/// True when a literal is an address that the submission does not answer itself.
fn is_elsewhere(value: &str) -> bool {
    value.contains("https://") && !CODE.http.own_hosts.any_in(value)
}

/// True when a literal is the address of the machine itself, or of a service of the compose file.
fn is_local(value: &str) -> bool {
    ["localhost", "127.0.0.1", "http://"]
        .iter()
        .any(|word| value.contains(word))
}

/// `fetch("/api/…")` stays on the site.
fn is_relative(call: &Call) -> bool {
    call.arguments
        .trim_start_matches(['(', '"', '\'', '`'])
        .starts_with('/')
}
