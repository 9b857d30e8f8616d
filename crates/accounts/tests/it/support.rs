use std::path::Path;

use chrono::{DateTime, Utc};
use filrouge_accounts::{AccountId, Accounts, Credentials, EmailAddress, Role};
use filrouge_types::Secret;

use crate::postgres::Server;

pub(crate) const PASSWORD: &str = "la pluie sur le quai";

/// The present of every test.
pub(crate) fn now() -> DateTime<Utc> {
    "2026-03-01T08:00:00Z".parse().unwrap()
}

/// The accounts of a file, whose sealing key is beside it.
pub(crate) async fn open_file(file: &Path) -> filrouge_accounts::Result<Accounts> {
    Accounts::open_file(file, &file.with_extension("key")).await
}

/// Runs `test` on each engine that this machine has.
pub(crate) async fn on_each_engine<F: Future<Output = ()>>(test: impl Fn(Accounts) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("accounts.sqlite");
    test(open_file(&file).await.unwrap()).await;

    if let Some(server) = Server::shared() {
        let key = folder.path().join("postgres.key");
        let opened = Accounts::open(&server.create_database(), &key).await;
        test(opened.unwrap()).await;
    }
}

pub(crate) fn secret(text: &str) -> Secret {
    text.to_owned().into()
}

pub(crate) fn email(name: &str) -> EmailAddress {
    format!("{name}@exemple.fr").parse().unwrap()
}

/// An account under `name`, whose password is [`PASSWORD`].
pub(crate) async fn create(accounts: &Accounts, name: &str, role: Role) -> AccountId {
    accounts
        .create(&email(name), &secret(PASSWORD), role, now())
        .await
        .unwrap()
}

pub(crate) fn credentials(name: &str, password: &str) -> Credentials {
    Credentials {
        email: email(name),
        password: secret(password),
        code: None,
    }
}

/// The token of a new session of `name`.
pub(crate) async fn log_in(accounts: &Accounts, name: &str) -> Secret {
    accounts
        .log_in(&credentials(name, PASSWORD), "Firefox", now())
        .await
        .unwrap()
}
