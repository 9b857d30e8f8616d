//! `filrouge health SERVICE`: the question of a supervisor to a service that runs beside this
//! command, in a container without a shell.

use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::cli::{GlobalArgs, Service};
use crate::{print, services};

/// A service answers within a second, or says that it is not ready.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) async fn run(global: &GlobalArgs, service: Service) -> Result<()> {
    let address = format!("{}/health/ready", services::local_address(global, service));
    let client = services::client().timeout(PATIENCE).build()?;

    let response = client
        .get(&address)
        .send()
        .await
        .with_context(|| format!("`{address}` ne répond pas"))?;
    let status = response.status();

    ensure!(status.is_success(), "`{address}` répond {status}");
    print::line(&format!("{} : prête", service.name()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::http::StatusCode;
    use axum::routing::get;

    /// Asks a web application whose readiness answers `status`; without one, nothing listens.
    async fn asked(status: Option<StatusCode>) -> Result<()> {
        let listener = tokio::net::TcpListener::bind((GlobalArgs::LOCAL, 0)).await?;
        let global = GlobalArgs {
            port_base: listener.local_addr()?.port(),
            ..GlobalArgs::of("var".into())
        };

        if let Some(status) = status {
            let router = Router::new().route("/health/ready", get(move || async move { status }));
            tokio::spawn(async move { axum::serve(listener, router).await });
        } else {
            drop(listener);
        }

        run(&global, Service::Web).await
    }

    #[tokio::test]
    async fn only_a_service_that_says_so_is_ready() {
        assert!(asked(Some(StatusCode::OK)).await.is_ok());

        let not_ready = asked(Some(StatusCode::SERVICE_UNAVAILABLE)).await;
        let silent = asked(None).await;
        assert!(not_ready.unwrap_err().to_string().contains("503"));
        assert!(silent.unwrap_err().to_string().contains("ne répond pas"));
    }
}
