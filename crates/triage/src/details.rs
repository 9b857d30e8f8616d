//! Urgency, bike and station: simple rules that a person can read and check.

use std::sync::LazyLock;

use regex::Regex;

use crate::text::{fold, pattern};

/// How soon somebody must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// At the next round.
    Routine,
    /// Today: somebody could fall, is stuck, or pays for a bike that was returned.
    Today,
    /// Now: somebody is hurt, or something burns.
    Now,
}

/// The details that a report gives besides its category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportDetails<'a> {
    /// How soon somebody must act.
    pub urgency: Urgency,
    /// The numbers of the bikes, as they were written, in order, each once.
    pub bikes: Vec<&'a str>,
    /// The name or number of the first station named.
    pub station: Option<&'a str>,
}

impl Urgency {
    /// The French word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Routine => "normale",
            Self::Today => "dans la journée",
            Self::Now => "immédiate",
        }
    }
}

/// Reads the details of a report.
pub fn details(text: &str) -> ReportDetails<'_> {
    ReportDetails {
        urgency: urgency(text),
        bikes: bikes(text),
        station: station(text),
    }
}

fn urgency(text: &str) -> Urgency {
    static NOW: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x) \b (?: bless\w* | saign\w* | sang | ambulance | samu | pompiers? | secours | inconscient\w* | evanoui\w*
              | electrocut\w* | etincelles? | fumees? | fume | brule\w* | en\ feu | prend\ feu | incendie | explos\w* | fil\w*\ (?:nu|denude)\w*
              | renvers\w* | percut\w* | fracture\w* | casse\w*\ (?:le|la|mon|ma|un)\ (?:bras|jambe|poignet|cheville|dent) ) \b",
        )
    });
    static TODAY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x) \b (?: danger\w* | risque\w* | tomb\w* | chut\w* | accident\w* | plus\ de\ freins? | sans\ freins? | freins?\ (?:\w+\ ){0,2}(?:mort|hs|lache\w*|casse\w*|coupe\w*|inexistant)s?
              | ne\ freine\w* | freine\ (?:plus|pas) | bloque\w* | coince\w* | urgent\w* | urgence | vol\ de | vole[es]? | agress\w* | verre
              | debite\w* | preleve\w* | facture\w* | toujours\ en\ cours | impossible\ de\ (?:rendre|raccrocher|deposer|terminer) ) \b",
        )
    });

    let folded = fold(text);
    if NOW.is_match(&without_denials(&folded)) {
        Urgency::Now
    } else if TODAY.is_match(&folded) {
        Urgency::Today
    } else {
        Urgency::Routine
    }
}

/// `personne n’est blessé`, `pas de blessé`, `sans me blesser`: the word is there, and nobody is hurt.
fn without_denials(folded: &str) -> String {
    static DENIAL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:personne n'est|aucun|aucune|pas de|pas|sans|jamais|ni)\s+(?:\w+\s+){0,2}?(?:bless\w*|secours|fumees?|feu|degats?)",
        )
    });
    DENIAL.replace_all(folded, " ").into_owned()
}

/// Numbers of three to five digits that a word announces: `vélo 4521`, `n° 4521`, `le 4521`, `#4521`.
fn bikes(text: &str) -> Vec<&str> {
    static BIKE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix) (?: \b (?: v[ée]los? | bikes? | vae | vls | vlr | num[ée]ros? | num | n[°º] | no | bicyclette | celui | le | du | au ) | n[°º] | \# )
            (?: \s+ (?: num[ée]ro | n[°º] | no | le | est | c['’]est ) )? \s* [:\#°-]? \s* (?P<number> \d{3,5} ) \b",
        )
    });
    static LIST: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\s*(?:,|et|&|/|ou)\s*(?P<number>\d{3,5})\b"));
    static UNIT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)^\s*(?:m\b|m[èe]tres?|km|€|euros?|min|h\b|%|kg|,\d|/\d|rue|avenue)")
    });

    let mut bikes: Vec<&str> = Vec::new();
    for captures in BIKE.captures_iter(text) {
        let Some(mut number) = captures.name("number") else {
            continue;
        };
        if UNIT.is_match(&text[number.end()..]) || is_of_station(&text[..number.start()]) {
            continue;
        }
        let mut end = number.end();
        loop {
            if !bikes.contains(&number.as_str()) {
                bikes.push(number.as_str());
            }
            // Offsets of the rest are those of the rest.
            let Some(next) = LIST
                .captures(&text[end..])
                .and_then(|next| next.name("number"))
            else {
                break;
            };
            end += next.end();
            number = next;
        }
    }
    bikes
}

fn is_of_station(before: &str) -> bool {
    static STATION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:station|borne|dock|bornette|arr[êe]t)\s*(?:num[ée]ro|n[°º]?|no|le)?\s*(?:n[°º]|num[ée]ro|no|le)?\s*[:#°]?\s*$",
        )
    });
    let start = before.ceil_char_boundary(before.len().saturating_sub(40));
    // The words that announce the number are part of the match: `station n° `, of which `n° ` was
    // taken.
    STATION.is_match(&before[start..])
}

/// The name after `station` or `borne`: a number, or words with a capital and those between them.
fn station(text: &str) -> Option<&str> {
    static STATION: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x) (?i: \b (?: station | borne ) (?: \s+ v[ée]lorive )? \s* (?: num[ée]ro | n[°º] | no | de \s+ la | de \s+ l['’] | de | du | des | : | « )? \s* )
            (?P<name> \d{1,4} \b | \p{Lu} [\p{L}’'-]* (?: \s+ (?: (?: de | du | des | la | le | les | d['’] | l['’] | – | - | sous | sur ) \s* ){0,3} \p{Lu}[\p{L}’'-]* ){0,4} )",
        )
    });
    STATION
        .captures(text)?
        .name("name")
        .map(|name| name.as_str())
}
