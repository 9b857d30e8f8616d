//! A call over HTTP is an extraction, a call of the application to its own API, or a call to an AI
//! service.

use super::{EXTRACTION, path_has};
use crate::fact::{Fact, FactKind};
use crate::module::{Call, Module};

const CLIENTS: [&str; 5] = ["requests", "httpx", "aiohttp", "urllib", "axios"];
const SERVICES: [&str; 14] = [
    "api.openai.com",
    "api.mistral.ai",
    "api-inference.huggingface",
    "router.huggingface",
    "api.anthropic.com",
    "generativelanguage.googleapis",
    ":11434",
    "ollama",
    "openrouter.ai",
    "api.cohere",
    "api.groq",
    "cognitiveservices",
    "api.deepl.com",
    "endpoints.ai.cloud.ovh",
];
const FRONT: [&str; 17] = [
    "front",
    "streamlit",
    "interface",
    "webapp",
    "/ui",
    "viewer",
    "views",
    "client",
    "gradio",
    "templates",
    "dashboard",
    "web/",
    "pages/",
    "components/",
    "app_",
    "services/api",
    "site/",
];
const OWN: [&str; 14] = [
    "localhost",
    "127.0.0.1",
    "api_url",
    "api_base",
    "base_url",
    "backend",
    "url_api",
    "predict",
    "/token",
    "fastapi_url",
    "model_api",
    "api_host",
    "vite_api",
    "next_public",
];

/// Ends of addresses that only an API of the submission has.
const OWN_ROUTES: [&str; 3] = ["/predict", "/token", "/login"];
/// Where candidates host what they make.
const HOSTS: [&str; 12] = [
    "localhost",
    "127.0.0.1",
    "onrender.com",
    "herokuapp.com",
    "azurewebsites.net",
    "azurecontainer",
    "run.app",
    "railway.app",
    "hf.space",
    "fly.dev",
    "vercel.app",
    "ngrok",
];

/// What a call to an HTTP client is for; none when the call is no such thing.
pub(super) fn fact(module: &Module, call: &Call) -> Option<Fact> {
    if module.is_test || !is_request(module, call) {
        return None;
    }

    let words = format!("{} {}", call.arguments, call.target).to_ascii_lowercase();
    let (kind, what) = if words.contains("webhook") {
        (FactKind::AlertReceiver, "message envoyé à un canal")
    } else if SERVICES.iter().any(|service| words.contains(service)) {
        (FactKind::AiService, "appel d'un service d'IA")
    } else if is_extraction(module, call, &words) {
        (FactKind::SourceHttp, "appel d'un service web")
    } else {
        (FactKind::ApiCall, "appel de l'API par l'application")
    };

    Some(Fact::new(
        kind,
        &module.path,
        call.line,
        &call.scope,
        format!("{what} (`{}`)", call.name),
    ))
}

fn is_extraction(module: &Module, call: &Call, words: &str) -> bool {
    if path_has(&module.path, &EXTRACTION)
        || words.contains("\"https://")
        || words.contains("'https://")
    {
        return true;
    }
    let is_front = path_has(&module.path, &FRONT)
        || module.imports_any(&[
            "streamlit",
            "gradio",
            "flask",
            "django",
            "dash",
            "nicegui",
            "react",
            "vue",
            "next",
        ]);
    let outside = module
        .constants
        .iter()
        .any(|(name, value, _)| is_elsewhere(value) && words.contains(&name.to_ascii_lowercase()));
    // An address that is written down leads where it says, whatever its name.
    if outside && !is_front && !OWN_ROUTES.iter().any(|route| words.contains(route)) {
        return true;
    }
    let own = OWN.iter().any(|word| words.contains(word))
        || constant_is_own(module, words)
        || speaks_to_own(module)
        || is_relative(call);
    !is_front && !own && !path_has(&call.scope, &["predict", "api_client"])
}

/// Whether a literal is an address that the submission does not answer itself.
fn is_elsewhere(value: &str) -> bool {
    value.contains("https://") && !HOSTS.iter().any(|host| value.contains(host))
}

/// Whether the file asks an API for a token or a prediction, or takes its address from the
/// environment.
fn speaks_to_own(module: &Module) -> bool {
    module.calls.iter().any(|call| {
        ["/predict", "/token", "API_URL", "MODEL_URL"]
            .iter()
            .any(|word| call.arguments.contains(word))
    })
}

/// `fetch("/api/…")` stays on the site.
fn is_relative(call: &Call) -> bool {
    call.arguments
        .trim_start_matches(['(', '"', '\'', '`'])
        .starts_with('/')
}

/// Whether the address is a constant of the file that points to the machine itself or to a service
/// of the compose file.
fn constant_is_own(module: &Module, words: &str) -> bool {
    module.constants.iter().any(|(name, value, _)| {
        let local =
            value.contains("localhost") || value.contains("127.0.0.1") || value.contains("http://");
        local && !name.is_empty() && words.contains(&name.to_ascii_lowercase())
    })
}

fn is_request(module: &Module, call: &Call) -> bool {
    const VERBS: [&str; 8] = [
        "get", "post", "put", "patch", "delete", "request", "urlopen", "send",
    ];
    if call.name == "fetch"
        || call.name.starts_with("axios")
        || call.name == "$fetch"
        || call.name == "useFetch"
    {
        return true;
    }
    if !VERBS.contains(&call.last()) {
        return false;
    }
    let first = call.name.split(['.', ':']).next().unwrap_or("");
    if CLIENTS.contains(&first) {
        return true;
    }
    let receiver = call.name.to_ascii_lowercase();
    let is_session = ["session", "client", "http", "scraper"]
        .iter()
        .any(|word| receiver.contains(word));
    let is_opened = module.calls.iter().any(|opened| {
        opened.target == first
            && ["requests.Session", "httpx.Client", "httpx.AsyncClient"]
                .contains(&opened.name.as_str())
    });
    is_opened && !first.is_empty()
        || is_session
            && (module.imports_any(&CLIENTS) || module.imports_any(&["reqwest"]))
            && !receiver.contains("session_state")
}
