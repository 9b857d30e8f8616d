use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use filrouge_database::gdpr::{Decision, PersonFile};
use filrouge_database::{Gdpr, SubscriberNumber};
use filrouge_storage::{StateFolder, write_private};
use serde_json::json;

/// Writes all that is held of a person, as JSON and as a page to read.
pub(super) async fn run(
    state: &StateFolder,
    gdpr: &Gdpr,
    person: &SubscriberNumber,
    out: Option<&Path>,
) -> Result<String> {
    let file = gdpr
        .export(person)
        .await?
        .context("aucune donnée n'est détenue sous ce numéro d'abonné")?;
    let folder = out.map_or_else(|| exports(state), Path::to_owned);
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("`{}` ne peut être créé", folder.display()))?;

    let path = |extension: &str| folder.join(format!("{}.{extension}", gdpr.audit_subject(person)));
    let content = json!({ "subscriber_number": person.reveal(), "held": file });

    write_private(
        &path("json"),
        serde_json::to_string_pretty(&content)?.as_bytes(),
    )?;
    write_private(&path("md"), document(person, &file).as_bytes())?;

    Ok(format!(
        "Tout ce qui est détenu : `{}` et `{}`, lisibles par vous seul, à remettre puis effacés sous 30 jours.",
        path("json").display(),
        path("md").display()
    ))
}

pub(super) fn exports(state: &StateFolder) -> PathBuf {
    state.root().join("gdpr").join("exports")
}

fn document(person: &SubscriberNumber, file: &PersonFile) -> String {
    let or_none =
        |value: &Option<String>| value.clone().unwrap_or_else(|| "non renseigné".to_owned());
    let mut text = format!(
        "# Vos données chez Vélorive\n\nNuméro d'abonné : {}\n\n## Ce que nous détenons\n\n\
         - Tranche d'âge : {}\n- Quartier : {}\n- Formule : {}\n- Première collecte : {}\n- Dernière collecte : {}\n",
        person.reveal(),
        or_none(&file.age_band),
        or_none(&file.district),
        or_none(&file.plan),
        file.first_seen_at,
        file.last_seen_at
    );
    if let Some(instant) = file.rectified_at {
        // Writing to a text cannot fail, here and below.
        let _ = writeln!(text, "- Rectifié à votre demande : {instant}");
    }
    text += "\n## Vos décisions\n\n";
    for consent in &file.consents {
        let decision = if consent.decision == Decision::Given {
            "accord"
        } else {
            "retrait"
        };
        let _ = writeln!(
            text,
            "- {} : {decision}, le {}",
            consent.processing, consent.decided_at
        );
    }
    for restriction in &file.restrictions {
        let _ = writeln!(
            text,
            "- {} : arrêté à votre demande, le {}",
            restriction.processing, restriction.restricted_at
        );
    }
    text += "\n## Qui a lu ou modifié vos données\n\n";
    for entry in &file.audit_log {
        let _ = writeln!(text, "- {} : {} ({})", entry.at, entry.action, entry.actor);
    }
    text + "\nVous pouvez demander leur rectification, leur effacement ou la limitation de leur usage, et saisir la CNIL.\n"
}
