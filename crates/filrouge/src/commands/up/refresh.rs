//! `filrouge refresh`: the data of the case kept up to date, for services that run apart.

use anyhow::Result;
use tokio_util::sync::CancellationToken;

use super::case::Case;
use super::keep;
use crate::cli::GlobalArgs;
use crate::interruption::interrupted;
use crate::progress::Progress;
use crate::{credentials, database, print, state};

/// Collects, cleans and imports until Ctrl-C. The model API serves the version that the project
/// ships until a training puts another one into service.
pub(crate) async fn refresh(global: &GlobalArgs) -> Result<()> {
    let state = state::open(&global.state)?;
    // Named: a bare `_` would release it at once.
    let _lock = state::lock(&state, "filrouge refresh")?;
    let credentials = credentials::read_or_create(state.root())?;
    let database = database::open_whole(&state).await?;

    let case = Case {
        global,
        state: &state,
        credentials: &credentials,
        are_new: false,
        people: &[],
        progress: &Progress::default(),
        shutdown: &CancellationToken::new(),
    };

    tokio::select! {
        () = keep::up_to_date(case, &database, true) => Ok(()),
        signal = interrupted() => signal.map(|()| print::line("Arrêt demandé.")),
    }
}
