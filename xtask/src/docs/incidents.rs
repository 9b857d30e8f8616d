//! `docs/incidents`: a page for each incident, the page that lists them, and the application with a
//! fault, all from `data/incidents` and `docs/incidents/e5`.

mod faults;

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;

use super::Document;
use crate::incidents::application::{self, PlantedFault};
use crate::incidents::sheet::{self, FollowUp, RedTest, Reproduction, Sheet};

pub(crate) use faults::faults;

const PAGES: &str = "docs/incidents";

const TRACKER: &str = "<!-- Preuve principale: C21.3 l’outil de suivi : chaque incident, son état, et la procédure qui y est écrite [code : xtask/src/docs/incidents.rs#tracker] -->
<!-- Preuve principale: C21.1 la cause d’un incident, les hypothèses écartées et celle que le test rouge a confirmée [voir : docs/incidents/import-melange.md#cause] [code : crates/database/src/import.rs] -->
<!-- Preuve principale: C21.4 chaque étape d’une résolution, de la première lecture au correctif vérifié [voir : docs/incidents/import-melange.md#correction-pas-à-pas] [code : crates/database/src/import.rs] -->
# Suivi des incidents

Page tirée de `data/incidents` par `cargo xtask docs` : ne pas la modifier à la main.

Le suivi tient dans le dépôt, sans forge : un fichier par incident, relu et versionné comme le code. Une forge peut en recevoir le texte : `filrouge incident gather NOM --forge ADRESSE`, ou les modèles de `.github/ISSUE_TEMPLATE`. Toutes les fautes trouvées dans du code déjà versionné, même sans fiche, sont dans [le journal](journal.md).

## Les états

- **ouvert** : vu, pas encore reproduit.
- **en cours** : quelqu’un cherche la cause ou écrit la correction.
- **résolu** : la cause est connue, la correction est dans l’historique, le test est vert.
- **clos** : les actions décidées sont faites aussi.

## La procédure

1. `filrouge incident listen` ouvre l’incident à chaque alarme ; à la main, `filrouge incident gather NOM`. L’un et l’autre réunissent ce que disent les services, les métriques, les données et le modèle.
2. Un fichier de `data/incidents`, au nom de l’incident, l’ouvre : détection, portée, chronologie.
3. Le problème est reproduit par un test, rouge, versionné seul.
4. Chaque hypothèse est notée avec ce qui l’a écartée ou confirmée.
5. La correction rend le test vert. Elle porte, dans son message, la raison du changement.
6. La fiche dit ce qui a été appris, et qui fait quoi avant quand.

Personne n’est nommé : une fiche cherche pourquoi le système a laissé passer la faute.

## Les incidents

| Incident | État | Gravité | Ouvert le | Partie |
| --- | --- | --- | --- | --- |
";

const E5: &str = "<!-- Preuve: C21.2 une application avec une panne connue, que la surveillance montre et qu’un test reproduit -->
# Une application en panne, pour s’exercer

Page tirée de `docs/incidents/e5` par `cargo xtask docs` : ne pas la modifier à la main.

L’épreuve E5 donne une application qui tourne mal. Chaque panne est un fichier `.patch` qui ramène, dans l’application d’aujourd’hui, une faute que ce projet a vraiment eue. La personne qui s’exerce reçoit le symptôme et la surveillance, pas le fichier.

1. Appliquer : `git apply docs/incidents/e5/PANNE.patch`.
2. Lancer l’application, observer, réunir : `filrouge incident gather NOM`.
3. Trouver la cause, écrire un test rouge, corriger, écrire la fiche.
4. Revenir : `git apply --reverse docs/incidents/e5/PANNE.patch`.

Le test qui montre la panne se joue, rouge puis vert, dans une copie du dépôt : `cargo xtask incident --e5 PANNE`.
";

/// The pages, as the declarations give them.
pub(crate) fn documents(root: &Path) -> Result<Vec<Document>> {
    let sheets = sheet::read_all(root)?;
    let mut documents = vec![
        page("README", tracker(&sheets)),
        page("e5/README", planted(&application::read_all(root)?)),
    ];
    documents.extend(sheets.iter().map(|sheet| page(&sheet.name, text(sheet))));
    Ok(documents)
}

fn page(name: &str, text: String) -> Document {
    Document {
        path: format!("{PAGES}/{name}.md"),
        text,
    }
}

fn tracker(sheets: &[Sheet]) -> String {
    let mut text = TRACKER.to_owned();
    for sheet in sheets {
        // Writing to a text cannot fail, here and below.
        let _ = writeln!(
            text,
            "| [{}]({}.md) | {} | {} | {} | `{}` |",
            sheet.title,
            sheet.name,
            sheet.state.french(),
            sheet.severity,
            sheet.opened,
            sheet.component
        );
    }
    text
}

fn planted(faults: &[PlantedFault]) -> String {
    let mut text = E5.to_owned();
    for fault in faults {
        let (title, symptom, incident) = (&fault.title, &fault.symptom, &fault.incident);
        let _ = write!(
            text,
            "\n## {title}\n\n{symptom}\n\nOù la surveillance la montre\u{a0}:\n\n"
        );
        for place in &fault.seen {
            let _ = writeln!(text, "- {place}");
        }
        let _ = writeln!(
            text,
            "\nLe test, rouge avec la panne, vert sans elle\u{a0}:\n\n```sh\n{}\n```\n\nLa réponse est [la fiche de l’incident](../{incident}.md), et [le fichier de la panne]({}.patch).",
            fault.command(),
            fault.name
        );
    }
    text
}

/// The page of one incident.
fn text(sheet: &Sheet) -> String {
    let mut text = head(sheet);
    text += &timeline(sheet);
    if let Some(reproduction) = &sheet.reproduction {
        text += &reproduced(&sheet.name, reproduction);
    }
    text += &hypotheses(sheet);
    text += &resolution(sheet);
    text += &list("Ce qui en a été appris", &sheet.learnt);
    text += &actions(&sheet.actions);
    text
}

fn head(sheet: &Sheet) -> String {
    let closed = sheet.closed.as_deref().unwrap_or("pas encore");
    format!(
        "<!-- Preuve: C21.1 la cause de l’incident, et ce qui l’a fait reconnaître -->
<!-- Preuve: C21.4 chaque étape de la résolution -->
# {}

Page tirée de `{}/{}.toml` par `cargo xtask docs` : ne pas la modifier à la main.

- État : {}
- Gravité : {}
- Partie : `{}`
- Ouvert le : {}
- Clos le : {closed}

{}

## Détection

{}

## Portée

{}
",
        sheet.title,
        sheet::FOLDER,
        sheet.name,
        sheet.state.french(),
        sheet.severity,
        sheet.component,
        sheet.opened,
        sheet.summary.trim(),
        sheet.detection.trim(),
        sheet.scope.trim()
    )
}

fn timeline(sheet: &Sheet) -> String {
    let mut text = "\n## Chronologie\n\n| Quand (UTC) | Quoi |\n| --- | --- |\n".to_owned();
    for entry in &sheet.timeline {
        let _ = writeln!(text, "| {} | {} |", entry.at, entry.what);
    }
    text
}

fn reproduced(name: &str, reproduction: &Reproduction) -> String {
    let Reproduction {
        fault,
        fix,
        told,
        seen_on,
        seen,
        red,
        written_since,
        ..
    } = reproduction;
    let test = match written_since {
        Some(patch) => format!("le test, que `{patch}` y pose"),
        None => "le test qui la montre".to_owned(),
    };
    format!(
        "
## Reproduire

Une commande prend le commit de la panne dans un dossier à part, y joue le test, puis joue celui d’aujourd’hui :

```sh
cargo xtask incident {name}
```

| Commit | Ce qu’il contient | Le test |
| --- | --- | --- |
| `{fault}` | la panne, et {test} | rouge : « {told} » |
| `{fix}` | la correction | vert |

Le test, sur le commit de la panne : `{}`. Aujourd’hui : `{}`.

Jouée le {seen_on} : {seen}
",
        line(red),
        line(reproduction.today())
    )
}

fn line(test: &RedTest) -> String {
    let RedTest {
        package,
        target,
        name,
    } = test;
    format!("cargo test -p {package} {target} {name}")
}

fn hypotheses(sheet: &Sheet) -> String {
    if sheet.hypotheses.is_empty() {
        return String::new();
    }
    let mut text =
        "\n## Hypothèses\n\n| Hypothèse | Ce qui l’a écartée ou confirmée |\n| --- | --- |\n"
            .to_owned();
    for one in &sheet.hypotheses {
        let _ = writeln!(text, "| {} | {} |", one.idea, one.verdict);
    }
    text
}

fn resolution(sheet: &Sheet) -> String {
    let mut text = String::new();
    if let Some(cause) = &sheet.cause {
        let _ = write!(text, "\n## Cause\n\n{}\n", cause.trim());
    }
    if !sheet.steps.is_empty() {
        text += "\n## Correction, pas à pas\n\n";
        for (number, step) in (1..).zip(&sheet.steps) {
            let _ = writeln!(text, "{number}. {step}");
        }
    }
    text
}

fn list(title: &str, items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let items: String = items.iter().map(|item| format!("- {item}\n")).collect();
    format!("\n## {title}\n\n{items}")
}

fn actions(actions: &[FollowUp]) -> String {
    if actions.is_empty() {
        return String::new();
    }
    let mut text =
        "\n## Actions\n\n| Action | Échéance | Faite le |\n| --- | --- | --- |\n".to_owned();
    for action in actions {
        let done = action.done.as_deref().unwrap_or("pas encore");
        let _ = writeln!(text, "| {} | {} | {done} |", action.what, action.due);
    }
    text
}
