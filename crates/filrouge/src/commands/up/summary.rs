//! The closing table of `up`: addresses and credentials.

use anyhow::Result;
use filrouge_storage::StateFolder;

use crate::accounts::DemonstrationAccount;
use crate::cli::{GlobalArgs, Service};
use crate::credentials::{self, Credential};
use crate::progress::table;
use crate::services::address;

/// A table of addresses and the demonstration client.
pub(super) fn text(
    global: &GlobalArgs,
    state: &StateFolder,
    credentials: &[Credential],
    are_new: bool,
    people: &[DemonstrationAccount],
) -> Result<String> {
    let row = |service: Service, path: &str, use_: &str| {
        vec![
            service.name().to_owned(),
            format!("{}{path}", address(global, service)),
            use_.to_owned(),
        ]
    };

    let rows = [
        row(
            Service::Web,
            "/",
            "les stations, leurs vélos, les 24 prochaines heures",
        ),
        row(Service::DataApi, "/docs", "documentation interactive"),
        row(Service::ModelApi, "/docs", "documentation interactive"),
        row(
            Service::City,
            "/gbfs/3/gbfs.json",
            "la ville simulée et ses sources",
        ),
    ];

    let demo = credentials::find(credentials, "demo")?;
    let state = state.root().display();
    // A terminal is read over a shoulder, and its output is kept: the secret is shown once.
    let secret = if are_new {
        format!("secret {} (état : {state})", demo.client_secret.reveal())
    } else {
        format!("secret dans {state}/credentials.json")
    };

    Ok(format!(
        "\n{}\n\n  Client de démonstration : {}, {secret}\n{}\n  Ctrl-C arrête tout.",
        table(&["Service", "Adresse", "Ce qu'on y trouve"], &rows),
        demo.client_id,
        told(people),
    ))
}

/// The accounts of the application. As the secret, their passwords are shown once.
fn told(people: &[DemonstrationAccount]) -> String {
    if people.is_empty() {
        return "  Comptes de l’application : `filrouge account list`".to_owned();
    }

    let line = |person: &DemonstrationAccount| {
        let DemonstrationAccount { email, password } = person;
        format!("  Compte {email}, mot de passe {}", password.reveal())
    };
    let lines: Vec<String> = people.iter().map(line).collect();
    lines.join("\n")
}
