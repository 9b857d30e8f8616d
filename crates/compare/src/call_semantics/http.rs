//! A call over HTTP is an extraction, a call of the application to its own API, or a call to an AI
//! service.

use crate::fact::FactKind;
use crate::lexicon::CODE;
use crate::module::{Call, Module};

/// The purpose of a call to an HTTP client; none when the call is no such thing.
pub(super) fn meaning(module: &Module, call: &Call) -> Option<(FactKind, &'static str)> {
    if !is_request(module, call) {
        return None;
    }

    // The name that takes the answer often says more than the address.
    let words = format!("{} {}", call.arguments, call.target).to_ascii_lowercase();
    Some(if words.contains("webhook") {
        // A hook that receives a message alerts a person, whatever its host.
        (FactKind::AlertReceiver, "message envoyé à un canal")
    } else if CODE.http.ai_services.any_in(&words) {
        (FactKind::AiService, "appel d'un service d'IA")
    } else if is_extraction(module, call, &words) {
        (FactKind::SourceHttp, "appel d'un service web")
    } else {
        (FactKind::ApiCall, "appel de l'API par l'application")
    })
}

fn is_request(module: &Module, call: &Call) -> bool {
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
        || is_opened_session(module, client)
        || is_named_session(module, call)
}

/// True when a name was given to a session: `s = requests.Session()`.
fn is_opened_session(module: &Module, client: &str) -> bool {
    let makes_it = |call: &Call| call.target == client && CODE.http.session_makers.has(&call.name);
    !client.is_empty() && module.calls.iter().any(makes_it)
}

/// True when the object of a call bears the name of a session, in a file that imports a client.
fn is_named_session(module: &Module, call: &Call) -> bool {
    let object = call.name.to_ascii_lowercase();
    CODE.http.sessions.any_in(&object)
        // The state of a page of Streamlit is no session over HTTP.
        && !object.contains("session_state")
        && (module.imports_any(&CODE.packages.http_clients) || module.imports("reqwest"))
}

fn is_extraction(module: &Module, call: &Call, words: &str) -> bool {
    if module.path_has(&CODE.paths.extraction)
        || words.contains("\"https://")
        || words.contains("'https://")
    {
        return true;
    }

    let is_front = module.path_has(&CODE.paths.front) || module.imports_any(&CODE.packages.site);
    // An address that is written down leads where it says, whatever its name.
    let leads_outside =
        names_constant(module, words, is_elsewhere) && !CODE.http.own_routes.any_in(words);
    if is_front || leads_outside {
        return !is_front;
    }

    let scope = call.scope.to_ascii_lowercase();
    !is_own(module, call, words) && !scope.contains("predict") && !scope.contains("api_client")
}

/// True when a call is to the API of the submission itself.
fn is_own(module: &Module, call: &Call, words: &str) -> bool {
    CODE.http.own.any_in(words)
        || names_constant(module, words, is_local)
        || speaks_to_own(module)
        || is_relative(call)
}

/// True when the words of a call name a constant of the file with such a value.
fn names_constant(module: &Module, words: &str, is_such: impl Fn(&str) -> bool) -> bool {
    module.constants.iter().any(|one| {
        !one.name.is_empty()
            && is_such(&one.value)
            && words.contains(&one.name.to_ascii_lowercase())
    })
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

/// True when the file asks an API for a token or a prediction, or takes its address from the
/// environment.
fn speaks_to_own(module: &Module) -> bool {
    module
        .calls
        .iter()
        .any(|call| CODE.http.own_words.any_in(&call.arguments))
}

/// `fetch("/api/…")` stays on the site.
fn is_relative(call: &Call) -> bool {
    call.arguments
        .trim_start_matches(['(', '"', '\'', '`'])
        .starts_with('/')
}
