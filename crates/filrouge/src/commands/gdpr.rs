//! `filrouge gdpr`: people's rights and the retention of their data. The procedures:
//! `docs/donnees-personnelles.md`.

mod wording;

use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Utc};
use filrouge_database::gdpr::{Decision, Rectification};
use filrouge_database::{Database, SubscriberNumber};
use filrouge_personal_data::{PersonalData, due_for_removal, verify_audit_log, verify_receipt};
use filrouge_storage::{StateFolder, write_private};
use filrouge_types::{Clock, SystemClock};

use crate::cli::{GdprCommand, GlobalArgs};
use crate::{database, print, state};

pub(crate) use wording::in_french;

/// The actor in the audit log: a role, never a person's name.
const ACTOR: &str = "dpo (ligne de commande)";

pub(crate) async fn run(global: &GlobalArgs, command: &GdprCommand) -> Result<()> {
    let state = state::open(&global.state)?;
    let database = database::open(&state).await?;

    let text = carry_out(&state, &database, command).await?;

    database.close().await;
    print::line(&text);
    Ok(())
}

/// Opens the personal data of the state, drawing their keys the first time.
pub(crate) async fn open<'a>(
    state: &'a StateFolder,
    database: &'a Database,
    actor: &str,
    clock: &dyn Clock,
) -> Result<PersonalData<'a>> {
    PersonalData::open(state, database, actor, clock.now())
        .await
        .map_err(in_french)
        .context("les données personnelles ne peuvent être ouvertes")
}

async fn carry_out(
    state: &StateFolder,
    database: &Database,
    command: &GdprCommand,
) -> Result<String> {
    let mut data = open(state, database, ACTOR, &SystemClock).await?;

    match command {
        GdprCommand::Export { person, out } => {
            let files = data.give_access(&read(person)?, out.as_deref()).await;
            Ok(wording::given(&files.map_err(in_french)?))
        }
        GdprCommand::Rectify {
            person,
            age_band,
            district,
            plan,
        } => {
            let values = Rectification {
                age_band: age_band.clone(),
                district: district.clone(),
                plan: plan.clone(),
            };
            rectify(&data, person, &values).await
        }
        GdprCommand::Erase { person, out } => {
            let report = data.erase(&read(person)?, out.as_deref()).await;
            wording::erased(&report.map_err(in_french)?)
        }
        GdprCommand::Restrict {
            person,
            processing,
            lift,
        } => restrict(&data, person, processing, *lift).await,
        GdprCommand::Consent {
            person,
            processing,
            given,
            age_band,
            ..
        } => match age_band {
            Some(age_band) => record_age_band(&data, person, age_band).await,
            None => record_consent(&data, person, processing, *given).await,
        },
        GdprCommand::Purge { dry_run: true } => {
            let due = due_for_removal(state, database, SystemClock.now()).await;
            Ok(wording::due(&due.map_err(in_french)?))
        }
        GdprCommand::Purge { dry_run: false } => {
            let report = data.purge().await;
            Ok(wording::purged(&report.map_err(in_french)?))
        }
        GdprCommand::RotateKey => {
            let rotation = data.rotate_key().await;
            Ok(wording::rotated(rotation.map_err(in_french)?))
        }
        GdprCommand::Breach { since, out } => notice_breach(&data, *since, out.as_deref()).await,
        GdprCommand::Erasures { out } => {
            let list = data.erasure_list().await.map_err(in_french)?;
            write_private(out, &serde_json::to_vec(&list)?)
                .with_context(|| format!("`{}` ne peut être écrit", out.display()))?;
            Ok(wording::listed(out, list.erased.len()))
        }
        GdprCommand::Audit => wording::audited(&verify_audit_log(database).await?),
        GdprCommand::Verify { receipt } => {
            let content = verify_receipt(state, receipt).map_err(in_french)?;
            wording::verified(receipt, content.as_ref())
        }
    }
}

async fn rectify(data: &PersonalData<'_>, person: &str, values: &Rectification) -> Result<String> {
    ensure!(
        *values != Rectification::default(),
        "dites ce qui change : --age-band, --district ou --plan"
    );

    data.rectify(&read(person)?, values)
        .await
        .map_err(in_french)?;

    Ok("Rectifié ; les prochains imports garderont ces valeurs.".to_owned())
}

async fn restrict(
    data: &PersonalData<'_>,
    person: &str,
    processing: &str,
    lift: bool,
) -> Result<String> {
    let person = read(person)?;
    let (restricted, done) = if lift {
        (
            data.lift_restriction(&person, processing).await,
            "La limitation est levée",
        )
    } else {
        (
            data.restrict(&person, processing).await,
            "Le traitement est arrêté pour cette personne",
        )
    };

    restricted.map_err(in_french)?;
    Ok(format!("{done} : {processing}."))
}

async fn record_consent(
    data: &PersonalData<'_>,
    person: &str,
    processing: &str,
    given: bool,
) -> Result<String> {
    let (decision, name) = if given {
        (Decision::Given, "accord")
    } else {
        (Decision::Withdrawn, "retrait")
    };

    data.record_consent(&read(person)?, processing, decision)
        .await
        .map_err(in_french)?;

    Ok(format!(
        "Décision inscrite à l’historique : {name} pour {processing}."
    ))
}

async fn record_age_band(data: &PersonalData<'_>, person: &str, age_band: &str) -> Result<String> {
    data.agree_to_age_statistics(&read(person)?, age_band)
        .await
        .map_err(in_french)?;

    Ok("Accord inscrit à l’historique ; la tranche d’âge est gardée jusqu’au retrait.".to_owned())
}

async fn notice_breach(
    data: &PersonalData<'_>,
    since: DateTime<Utc>,
    out: Option<&Path>,
) -> Result<String> {
    let notice = data.notice_breach(since).await;
    let text = notice.map_err(in_french)?.document();

    if let Some(path) = out {
        write_private(path, text.as_bytes())
            .with_context(|| format!("`{}` ne peut être écrit", path.display()))?;
    }

    Ok(text)
}

/// Reads the subscriber number from the command line or, with `-`, from the standard input, so that
/// it enters no history.
fn read(person: &str) -> Result<SubscriberNumber> {
    let mut text = person.to_owned();
    if person == "-" {
        text.clear();
        // A number is short: a file given by mistake is not read whole.
        std::io::stdin()
            .take(256)
            .read_to_string(&mut text)
            .context("le numéro d’abonné est illisible")?;
    }

    ensure!(!text.trim().is_empty(), "le numéro d’abonné est vide");
    Ok(SubscriberNumber::from(text))
}
