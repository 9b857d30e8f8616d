//! `docs/cadrage/architecture.md`: the views of the C4 model and the data flows, drawn from one
//! description, with the tables that tell each drawing.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use serde::Deserialize;

use super::diagram::{Diagram, DiagramBox, Flow};
use super::{Document, declared, dependencies};

const LIST: &str = "data/framing/architecture.toml";
const FOLDER: &str = "docs/cadrage";

const INTRODUCTION: &str = "<!-- Preuve principale: C15.1 architecture, dépendances et environnement d’exécution, tirés d’une description et des manifestes [code : data/framing/architecture.toml#view] -->
# L’architecture et les flux de données

Page et dessins tirés de `data/framing/architecture.toml` par `cargo xtask docs` : ne pas les modifier à la main.

Les vues suivent le modèle C4 : le contexte, puis les conteneurs (ici, des processus), puis ce qu’une crate contient. Chaque flèche porte un numéro, que le tableau explique. [Ce que chaque crate sait et refuse de savoir](../ARCHITECTURE.md) complète cette page.
";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Architecture {
    view: Vec<ArchitectureView>,
    environment: Vec<Environment>,
}

/// A drawing and the text above it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ArchitectureView {
    heading: String,
    intro: String,
    /// The criterion that the view proves, and its claim.
    proof: Option<String>,
    diagram: Diagram,
}

/// The needs of a program that runs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Environment {
    what: String,
    by_default: String,
    in_production: String,
}

/// The page and its drawings.
pub(super) fn documents(root: &Path) -> Result<Vec<Document>> {
    let architecture: Architecture = declared(root, LIST)?;
    let mut documents: Vec<_> = architecture
        .view
        .iter()
        .map(|view| Document {
            path: format!("{FOLDER}/{}.svg", view.diagram.id),
            text: view.diagram.svg(),
        })
        .collect();

    let mut text = INTRODUCTION.to_owned();
    for view in &architecture.view {
        text += &view.section();
    }
    text += "\n## Environnement d’exécution\n\n| Ce qu’il faut | Par défaut, sans rien installer | En production |\n| --- | --- | --- |\n";
    for Environment {
        what,
        by_default,
        in_production,
    } in &architecture.environment
    {
        let _ = writeln!(text, "| {what} | {by_default} | {in_production} |");
    }
    text += "\n## Dépendances\n";
    text += &dependencies::section(root)?;

    documents.push(Document {
        path: format!("{FOLDER}/architecture.md"),
        text,
    });
    Ok(documents)
}

/// One sentence for each drawing that cannot be read, and each passage that nothing protects.
pub(super) fn faults(root: &Path) -> Result<Vec<String>> {
    let architecture: Architecture = declared(root, LIST)?;
    let of_view = |view: &ArchitectureView| {
        let mut faults = view.diagram.faults();
        faults.extend(unprotected(&view.diagram));
        faults
    };
    let faults = architecture.view.iter().flat_map(of_view);
    Ok(faults.map(|fault| format!("`{LIST}`: {fault}")).collect())
}

/// Arrows that leave a zone of trust and tell neither the personal data nor what protects them, in a
/// drawing that speaks of personal data.
fn unprotected(diagram: &Diagram) -> Vec<String> {
    if !tells_personal(diagram) {
        return Vec::new();
    }

    let crossing = diagram
        .flows
        .iter()
        .filter(|flow| diagram.zone_of(&flow.from) != diagram.zone_of(&flow.to));
    let untold = crossing.filter(|flow| flow.personal.is_empty() || flow.protection.is_empty());
    untold
        .map(|Flow { from, to, .. }| {
            format!("the arrow from `{from}` to `{to}` leaves a zone of trust and does not say what protects it")
        })
        .collect()
}

fn tells_personal(diagram: &Diagram) -> bool {
    diagram.flows.iter().any(|flow| !flow.personal.is_empty())
}

impl ArchitectureView {
    fn section(&self) -> String {
        let Self {
            heading,
            intro,
            diagram,
            ..
        } = self;
        let proof = self.proof.as_ref();
        let proof = proof.map_or_else(String::new, |proof| format!("<!-- {proof} -->\n"));
        let mut text = format!(
            "\n{proof}## {heading}\n\n{intro}\n\n![{} ; les tableaux qui suivent en donnent le texte]({}.svg)\n",
            diagram.title, diagram.id
        );

        text += "\n| Élément | Nature | Rôle |\n| --- | --- | --- |\n";
        for DiagramBox {
            name, kind, says, ..
        } in &diagram.boxes
        {
            let _ = writeln!(text, "| {name} | {kind} | {says} |");
        }
        if !diagram.zones.is_empty() {
            text += "\n| Cadre | Ce qu’il tient | Ce qu’il veut dire |\n| --- | --- | --- |\n";
        }
        for zone in &diagram.zones {
            let held: Vec<_> = zone.holds.iter().map(|id| diagram.name(id)).collect();
            let _ = writeln!(
                text,
                "| {} | {} | {} |",
                zone.name,
                held.join(", "),
                zone.says
            );
        }
        text + &flows(diagram)
    }
}

/// The arrows by number; with what protects them, where personal data are spoken of.
fn flows(diagram: &Diagram) -> String {
    let tells_personal = tells_personal(diagram);
    let mut text = "\n| Flèche | De | Vers | Ce qui passe | Comment |".to_owned();
    text += if tells_personal {
        " Données personnelles | Ce qui protège |\n| --- | --- | --- | --- | --- | --- | --- |\n"
    } else {
        "\n| --- | --- | --- | --- | --- |\n"
    };

    for (number, flow) in (1..).zip(&diagram.flows) {
        let Flow {
            what,
            protocol,
            personal,
            protection,
            ..
        } = flow;
        let (from, to) = (diagram.name(&flow.from), diagram.name(&flow.to));
        let _ = write!(text, "| {number} | {from} | {to} | {what} | {protocol} |");
        if tells_personal {
            let _ = write!(text, " {personal} | {protection} |");
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: &str = r#"
        heading = "Contexte"
        intro = "Qui parle à qui."
        [diagram]
        id = "contexte"
        title = "Contexte"
        description = "Une personne et un système."
        boxes = [
          { id = "a", name = "Cycliste", kind = "personne", says = "cherche", at = [0, 0] },
          { id = "b", name = "Web", kind = "système", says = "répond", at = [1, 0] },
        ]
        flows = [{ from = "a", to = "b", what = "une question", protocol = "HTTPS" }]
    "#;

    #[test]
    fn a_drawing_is_told_by_tables() {
        let view: ArchitectureView = toml::from_str(VIEW).unwrap();
        let text = view.section();
        assert!(
            text.contains("| Cycliste | personne | cherche |\n"),
            "{text}"
        );
        assert!(
            text.contains("| 1 | Cycliste | Web | une question | HTTPS |\n"),
            "{text}"
        );
    }

    #[test]
    fn what_protects_is_told_where_personal_data_pass() {
        let personal = VIEW.replace("HTTPS\" }", "HTTPS\", personal = \"aucune\" }");
        let view: ArchitectureView = toml::from_str(&personal).unwrap();
        let text = view.section();
        assert!(text.contains("| HTTPS | aucune |  |\n"), "{text}");
    }

    #[test]
    fn an_arrow_that_leaves_a_zone_tells_what_protects_it() {
        let zone = "zones = [{ name = \"Internet\", holds = [\"a\"] }]";
        let bare = format!(
            "{}\n{zone}",
            VIEW.replace("HTTPS\" }", "HTTPS\", personal = \"aucune\" }")
        );
        let told = bare.replace("\"aucune\"", "\"aucune\", protection = \"TLS\"");

        let view = |text: &str| toml::from_str::<ArchitectureView>(text).unwrap();
        assert_eq!(unprotected(&view(&told).diagram), [""; 0]);
        assert_eq!(
            unprotected(&view(&bare).diagram),
            ["the arrow from `a` to `b` leaves a zone of trust and does not say what protects it"]
        );
    }
}
