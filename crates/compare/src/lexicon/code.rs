//! The words of `data/code.toml`.

use serde::Deserialize;

use super::words::Words;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    pub(crate) packages: Packages,
    pub(crate) paths: Paths,
    pub(crate) http: Http,
    pub(crate) sql: Sql,
    pub(crate) names: Names,
    pub(crate) guards: Guards,
    pub(crate) routes: Routes,
    pub(crate) clients: Clients,
    pub(crate) tests: Tests,
    pub(crate) monitoring: Monitoring,
    pub(crate) drift: Drift,
    pub(crate) learning: Learning,
    pub(crate) history: History,
    pub(crate) orchestration: Orchestration,
    pub(crate) services: Services,
    pub(crate) markup: Markup,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Packages {
    pub(crate) orm: Words,
    pub(crate) query_orm: Words,
    pub(crate) document_orm: Words,
    pub(crate) model_orm: Words,
    pub(crate) front: Words,
    pub(crate) http_clients: Words,
    pub(crate) site: Words,
    pub(crate) big_data: Words,
    pub(crate) generators: Words,
    pub(crate) orchestrators: Words,
    pub(crate) metrics: Words,
    pub(crate) test_tools: Words,
    pub(crate) rows: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paths {
    pub(crate) extraction: Words,
    pub(crate) imports: Words,
    pub(crate) purges: Words,
    pub(crate) queries: Words,
    pub(crate) orm_queries: Words,
    pub(crate) big_data: Words,
    pub(crate) front: Words,
    pub(crate) monitoring: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Http {
    pub(crate) verbs: Words,
    pub(crate) sessions: Words,
    pub(crate) session_makers: Words,
    pub(crate) ai_services: Words,
    pub(crate) own: Words,
    pub(crate) own_routes: Words,
    pub(crate) own_words: Words,
    pub(crate) own_hosts: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sql {
    pub(crate) orm_verbs: Words,
    pub(crate) big_data: Words,
    pub(crate) dates: Words,
    pub(crate) date_ends: Words,
    pub(crate) ages: Words,
    pub(crate) anonymisations: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Names {
    pub(crate) common: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Guards {
    pub(crate) words: Words,
    pub(crate) refusals: Words,
    pub(crate) identities: Words,
    pub(crate) views: Words,
    pub(crate) data_views: Words,
    pub(crate) whole: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Routes {
    pub(crate) model: Words,
    pub(crate) connection: Words,
    pub(crate) health: Words,
    pub(crate) model_parts: Words,
    pub(crate) model_handlers: Words,
    pub(crate) predicts: Words,
    pub(crate) generates: Words,
    pub(crate) renders: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Clients {
    pub(crate) model: Words,
    pub(crate) renewal: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tests {
    pub(crate) model_calls: Words,
    pub(crate) page_calls: Words,
    pub(crate) starts: Words,
    pub(crate) mocks: Words,
    pub(crate) inventions: Words,
    pub(crate) rows: Words,
    pub(crate) incidents: Words,
    pub(crate) metrics: Words,
    pub(crate) front_folders: Words,
    pub(crate) schema_makers: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Monitoring {
    pub(crate) model: Words,
    pub(crate) types: Words,
    pub(crate) measures: Words,
    pub(crate) computes: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Drift {
    pub(crate) names: Words,
    pub(crate) computes: Words,
    pub(crate) verbs: Words,
    pub(crate) statistics: Words,
    pub(crate) delegates: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Learning {
    pub(crate) targets: Words,
    pub(crate) tables: Words,
    pub(crate) features: Words,
    pub(crate) dates: Words,
    pub(crate) fits: Words,
    pub(crate) judges: Words,
    pub(crate) past: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct History {
    pub(crate) fixes: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Orchestration {
    pub(crate) flows: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Services {
    pub(crate) monitors: Words,
    pub(crate) ai: Words,
    pub(crate) model_panels: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Markup {
    pub(crate) bodies: Words,
    pub(crate) accessible: Words,
}
