//! `filrouge serve SERVICE`: one service alone, until Ctrl-C.

use std::path::Path;

use anyhow::Result;
use filrouge_http::process;
use tokio_util::sync::CancellationToken;

use crate::cli::{GlobalArgs, Service, SignatureArguments, TriageServiceArguments};
use crate::commands::collect;
use crate::interruption::interrupted;
use crate::services::{self, Start};
use crate::{credentials, database, print, state};

/// The options of one service or another.
pub(crate) struct ServeOptions<'a> {
    /// The profile of the city, for the application.
    pub(crate) profile: Option<&'a Path>,
    /// The key that the model API trusts.
    pub(crate) signature: &'a SignatureArguments,
    /// The AI service that the application calls.
    pub(crate) triage: &'a TriageServiceArguments,
}

pub(crate) async fn run(
    global: &GlobalArgs,
    service: Service,
    options: &ServeOptions<'_>,
) -> Result<()> {
    let state = state::open(&global.state)?;
    process::watch_disk(state.root());
    // Several instances may serve from one state; none while its files are replaced.
    let _serving = state::lock_serving(&state, service)?;
    let credentials = credentials::read_or_create(state.root())?;
    let listener = services::bind(global, service).await?;
    print::line(&format!(
        "{} : {}",
        service.name(),
        services::local_address(global, service)
    ));
    let shutdown = CancellationToken::new();

    let start = Start {
        global,
        state: &state,
        credentials: &credentials,
        city: collect::read_profile(global, &state, options.profile)?.city(),
        trusted_key: services::trusted_key(options.signature)?,
        triage: options.triage,
        shutdown: shutdown.clone(),
    };

    // Services end by the token, as in `up`: requests under way finish.
    tokio::spawn(async move {
        if interrupted().await.is_ok() {
            shutdown.cancel();
        }
    });

    match service {
        Service::City => start.city(listener).await,
        Service::DataApi => {
            start
                .data_api(listener, database::open_whole(&state).await?)
                .await
        }
        Service::ModelApi => start.model_api(listener).await,
        Service::Web => start.web(listener).await,
    }
}
