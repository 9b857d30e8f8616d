//! `filrouge refresh`: the data of the case kept up to date, for services that run apart.

use anyhow::Result;
use filrouge_http::process;
use tokio_util::sync::CancellationToken;

use super::case::Case;
use super::keep;
use crate::cli::{GlobalArgs, TriageServiceArguments};
use crate::interruption::interrupted;
use crate::loop_metrics::{self, LoopMetrics};
use crate::progress::Progress;
use crate::{credentials, database, print, services, state};

/// Name of the loop where its port is spoken of.
pub(super) const NAME: &str = "tenue à jour";

/// Collects, cleans and imports until Ctrl-C. The model API serves the version that the project
/// ships until a training puts another one into service.
pub(crate) async fn refresh(global: &GlobalArgs) -> Result<()> {
    let state = state::open(&global.state)?;
    // Named: a bare `_` would release it at once.
    let _lock = state::lock(&state, "filrouge refresh")?;
    let credentials = credentials::read_or_create(state.root())?;
    let database = database::open_whole(&state).await?;

    let listener = services::bind_at(global, loop_metrics::PORT_OFFSET, NAME).await?;
    process::watch_disk(state.root());
    let measures = LoopMetrics::resume(state.root())?;

    let case = Case {
        global,
        state: &state,
        credentials: &credentials,
        are_new: false,
        trusted_key: None,
        triage: &TriageServiceArguments::default(),
        people: &[],
        progress: &Progress::default(),
        shutdown: &CancellationToken::new(),
        measures: &measures,
    };

    tokio::select! {
        () = keep::up_to_date(case, &database, true) => Ok(()),
        served = measures.serve(listener, std::future::pending()) => served,
        signal = interrupted() => signal.map(|()| print::line("Arrêt demandé.")),
    }
}
