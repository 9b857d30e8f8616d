//! `docs/cadrage/recits.md`: who the system is for, their journeys, and the user stories with their
//! scenarios and their criteria of accessibility; `docs/pilotage/carnet.md`: the backlog.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use serde::Deserialize;

use super::diagram::{Diagram, DiagramBox, Flow};
use super::inventory::Inventory;
use super::rgaa::RgaaGrid;
use super::specifications::{self, Requirement};
use super::{Document, declared, mockups};

const LIST: &str = "data/framing/stories.toml";
const FOLDER: &str = "docs/cadrage";

/// Steps of a journey on one line of its drawing.
const STEPS_PER_LINE: usize = 4;

const INTRODUCTION: &str = "# Parcours et récits utilisateurs

Page et dessins tirés de `data/framing/stories.toml` par `cargo xtask docs` : ne pas les modifier à la main.

Un parcours dit ce qu’une personne fait, étape par étape. Un récit utilisateur dit ce qu’elle veut et pourquoi ; il porte son contexte, ses scénarios et ses critères d’acceptation. Les objectifs d’accessibilité sont dans ces critères, chacun avec le numéro du RGAA 4.1 et celui des WCAG 2.1 qu’il vérifie. Un numéro inconnu, ou qui ne va pas avec l’autre, est refusé par `cargo xtask docs --check`.
";

const BACKLOG: &str = "# Le carnet du produit

Page tirée de `data/framing/stories.toml` et de `data/framing/specifications.toml` par `cargo xtask docs` : ne pas la modifier à la main.

Le carnet (*backlog*) est la liste des récits, dans l’ordre de priorité. L’état d’un récit n’est pas écrit à la main : il vient de ses spécifications. Un récit est fait quand toutes sont répondues, en cours quand une partie l’est, à faire sinon.
";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stories {
    persona: Vec<Persona>,
    journey: Vec<Journey>,
    story: Vec<UserStory>,
}

/// Somebody whom the system is for: a role, not a person who exists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Persona {
    id: String,
    name: String,
    says: String,
    needs: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Journey {
    id: String,
    title: String,
    persona: String,
    context: String,
    steps: Vec<JourneyStep>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JourneyStep {
    name: String,
    does: String,
    /// Where: a page, or outside the system.
    at: String,
    /// An obstacle for the person, and the answer of the system.
    barrier: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UserStory {
    id: String,
    title: String,
    persona: String,
    want: String,
    so_that: String,
    priority: Priority,
    why: String,
    context: String,
    specifications: Vec<String>,
    mockups: Vec<String>,
    scenarios: Vec<Scenario>,
    acceptance: Vec<String>,
    accessibility: Vec<AccessibilityGoal>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    title: String,
    given: String,
    when: String,
    then: String,
}

/// What must hold for everybody, and the numbers of the standards that ask for it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccessibilityGoal {
    says: String,
    rgaa: String,
    wcag: Vec<String>,
}

/// `MoSCoW`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Priority {
    Must,
    Should,
    Could,
    WontThisTime,
}

impl Priority {
    fn french(self) -> &'static str {
        match self {
            Self::Must => "indispensable (must)",
            Self::Should => "important (should)",
            Self::Could => "souhaitable (could)",
            Self::WontThisTime => "pas cette fois (won’t)",
        }
    }
}

/// Columns of the board, in order.
const STATES: [&str; 3] = ["à faire", "en cours", "fait"];

/// The page of the stories and the drawings of the journeys.
pub(super) fn documents(root: &Path) -> Result<Vec<Document>> {
    let stories: Stories = declared(root, LIST)?;
    let mut documents: Vec<_> = stories
        .journey
        .iter()
        .map(|journey| Document {
            path: format!("{FOLDER}/{}.svg", journey.id.to_lowercase()),
            text: journey.diagram().svg(),
        })
        .collect();

    documents.push(Document {
        path: format!("{FOLDER}/recits.md"),
        text: stories.page(),
    });
    Ok(documents)
}

/// The backlog and the board.
pub(super) fn backlog(root: &Path) -> Result<Document> {
    let stories: Stories = declared(root, LIST)?;
    let (requirements, inventory) = (specifications::read(root)?, Inventory::read(root)?);
    let mut text = BACKLOG.to_owned();

    let mut ordered: Vec<_> = stories.story.iter().collect();
    ordered.sort_by_key(|story| story.priority);
    let state = |story: &UserStory| story.state(&requirements, &inventory);

    text += "\n<!-- Preuve principale: C16.2 carnet du produit et tableau, tirés des déclarations et de l’état du dépôt [commande : cargo xtask docs --check] [code : xtask/src/docs/framing/stories.rs#backlog] -->\n## Le tableau\n";
    for column in STATES {
        let own: Vec<_> = ordered
            .iter()
            .filter(|story| state(story) == column)
            .collect();
        let _ = writeln!(text, "\n### {} : {}\n", capital(column), own.len());
        if own.is_empty() {
            text += "Aucun récit.\n";
        }
        for story in own {
            let _ = writeln!(
                text,
                "- {} {}, {}",
                story.id,
                story.title,
                story.priority.french()
            );
        }
    }

    text += "\n## Le carnet, par priorité\n\n| Récit | Titre | Priorité | Pourquoi cette priorité | Spécifications | État |\n| --- | --- | --- | --- | --- | --- |\n";
    for story in ordered {
        let UserStory { id, title, why, .. } = story;
        let priority = story.priority.french();
        let specifications = story.specifications.join(", ");
        let _ = writeln!(
            text,
            "| {id} | {title} | {priority} | {why} | {specifications} | {} |",
            state(story)
        );
    }

    Ok(Document {
        path: "docs/pilotage/carnet.md".to_owned(),
        text,
    })
}

/// One sentence for each name that leads nowhere and each number that is no criterion.
pub(super) fn faults(root: &Path) -> Result<Vec<String>> {
    let stories: Stories = declared(root, LIST)?;
    let known = Known {
        personas: stories.persona.iter().map(|one| one.id.clone()).collect(),
        specifications: specifications::read(root)?
            .into_iter()
            .map(|one| one.id)
            .collect(),
        mockups: mockups::names(root)?,
        grid: RgaaGrid::read(root)?,
    };

    let of_journeys = stories.journey.iter().flat_map(|journey| {
        let drawing = journey.diagram().faults();
        let persona = (!known.personas.contains(&journey.persona)).then(|| {
            format!(
                "{} is the journey of `{}`, who is not described",
                journey.id, journey.persona
            )
        });
        drawing.into_iter().chain(persona)
    });
    let of_stories = stories.story.iter().flat_map(|story| known.faults(story));
    let unused = known.mockups.iter().filter(|name| {
        !stories
            .story
            .iter()
            .any(|story| story.mockups.contains(name))
    });
    let unused = unused.map(|name| format!("no story shows the mock-up `{name}`"));
    let unserved = known.specifications.iter().filter(|id| {
        id.starts_with("SF")
            && !stories
                .story
                .iter()
                .any(|story| story.specifications.contains(id))
    });
    let unserved = unserved.map(|id| format!("no story asks for {id}"));

    let faults = of_journeys.chain(of_stories).chain(unused).chain(unserved);
    Ok(faults.map(|fault| format!("`{LIST}`: {fault}")).collect())
}

/// The names that a story may use.
struct Known {
    personas: BTreeSet<String>,
    specifications: BTreeSet<String>,
    mockups: BTreeSet<String>,
    grid: RgaaGrid,
}

impl Known {
    fn faults(&self, story: &UserStory) -> Vec<String> {
        let mut faults = Vec::new();
        if !self.personas.contains(&story.persona) {
            faults.push(format!(
                "is told by `{}`, who is not described",
                story.persona
            ));
        }
        if story.scenarios.is_empty() || story.acceptance.is_empty() {
            faults.push("has no scenario or no criterion of acceptance".to_owned());
        }
        if story.accessibility.is_empty() {
            faults.push("has no criterion of accessibility".to_owned());
        }

        let specifications = story.specifications.iter();
        let unknown = specifications.filter(|id| !self.specifications.contains(*id));
        faults.extend(unknown.map(|id| format!("names {id}, which is no specification")));
        let unknown = story
            .mockups
            .iter()
            .filter(|name| !self.mockups.contains(*name));
        faults.extend(unknown.map(|name| format!("shows `{name}`, which is no mock-up")));
        let goals = story.accessibility.iter();
        faults.extend(goals.filter_map(|goal| self.grid.fault(&goal.rgaa, &goal.wcag)));

        let told = faults
            .into_iter()
            .map(|fault| format!("{}: {fault}", story.id));
        told.collect()
    }
}

impl Stories {
    fn page(&self) -> String {
        let mut text = INTRODUCTION.to_owned();

        text += "\n## Pour qui\n\nDes rôles, pas des personnes : chacun est fictif.\n\n| Rôle | Qui est-ce | Ce qu’il faut à cette personne |\n| --- | --- | --- |\n";
        for Persona {
            name, says, needs, ..
        } in &self.persona
        {
            let _ = writeln!(text, "| {name} | {says} | {needs} |");
        }

        text += "\n<!-- Preuve principale: C14.2 parcours des personnes, étape par étape, en schéma et en texte [voir : docs/cadrage/recits.md#parcours] [code : data/framing/stories.toml#journey] -->\n## Parcours\n";
        for journey in &self.journey {
            text += &journey.section(self.name(&journey.persona));
        }

        text += "\n<!-- Preuve principale: C14.3 chaque récit : contexte, scénarios, critères d’acceptation [voir : docs/cadrage/recits.md#récits-utilisateurs] [code : xtask/src/docs/framing/stories.rs#faults] -->\n## Récits utilisateurs\n";
        for story in &self.story {
            text += &story.section(self.name(&story.persona));
        }

        text + &self.goals()
    }

    fn name<'a>(&'a self, id: &'a str) -> &'a str {
        let found = self.persona.iter().find(|persona| persona.id == id);
        found.map_or(id, |persona| &persona.name)
    }

    /// The goals of accessibility of all stories, by number of the RGAA.
    fn goals(&self) -> String {
        let mut text = "\n<!-- Preuve principale: C14.4 des objectifs d’accessibilité dans les critères d’acceptation de chaque récit [voir : docs/cadrage/recits.md#objectifs-daccessibilité-par-critère] [code : xtask/src/docs/framing/rgaa.rs#fault] -->\n<!-- Preuve principale: C14.5 chaque objectif porte le numéro du RGAA 4.1 et celui des WCAG 2.1 qu’il vérifie [commande : cargo test -p xtask the_declarations_and_the_repository_agree] [code : data/framing/rgaa.toml#topic] -->\n## Objectifs d’accessibilité, par critère\n\n| RGAA 4.1 | WCAG 2.1 | Récit | Objectif |\n| --- | --- | --- | --- |\n".to_owned();
        let mut goals: Vec<_> = self
            .story
            .iter()
            .flat_map(|story| story.accessibility.iter().map(move |goal| (story, goal)))
            .collect();
        goals.sort_by_key(|(_, goal)| number(&goal.rgaa));

        for (story, AccessibilityGoal { says, rgaa, wcag }) in goals {
            let _ = writeln!(
                text,
                "| {rgaa} | {} | {} | {says} |",
                wcag.join(", "),
                story.id
            );
        }
        text
    }
}

/// `11.2` comes after `9.1`.
fn number(rgaa: &str) -> Vec<u32> {
    rgaa.split('.')
        .filter_map(|part| part.parse().ok())
        .collect()
}

impl Journey {
    fn section(&self, persona: &str) -> String {
        let Self {
            id, title, context, ..
        } = self;

        let mut text = format!(
            "\n### {id} : {title}\n\n{persona}. {context}\n\n\
             ![Parcours {id}, « {title} » ; le tableau qui suit en donne le texte]({}.svg)\n\n\
             | Étape | Ce que fait la personne | Où | Ce qui peut l’arrêter, et la réponse |\n| --- | --- | --- | --- |\n",
            id.to_lowercase()
        );
        for (
            index,
            JourneyStep {
                name,
                does,
                at,
                barrier,
            },
        ) in (1..).zip(&self.steps)
        {
            let _ = writeln!(text, "| {index}. {name} | {does} | {at} | {barrier} |");
        }
        text
    }

    /// The steps in lines, each one read in the way in which the arrows go.
    fn diagram(&self) -> Diagram {
        let node = |(index, step): (usize, &JourneyStep)| {
            let (row, place) = (index / STEPS_PER_LINE, index % STEPS_PER_LINE);
            // Every other line goes back, so that no arrow crosses the drawing.
            let column = if row % 2 == 0 {
                place
            } else {
                STEPS_PER_LINE - 1 - place
            };
            DiagramBox {
                id: index.to_string(),
                name: format!("{}. {}", index + 1, step.name),
                kind: step.at.clone(),
                says: step.does.clone(),
                at: [column as f64, row as f64],
            }
        };
        let flow = |index: usize| Flow {
            from: (index - 1).to_string(),
            to: index.to_string(),
            what: String::new(),
            protocol: String::new(),
            personal: String::new(),
            protection: String::new(),
            number_at: 0.5,
        };

        let names: Vec<_> = self.steps.iter().map(|step| step.name.as_str()).collect();
        Diagram {
            id: self.id.clone(),
            title: format!("Parcours {} : {}", self.id, self.title),
            description: format!(
                "{} étapes, dans l’ordre : {}.",
                names.len(),
                names.join(" ; ")
            ),
            boxes: self.steps.iter().enumerate().map(node).collect(),
            zones: Vec::new(),
            flows: (1..self.steps.len()).map(flow).collect(),
        }
    }
}

impl UserStory {
    fn state(&self, requirements: &[Requirement], inventory: &Inventory) -> &'static str {
        let own = requirements
            .iter()
            .filter(|one| self.specifications.contains(&one.id));
        let states: Vec<_> = own.map(|one| one.state(inventory)).collect();
        let [to_do, under_way, done] = STATES;
        if states.iter().all(|state| *state == "répondue") {
            done
        } else if states.iter().all(|state| *state == "ouverte") {
            to_do
        } else {
            under_way
        }
    }

    fn section(&self, persona: &str) -> String {
        let Self {
            id,
            title,
            want,
            so_that,
            context,
            ..
        } = self;
        let mut text = format!(
            "\n### {id} : {title}\n\nEn tant que {}, je veux {want}, afin de {so_that}.\n\n- Priorité : {}. {}\n- Spécifications : {}\n",
            persona.to_lowercase(),
            self.priority.french(),
            self.why,
            self.specifications.join(", ")
        );

        if !self.mockups.is_empty() {
            let links = self
                .mockups
                .iter()
                .map(|name| format!("[{name}](../maquettes/{name}.svg)"));
            let _ = writeln!(
                text,
                "- Maquettes : {}",
                links.collect::<Vec<_>>().join(", ")
            );
        }

        let _ = writeln!(text, "\nContexte : {context}\n\nScénarios :\n");
        for Scenario {
            title,
            given,
            when,
            then,
        } in &self.scenarios
        {
            let _ = writeln!(
                text,
                "- {title}. Étant donné {given}, quand {when}, alors {then}."
            );
        }

        text += "\nCritères d’acceptation :\n\n";
        for criterion in &self.acceptance {
            let _ = writeln!(text, "- {criterion}");
        }
        for AccessibilityGoal { says, rgaa, wcag } in &self.accessibility {
            let _ = writeln!(
                text,
                "- Accessibilité : {says} (RGAA {rgaa} ; WCAG {})",
                wcag.join(", ")
            );
        }
        text
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests;
