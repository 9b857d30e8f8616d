//! `filrouge credentials`: secrets and keys, renewed while the services run.

use anyhow::{Result, bail};

use crate::cli::{CredentialsCommand, GlobalArgs, Service};
use crate::{credentials, print, state};

pub(crate) fn run(global: &GlobalArgs, command: &CredentialsCommand) -> Result<()> {
    let state = state::open(&global.state)?;

    match command {
        CredentialsCommand::RenewSecret { client_id } => {
            let secret = credentials::renew_secret(state.root(), client_id)?;
            print::line(&format!("{client_id} : {}", secret.reveal()));
        }
        CredentialsCommand::RenewKey { service, stolen } => {
            let name = match service {
                Service::DataApi => "data-api",
                Service::ModelApi => "model-api",
                Service::City | Service::Web => {
                    bail!("ce service ne signe aucun jeton : data-api ou model-api")
                }
            };
            credentials::renew_key(state.root(), name, *stolen)?;
            print::line("La nouvelle clé signe dès le prochain jeton.");
        }
    }

    Ok(())
}
