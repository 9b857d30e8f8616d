//! The rules: which facts and which words of pages show each criterion, and how strong that makes
//! it.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, MatchKind};
use serde::Deserialize;

use super::document::{Document, Section, is_concrete, is_promise};
use super::fact::FactKind;
use super::model::{Evidence, Strength};

const SOURCE: &str = include_str!("../data/criteria.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    rule: Vec<Rule>,
}

/// What shows one criterion.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    /// Such as `C5.4`.
    pub(super) id: String,
    /// Whether the criterion says what its competency does.
    #[serde(default)]
    pub(super) core: bool,
    /// Whether what pages say of it counts for the competency, though not what code shows.
    #[serde(default)]
    pub(super) core_pages: bool,
    /// Facts that show it.
    #[serde(default)]
    pub(super) show: Vec<FactKind>,
    /// Facts that show it beside another one of `show`.
    #[serde(default)]
    pub(super) extra: Vec<FactKind>,
    /// Facts of which one must exist for `show` or pages to count.
    #[serde(default)]
    pub(super) within: Vec<FactKind>,
    /// Whether it counts only once the core of its competency is there.
    #[serde(default)]
    pub(super) follows: bool,
    /// Whether only a fact that a test exercises counts.
    #[serde(default)]
    pub(super) only_exercised: bool,
    /// Whether a page on accessible documentation shows it.
    #[serde(default)]
    pub(super) accessible: bool,
    #[serde(default)]
    subject: Vec<String>,
    #[serde(default)]
    specifics: Vec<String>,
    #[serde(default = "two")]
    need: usize,
    /// Words that, on its line, make a subject speak of something else.
    #[serde(default)]
    unless: Vec<String>,
    /// Words of which the heading, the page name or the passage must have one.
    #[serde(default)]
    both: Vec<String>,
}

fn two() -> usize {
    2
}

/// All rules and the automaton of their words.
pub(super) struct Rules {
    pub(super) rules: Vec<Rule>,
    words: AhoCorasick,
    /// For each word: the rules of which it is a subject, a specific or a condition.
    roles: Vec<Vec<(usize, Role)>>,
    texts: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Subject,
    Specific,
    Both,
}

/// Words and conditions of the ten criteria on accessible documentation.
const ACCESSIBLE: ([&str; 2], [&str; 10]) = (
    ["accessib", "documentation accessible"],
    [
        "lecteur d'ecran",
        "avh",
        "valentin hauy",
        "atalan",
        "accede",
        "wcag",
        "rgaa",
        "alternative textuelle",
        "titres hierarch",
        "screen reader",
    ],
);

/// Subjects that say nothing outside a heading.
const GENERIC: [&str; 60] = [
    "contexte",
    "introduction",
    "sources",
    "api",
    "endpoint",
    "endpoints",
    "installation",
    "install",
    "usage",
    "utilisation",
    "tests",
    "conclusion",
    "besoin",
    "index",
    "perimetre",
    "scope",
    "import",
    "pages",
    "partage",
    "flux",
    "registre",
    "recommandation",
    "synthese",
    "metriques",
    "application",
    "architecture",
    "alertes",
    "alerts",
    "logs",
    "resolution",
    "interface",
    "navigation",
    "formulaire",
    "dashboard",
    "tableau",
    "pilotage",
    "execution",
    "lancement",
    "commandes",
    "dependances",
    "security",
    "securite",
    "issue",
    "ticket",
    "decision",
    "hebergement",
    "maquette",
    "transformation",
    "need",
    "requetes",
    "routes",
    "communication",
    "diffusion",
    "parcours",
    "communication",
    "conservation",
    "retention",
    "comparison",
    "prompt",
    "base de donnees",
];

impl Rules {
    /// Reads the table that the binary carries.
    pub(super) fn load() -> Result<Self, toml::de::Error> {
        let mut table: Table = toml::from_str(SOURCE)?;
        for rule in table.rule.iter_mut().filter(|rule| rule.accessible) {
            rule.subject = ACCESSIBLE.0.iter().map(|word| (*word).to_owned()).collect();
            rule.specifics = ACCESSIBLE.1.iter().map(|word| (*word).to_owned()).collect();
            rule.both = vec!["document".to_owned()];
        }

        let mut by_word: BTreeMap<String, Vec<(usize, Role)>> = BTreeMap::new();

        for (index, rule) in table.rule.iter().enumerate() {
            let lists = [
                (&rule.subject, Role::Subject),
                (&rule.specifics, Role::Specific),
                (&rule.both, Role::Both),
            ];
            for (word, role) in lists
                .into_iter()
                .flat_map(|(list, role)| list.iter().map(move |word| (word, role)))
            {
                by_word.entry(word.clone()).or_default().push((index, role));
            }
        }

        let (texts, roles): (Vec<String>, Vec<_>) = by_word.into_iter().unzip();
        let words = AhoCorasickBuilder::new()
            .match_kind(MatchKind::Standard)
            .build(&texts);

        // The words are a few hundred short literals of our own: no automaton is too large for
        // them.
        let words = words.map_err(|error| serde::de::Error::custom(error.to_string()))?;

        Ok(Self {
            rules: table.rule,
            words,
            roles,
            texts,
        })
    }

    /// What a page says of each criterion, by index of its rule.
    pub(super) fn read(&self, document: &Document) -> Vec<(usize, Evidence)> {
        let title = self.subjects_of(&document.title());
        let hits = self.hits(&document.text);
        let crowded = self.crowded(document, &hits);
        let mut found = Vec::new();
        for (index, rule) in self
            .rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| !rule.subject.is_empty())
        {
            found.extend(
                self.judge(index, rule, document, &hits[index], (&title, &crowded))
                    .map(|evidence| (index, evidence)),
            );
        }
        found
    }

    /// Words of every rule in a page: `(byte, word, role)`, by rule.
    fn hits(&self, text: &str) -> Vec<Vec<(usize, usize, Role)>> {
        let mut hits: Vec<Vec<(usize, usize, Role)>> = vec![Vec::new(); self.rules.len()];
        for found in self.words.find_overlapping_iter(text) {
            let word = found.pattern().as_usize();
            if !self.stands(text, word, found.start(), found.end()) {
                continue;
            }
            for (rule, role) in &self.roles[word] {
                hits[*rule].push((found.start(), word, *role));
            }
        }
        hits
    }

    /// Whether a match begins a word, and ends one when it is short.
    fn stands(&self, text: &str, word: usize, start: usize, end: usize) -> bool {
        let letter = |byte: Option<&u8>| {
            byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
        };
        let bytes = text.as_bytes();
        let own = &self.texts[word];
        let begins = !letter(own.as_bytes().first())
            || !letter(start.checked_sub(1).and_then(|at| bytes.get(at)));
        let short = own.len() <= 4 && letter(own.as_bytes().last());
        begins && (!short || !letter(bytes.get(end)) || bytes.get(end) == Some(&b's'))
    }

    fn subjects_of(&self, title: &str) -> BTreeSet<(usize, bool)> {
        let hits = self.hits(title);
        let mut found = BTreeSet::new();
        for (rule, hits) in hits.iter().enumerate() {
            found.extend(
                hits.iter()
                    .filter(|hit| hit.2 != Role::Specific)
                    .map(|hit| (rule, hit.2 == Role::Subject)),
            );
        }
        found
    }

    fn judge(
        &self,
        index: usize,
        rule: &Rule,
        document: &Document,
        hits: &[(usize, usize, Role)],
        (title, crowded): (&BTreeSet<(usize, bool)>, &[bool]),
    ) -> Option<Evidence> {
        let titled = title.contains(&(index, true));
        let title_has_both = rule.both.is_empty() || title.contains(&(index, false));
        if hits.is_empty() && !titled {
            return None;
        }
        let page = &document.sections[0];
        let mut best: Option<(Strength, usize, String)> = None;
        let mut consider = |strength, at, heading: &str| {
            if best.as_ref().is_none_or(|(known, ..)| *known < strength) {
                best = Some((strength, at, heading.to_owned()));
            }
        };
        if titled
            && !crowded[0]
            && self.describes(
                rule,
                document,
                hits,
                (page.body, document.text.len()),
                title_has_both,
                rule.need,
            )
        {
            consider(Strength::Described, 0, &document.title());
        }
        let mut parents: Vec<(usize, bool)> = Vec::new();
        for (section, crowded) in document.sections.iter().zip(crowded) {
            parents.retain(|(level, _)| *level < section.level);
            let inside = |role: Role, from: usize, to: usize| {
                hits.iter()
                    .any(|hit| hit.2 == role && (from..to).contains(&hit.0))
            };
            let both_above = title_has_both
                || parents.iter().any(|(_, both)| *both)
                || names_competency(&section.heading, &rule.id)
                || inside(Role::Both, section.start, section.body);

            parents.push((section.level, both_above));
            let coded = section.level > 0 && names_competency(&section.heading, &rule.id);
            let headed =
                section.level > 0 && (coded || inside(Role::Subject, section.start, section.body));
            if headed && !is_promise(&section.heading) {
                let range = (section.body, section.outer_end);
                if !crowded && self.describes(rule, document, hits, range, both_above, rule.need) {
                    consider(Strength::Described, section.start, &section.heading);
                } else if both_above || self.both_near(document, hits, section.start) {
                    consider(Strength::Mentioned, section.start, &section.heading);
                }
            } else if let Some(hit) = self.strongest_subject(rule, document, hits, section) {
                // Without a heading of its own, a subject needs more to be described.
                let range = (section.body, section.end);
                if !crowded
                    && self.describes(rule, document, hits, range, both_above, rule.need + 2)
                {
                    consider(Strength::Described, hit.0, &section.heading);
                } else if !GENERIC.contains(&self.texts[hit.1].as_str())
                    && (both_above || self.both_near(document, hits, hit.0))
                    && !speaks_of_else(rule, document, hit.0)
                {
                    consider(Strength::Mentioned, hit.0, &section.heading);
                }
            }
        }
        let (strength, at, heading) = best?;
        let what = match (strength, heading.as_str()) {
            (Strength::Described, "") => "une page le décrit".to_owned(),
            (Strength::Described, heading) => format!("décrit sous « {heading} »"),
            (_, "") => "un mot, sans rien de précis".to_owned(),
            (_, heading) => format!("un mot sous « {heading} », sans rien de précis"),
        };
        Some(Evidence {
            path: document.path.clone(),
            line: Some(document.line(at)),
            strength,
            what,
        })
    }

    /// A subject in the body of a section, one that says something by itself if there is one.
    fn strongest_subject<'hits>(
        &self,
        rule: &Rule,
        document: &Document,
        hits: &'hits [(usize, usize, Role)],
        section: &Section,
    ) -> Option<&'hits (usize, usize, Role)> {
        let inside = || {
            hits.iter().filter(|hit| {
                hit.2 == Role::Subject && (section.body..section.end).contains(&hit.0)
            })
        };
        inside()
            .find(|hit| {
                !GENERIC.contains(&self.texts[hit.1].as_str())
                    && !speaks_of_else(rule, document, hit.0)
            })
            .or_else(|| inside().next())
    }

    /// Sections where the subjects of many competencies crowd in few words: a list of key words,
    /// not a description.
    fn crowded(&self, document: &Document, hits: &[Vec<(usize, usize, Role)>]) -> Vec<bool> {
        let competency = |id: &str| id.split('.').next().unwrap_or("").to_owned();

        document
            .sections
            .iter()
            .map(|section| {
                let inside = |hit: &(usize, usize, Role)| {
                    hit.2 == Role::Subject && (section.body..section.end).contains(&hit.0)
                };

                let named: BTreeSet<String> = self
                    .rules
                    .iter()
                    .zip(hits)
                    .filter(|(_, hits)| hits.iter().any(inside))
                    .map(|(rule, _)| competency(&rule.id))
                    .collect();

                let words = document
                    .text
                    .get(section.body..section.end)
                    .unwrap_or("")
                    .split_whitespace()
                    .count();

                named.len() >= 8 && words < named.len() * 22
            })
            .collect()
    }

    /// Whether the line of a subject has one of the words that must stand beside it.
    fn both_near(&self, document: &Document, hits: &[(usize, usize, Role)], at: usize) -> bool {
        let start = document.text[..at].rfind('\n').map_or(0, |start| start + 1);
        let end = document.text[at..]
            .find('\n')
            .map_or(document.text.len(), |end| at + end);
        hits.iter()
            .any(|hit| hit.2 == Role::Both && (start..end).contains(&hit.0))
    }

    fn describes(
        &self,
        rule: &Rule,
        document: &Document,
        hits: &[(usize, usize, Role)],
        (from, to): (usize, usize),
        both_above: bool,
        need: usize,
    ) -> bool {
        let inside = |hit: &&(usize, usize, Role)| (from..to).contains(&hit.0);
        let both = both_above || hits.iter().filter(inside).any(|hit| hit.2 == Role::Both);

        let specifics: BTreeSet<usize> = hits
            .iter()
            .filter(inside)
            .filter(|hit| hit.2 == Role::Specific)
            .map(|hit| hit.1)
            .collect();

        let passage = document.text.get(from..to).unwrap_or("");
        let short_promise = passage.len() < 240 && is_promise(passage);

        both && specifics.len() >= need.min(rule.specifics.len())
            && is_concrete(passage)
            && !short_promise
    }
}

fn speaks_of_else(rule: &Rule, document: &Document, at: usize) -> bool {
    let start = document.text[..at].rfind('\n').map_or(0, |start| start + 1);
    let line = document.text[start..].lines().next().unwrap_or("");
    rule.unless.iter().any(|word| line.contains(word.as_str()))
}

/// Whether a heading bears the code of a criterion or of its competency, as reports often do: `##
/// C14 — Analyse du besoin`.
fn names_competency(heading: &str, id: &str) -> bool {
    let id = id.to_ascii_lowercase();
    let competency = id.split('.').next().unwrap_or("");
    heading
        .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.')
        .any(|word| word.trim_end_matches('.') == competency || word == id)
}
