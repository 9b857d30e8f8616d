//! PostgreSQL's own programs, which copy a database at one instant and give it back.

use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use tokio::process::Command;
use url::Url;

/// Writes the database at `address` in the file `path`.
pub(crate) async fn dump(address: &str, path: &Path) -> Result<()> {
    let mut command = command("pg_dump", address)?;
    command.arg("--format=custom").arg("--file").arg(path);
    run(command, "pg_dump").await
}

/// Fills the database at `address`, which has no table of ours, with the file `path`: all of it or
/// nothing.
pub(crate) async fn fill(address: &str, path: &Path) -> Result<()> {
    let mut command = command("pg_restore", address)?;
    command
        .args(["--clean", "--if-exists"])
        .args(["--single-transaction", "--exit-on-error"])
        .arg(path);
    run(command, "pg_restore").await
}

/// Other servers have other roles: rights are given by their administrators.
fn command(program: &str, address: &str) -> Result<Command> {
    let (address, password) = without_password(address)?;
    let mut command = Command::new(program);
    command
        .args(["--no-owner", "--no-privileges", "--dbname", &address])
        .kill_on_drop(true);
    // Every user of the machine reads the arguments of a program, none its environment.
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    Ok(command)
}

/// The address without the password, and the password.
fn without_password(address: &str) -> Result<(String, Option<String>)> {
    let mut url: Url = address
        .parse()
        .context("DATABASE_URL n’est pas une adresse")?;
    let mut secret = url.password().map(decoded).transpose()?;
    // A Unix socket has no host: its password stands among the parameters.
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();

    if url.password().is_some() {
        let removed = url.set_password(None);
        ensure!(removed.is_ok(), "DATABASE_URL a un mot de passe sans hôte");
    }
    if !pairs.is_empty() {
        url.query_pairs_mut().clear();
    }
    for (name, value) in pairs {
        if name == "password" {
            secret = Some(value);
        } else {
            url.query_pairs_mut().append_pair(&name, &value);
        }
    }
    Ok((url.to_string(), secret))
}

/// The text of a part of an address: `%40` is `@`.
fn decoded(part: &str) -> Result<String> {
    // A form decodes as an address does, but for `+`, which stays itself in an address.
    let form = format!("p={}", part.replace('+', "%2B"));
    let mut pairs = url::form_urlencoded::parse(form.as_bytes());
    let (_, text) = pairs.next().context("le mot de passe est illisible")?;
    Ok(text.into_owned())
}

async fn run(mut command: Command, program: &str) -> Result<()> {
    let output = match command.output().await {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("`{program}` manque : installez le client de PostgreSQL (postgresql-client)")
        }
        ran => ran.with_context(|| format!("`{program}` ne peut être lancé"))?,
    };

    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "`{program}` a échoué : {}",
        told.trim()
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_stands_among_the_arguments() {
        for (address, expected, password) in [
            (
                "postgres://filrouge:p%40ss%2B+@db/filrouge",
                "postgres://filrouge@db/filrouge",
                Some("p@ss++"),
            ),
            (
                "postgres:///test?host=/run/pg&user=a&password=secret",
                "postgres:///test?host=%2Frun%2Fpg&user=a",
                Some("secret"),
            ),
            (
                "postgres://filrouge@postgresql/filrouge",
                "postgres://filrouge@postgresql/filrouge",
                None,
            ),
        ] {
            let (kept, secret) = without_password(address).unwrap();
            assert_eq!((kept.as_str(), secret.as_deref()), (expected, password));
        }
    }
}
