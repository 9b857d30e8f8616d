//! `filrouge account`: who may log in, with which role. No password is ever an argument, which every
//! process of the machine can read.

use std::io::Read;

use anyhow::{Context, Result, anyhow};
use filrouge_accounts::{
    Accounts, AccountsError, EmailAddress, Outbox, PasswordFlaw, Person, Role,
};
use filrouge_types::{Clock, Secret, SystemClock};

use crate::cli::{AccountCommand, GlobalArgs};
use crate::progress::table;
use crate::{accounts, print, state};

/// A password is a line: more is a mistake.
const LONGEST_INPUT: u64 = 1024;

pub(crate) async fn run(global: &GlobalArgs, command: &AccountCommand) -> Result<()> {
    let state = state::open(&global.state)?;
    let accounts = accounts::open(&state).await?;

    let outbox = Outbox::new(state.outbox());
    let text = carry_out(&accounts, &outbox, command).await?;

    accounts.close().await;
    print::line(&text);
    Ok(())
}

async fn carry_out(
    accounts: &Accounts,
    outbox: &Outbox,
    command: &AccountCommand,
) -> Result<String> {
    match command {
        AccountCommand::Create {
            email,
            role,
            password_stdin,
        } => create(accounts, email, *role, *password_stdin).await,
        AccountCommand::List => Ok(listed(&accounts.people().await?)),
        AccountCommand::Role { email, role } => set_role(accounts, email, *role).await,
        AccountCommand::Disable { email, undo: false } => disable(accounts, email).await,
        AccountCommand::Disable { email, undo: true } => enable(accounts, email).await,
        AccountCommand::Purge => purge(accounts, outbox).await,
        AccountCommand::Reset {
            email,
            password_stdin,
        } => reset_password(accounts, email, *password_stdin).await,
    }
}

async fn create(
    accounts: &Accounts,
    email: &EmailAddress,
    role: Role,
    password_stdin: bool,
) -> Result<String> {
    let password = Password::take(password_stdin)?;
    let created = accounts.create(email, &password.secret, role, SystemClock.now());
    created.await.map_err(in_french)?;
    Ok(password.told(&format!("Le compte est ouvert, avec le rôle {role}.")))
}

async fn set_role(accounts: &Accounts, email: &EmailAddress, role: Role) -> Result<String> {
    let person = find(accounts, email).await?;
    accounts.set_role(&person.account_id, role).await?;

    Ok(format!(
        "Le compte a le rôle {role} ; ses sessions sont finies."
    ))
}

async fn disable(accounts: &Accounts, email: &EmailAddress) -> Result<String> {
    let person = find(accounts, email).await?;
    let now = SystemClock.now();
    accounts.set_disabled(&person.account_id, Some(now)).await?;

    Ok("Le compte est fermé ; ses sessions sont finies.".to_owned())
}

async fn enable(accounts: &Accounts, email: &EmailAddress) -> Result<String> {
    let person = find(accounts, email).await?;
    accounts.set_disabled(&person.account_id, None).await?;

    Ok("Le compte est rouvert ; ses sessions sont finies.".to_owned())
}

async fn purge(accounts: &Accounts, outbox: &Outbox) -> Result<String> {
    let now = SystemClock.now();
    let purged = accounts.purge(now).await?;
    let messages = outbox.purge(now)?;

    Ok(format!(
        "Effacés : {} sessions, {} liens, {} comptes, {} signalements, {} demandes, {messages} messages.",
        purged.sessions, purged.links, purged.accounts, purged.reports, purged.requests
    ))
}

async fn reset_password(
    accounts: &Accounts,
    email: &EmailAddress,
    password_stdin: bool,
) -> Result<String> {
    let person = find(accounts, email).await?;
    let password = Password::take(password_stdin)?;
    let replaced = accounts.replace_password(&person.account_id, &password.secret);
    replaced.await.map_err(in_french)?;

    Ok(password.told("Le mot de passe est changé, le second facteur retiré."))
}

async fn find(accounts: &Accounts, email: &EmailAddress) -> Result<Person> {
    let person = accounts.find_by_email(email).await?;
    person.context("aucun compte n’a cette adresse : voyez `filrouge account list`")
}

/// A password that was given, or drawn and still to be shown.
struct Password {
    secret: Secret,
    is_drawn: bool,
}

impl Password {
    fn take(from_input: bool) -> Result<Self> {
        let secret = if from_input {
            read_password()?
        } else {
            Accounts::draw_password()?
        };
        Ok(Self {
            secret,
            is_drawn: !from_input,
        })
    }

    /// `done`, and the password when nobody knows it yet.
    fn told(&self, done: &str) -> String {
        if self.is_drawn {
            return format!(
                "{done} Mot de passe, montré une fois : {}",
                self.secret.reveal()
            );
        }
        done.to_owned()
    }
}

/// The first line of the standard input.
fn read_password() -> Result<Secret> {
    let mut text = String::new();
    std::io::stdin()
        .take(LONGEST_INPUT)
        .read_to_string(&mut text)
        .context("le mot de passe ne peut être lu sur l’entrée standard")?;

    let line = text.lines().next().unwrap_or_default();
    Ok(line.to_owned().into())
}

fn listed(people: &[Person]) -> String {
    if people.is_empty() {
        return "Aucun compte.".to_owned();
    }

    let row = |person: &Person| {
        vec![
            person.email.as_str().to_owned(),
            person.role.to_string(),
            person.created_at.format("%Y-%m-%d").to_string(),
            person.last_login_at.format("%Y-%m-%d").to_string(),
            if person.is_disabled {
                "fermé"
            } else {
                "ouvert"
            }
            .to_owned(),
            if person.has_second_factor {
                "oui"
            } else {
                "non"
            }
            .to_owned(),
        ]
    };
    let rows: Vec<_> = people.iter().map(row).collect();
    table(
        &[
            "Adresse",
            "Rôle",
            "Ouvert le",
            "Dernière connexion",
            "État",
            "Second facteur",
        ],
        &rows,
    )
}

/// The refusals that whoever types can act on.
fn in_french(error: AccountsError) -> anyhow::Error {
    match error {
        AccountsError::EmailTaken => anyhow!("cette adresse a déjà un compte"),
        AccountsError::WeakPassword(flaw) => anyhow!(match flaw {
            PasswordFlaw::TooShort => "le mot de passe est trop court : 12 caractères au moins",
            PasswordFlaw::TooLong => "le mot de passe est trop long : 128 caractères au plus",
            PasswordFlaw::TooCommon => "ce mot de passe est de ceux que l’on essaie en premier",
            PasswordFlaw::HoldsTheName => "le mot de passe contient le nom de l’adresse",
        }),
        error => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_account_is_opened_given_a_role_closed_and_never_shown_with_a_secret() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("accounts.sqlite");
        let key = folder.path().join("second-factors.key");
        let accounts = Accounts::open_file(&file, &key).await.unwrap();
        let email: EmailAddress = "camille@exemple.fr".parse().unwrap();
        let outbox = Outbox::new(folder.path().join("outbox"));
        let told = async |command| carry_out(&accounts, &outbox, &command).await;

        let created = create(&accounts, &email, Role::Rider, false).await.unwrap();
        let password = created.rsplit(' ').next().unwrap().to_owned();
        let again = create(&accounts, &email, Role::Rider, false)
            .await
            .unwrap_err();
        assert!(again.to_string().contains("déjà un compte"), "{again}");

        let role = Role::Officer;
        told(AccountCommand::Role {
            email: email.clone(),
            role,
        })
        .await
        .unwrap();
        told(AccountCommand::Disable {
            email: email.clone(),
            undo: false,
        })
        .await
        .unwrap();
        let list = told(AccountCommand::List).await.unwrap();
        assert!(list.contains("officer") && list.contains("fermé"), "{list}");
        assert!(!list.contains(&password), "{list}");

        let email = "inconnu@exemple.fr".parse().unwrap();
        let unknown = told(AccountCommand::Disable { email, undo: true })
            .await
            .unwrap_err();
        assert!(unknown.to_string().contains("account list"), "{unknown}");
    }
}
