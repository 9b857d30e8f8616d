//! `filrouge gdpr`: people's rights and the retention of their data. The procedures:
//! `docs/donnees-personnelles.md`.

mod breach;
mod erase;
mod export;
mod files;
mod keys;
pub(crate) mod purge;

use std::io::Read;

use anyhow::{Context, Result, bail, ensure};
use filrouge_database::gdpr::{Decision, Receipt, Rectification};
use filrouge_database::{Database, DatabaseError, Gdpr, SubscriberNumber};
use filrouge_storage::StateFolder;
use filrouge_types::{Clock, SystemClock};

use crate::cli::{GdprCommand, GlobalArgs};
use crate::commands::import;
use crate::print;
use crate::state;

/// Who acts, in the audit log: a role, never a person's name.
const ACTOR: &str = "dpo (ligne de commande)";

pub(crate) async fn run(global: &GlobalArgs, command: &GdprCommand) -> Result<()> {
    let state = state::open(&global.state)?;
    let database = import::open(&state).await?;
    let mut gdpr = open(&state, &database, ACTOR, &SystemClock).await?;
    let text = answer(&state, &database, &mut gdpr, command).await?;
    database.close().await;
    print::line(&text);
    Ok(())
}

/// Opens the personal data of the state, drawing their keys the first time.
pub(crate) async fn open(
    state: &StateFolder,
    database: &Database,
    actor: &str,
    clock: &dyn Clock,
) -> Result<Gdpr> {
    let keys = keys::pseudonyms(state)?;
    Gdpr::open(database, &keys, actor, clock.now())
        .await
        .context("les données personnelles ne peuvent être ouvertes")
}

async fn answer(
    state: &StateFolder,
    database: &Database,
    gdpr: &mut Gdpr,
    command: &GdprCommand,
) -> Result<String> {
    Ok(match command {
        GdprCommand::Export { person, out } => {
            export::run(state, gdpr, &read(person)?, out.as_deref()).await?
        }
        GdprCommand::Rectify {
            person,
            age_band,
            district,
            plan,
        } => {
            let (age_band, district, plan) = (age_band.clone(), district.clone(), plan.clone());
            let values = Rectification {
                age_band,
                district,
                plan,
            };

            ensure!(
                values != Rectification::default(),
                "dites ce qui change : --age-band, --district ou --plan"
            );
            known(gdpr.rectify(&read(person)?, &values).await)?;

            "Rectifié ; les prochains imports garderont ces valeurs.".to_owned()
        }
        GdprCommand::Erase { person, out } => {
            erase::run(
                state,
                database,
                gdpr,
                &read(person)?,
                out.as_deref(),
                &SystemClock,
            )
            .await?
        }
        GdprCommand::Restrict {
            person,
            processing,
            lift,
        } => {
            let person = read(person)?;

            match lift {
                true => known(gdpr.lift_restriction(&person, processing).await)?,
                false => known(gdpr.restrict(&person, processing).await)?,
            }

            let done = if *lift {
                "La limitation est levée"
            } else {
                "Le traitement est arrêté pour cette personne"
            };
            format!("{done} : {processing}.")
        }
        GdprCommand::Consent {
            person,
            processing,
            given,
            ..
        } => {
            let decision = if *given {
                Decision::Given
            } else {
                Decision::Withdrawn
            };
            known(gdpr.decide(&read(person)?, processing, decision).await)?;

            format!(
                "Décision inscrite à l'historique : {} pour {processing}.",
                if *given { "accord" } else { "retrait" }
            )
        }
        GdprCommand::Purge { dry_run } => {
            purge::run(state, database, gdpr, *dry_run, &SystemClock).await?
        }
        GdprCommand::RotateKey => keys::rotate(state, gdpr).await?,
        GdprCommand::Breach { since, out } => {
            breach::run(gdpr, *since, out.as_deref(), &SystemClock).await?
        }
        GdprCommand::Audit => audit(database).await?,
        GdprCommand::Verify { receipt } => verify(state, receipt)?,
    })
}

/// The subscriber number, from the command line or, with `-`, from the standard input, so that it
/// enters no history.
fn read(person: &str) -> Result<SubscriberNumber> {
    let mut text = person.to_owned();
    if person == "-" {
        text.clear();
        std::io::stdin()
            .take(256)
            .read_to_string(&mut text)
            .context("le numéro d'abonné est illisible")?;
    }
    ensure!(!text.trim().is_empty(), "le numéro d'abonné est vide");
    Ok(SubscriberNumber::from(text))
}

/// Says in French what a person can do about what the database refused.
fn known<T>(result: Result<T, DatabaseError>) -> Result<T> {
    result.map_err(|error| match error {
        DatabaseError::UnknownPerson => anyhow::anyhow!("aucune donnée n'est détenue sous ce numéro d'abonné"),
        DatabaseError::UnknownProcessing(name) => anyhow::anyhow!(
            "le registre n'a pas de traitement `{name}` : subscriber-statistics, age-statistics, rights, access-log"
        ),
        DatabaseError::NotByConsent(name) => {
            anyhow::anyhow!("le traitement `{name}` ne repose pas sur le consentement")
        }
        error => error.into(),
    })
}

async fn audit(database: &Database) -> Result<String> {
    let verdict = database.verify_audit_log().await?;
    match verdict.broken_at {
        None => Ok(format!(
            "Journal intact : {} lignes, chacune suit la précédente.",
            verdict.rows
        )),
        Some(row) => bail!("le journal a été modifié : la ligne {row} ne suit pas la précédente"),
    }
}

fn verify(state: &StateFolder, path: &std::path::Path) -> Result<String> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("`{}` est illisible", path.display()))?;
    let receipt: Receipt = serde_json::from_str(&text)
        .with_context(|| format!("`{}` n'est pas un reçu", path.display()))?;
    match keys::receipts(state)?.verify(&receipt) {
        Some(content) => Ok(format!(
            "Reçu authentique, n° {}, du {}.",
            content.receipt_id, content.issued_at
        )),
        None => bail!(
            "`{}` n'a pas été signé ici, ou a été modifié",
            path.display()
        ),
    }
}
