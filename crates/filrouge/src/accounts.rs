//! The accounts of a state, and those that the demonstration shows once.

use std::path::PathBuf;

use anyhow::{Context, Result};
use filrouge_accounts::{Accounts, EmailAddress, Role};
use filrouge_storage::StateFolder;
use filrouge_types::{Clock, Secret, SystemClock};

/// People of the demonstration, one a role.
const DEMONSTRATION: [(&str, Role); 3] = [
    ("cycliste@velorive.example", Role::Rider),
    ("exploitation@velorive.example", Role::Operator),
    ("dpo@velorive.example", Role::Officer),
];

/// A demonstration account and the password that was drawn for it.
pub(crate) struct DemonstrationAccount {
    pub(crate) email: &'static str,
    pub(crate) password: Secret,
}

/// Opens the accounts: in the server of `DATABASE_URL`, when it is PostgreSQL, else in the state.
pub(crate) async fn open(state: &StateFolder) -> Result<Accounts> {
    let server = std::env::var("DATABASE_URL").ok();
    // SQLite's own file there is that of the data API.
    let server = server.filter(|address| address.starts_with("postgres"));

    match &server {
        Some(address) => Accounts::open(address, &second_factor_key(state))
            .await
            .context("la base des comptes ne répond pas"),
        None => {
            let path = state.accounts();
            let opened = Accounts::open_file(&path, &second_factor_key(state)).await;
            opened.with_context(|| format!("`{}` ne peut être ouverte", path.display()))
        }
    }
}

/// The key that encrypts the second factors of the accounts.
pub(crate) fn second_factor_key(state: &StateFolder) -> PathBuf {
    state.root().join("second-factors.key")
}

/// Opens the accounts of the demonstration in a state that has none; their passwords are given once.
pub(crate) async fn demonstrate(state: &StateFolder) -> Result<Vec<DemonstrationAccount>> {
    let accounts = open(state).await?;
    let is_new = accounts.people().await?.is_empty();

    let mut opened = Vec::new();
    for (email, role) in DEMONSTRATION.into_iter().filter(|_| is_new) {
        let password = Accounts::draw_password()?;
        let address: EmailAddress = email.parse()?;
        accounts
            .create(&address, &password, role, SystemClock.now())
            .await?;
        opened.push(DemonstrationAccount { email, password });
    }

    accounts.close().await;
    Ok(opened)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state;

    #[tokio::test]
    async fn the_demonstration_opens_an_account_a_role_once() {
        let folder = tempfile::tempdir().unwrap();
        let state = state::open(folder.path()).unwrap();

        let first = demonstrate(&state).await.unwrap();
        assert_eq!(first.len(), Role::ALL.len());
        assert!(demonstrate(&state).await.unwrap().is_empty());
    }
}
