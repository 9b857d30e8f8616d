//! How well personal data is taken out of texts that a person marked.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::redaction::{PersonalKind, redact};

/// The tag of the numbers and names of bikes and stations, which must stay.
const KEEP: &str = "garder";

/// A text whose personal data is marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkedText {
    text: String,
    personal: Vec<(Range<usize>, PersonalKind)>,
    kept: Vec<Range<usize>>,
}

/// A line of a file of marked texts that is not read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("ligne {line} : {reason}")]
pub struct MarkError {
    /// From 1.
    line: usize,
    reason: String,
}

/// The quality of the redaction of marked texts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RedactionScores {
    /// Parts marked as personal.
    pub spans: usize,
    /// Share of them of which no letter and no digit is left.
    pub recall: f64,
    /// Share of the parts taken out that touch a part marked as personal.
    pub precision: f64,
    /// Share of the numbers and names of bikes and stations that are left whole.
    pub kept: f64,
    /// Of each kind: parts marked, then parts taken out whole.
    pub kinds: BTreeMap<&'static str, (usize, usize)>,
    /// Each personal part that was left, whole or not, in its text.
    pub missed: Vec<String>,
    /// Each part taken out for nothing, in its text.
    pub wrong: Vec<String>,
    /// Each number or name of a bike or a station that was lost, in its text.
    pub lost: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// `<nom>…</nom>` around personal data, `<garder>…</garder>` around words that must stay.
    text: String,
}

impl MarkedText {
    /// Reads a file of marked texts: one JSON object a line, `{"text": "… <nom>…</nom> …"}`.
    ///
    /// # Errors
    /// A line that is no such object, or whose marks do not close.
    pub fn read_all(file: &str) -> Result<Vec<Self>, MarkError> {
        let lines = file
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty());

        let texts = lines.map(|(index, line)| {
            let error = |reason: String| MarkError {
                line: index + 1,
                reason,
            };
            let line: Line =
                serde_json::from_str(line).map_err(|cause| error(cause.to_string()))?;
            Self::parse(&line.text).map_err(error)
        });

        texts.collect()
    }

    fn parse(marked: &str) -> Result<Self, String> {
        let mut parsed = Self {
            text: String::new(),
            personal: Vec::new(),
            kept: Vec::new(),
        };
        let mut rest = marked;

        while let Some((before, after)) = rest.split_once('<') {
            parsed.text.push_str(before);
            let (tag, after) = after.split_once('>').ok_or("une marque ne se ferme pas")?;
            let closing = format!("</{tag}>");
            let (inside, after) = after
                .split_once(closing.as_str())
                .ok_or_else(|| format!("`{closing}` manque"))?;

            let start = parsed.text.len();
            parsed.text.push_str(inside);
            parsed.mark(tag, start..parsed.text.len())?;
            rest = after;
        }
        parsed.text.push_str(rest);
        Ok(parsed)
    }

    fn mark(&mut self, tag: &str, range: Range<usize>) -> Result<(), String> {
        if tag == KEEP {
            self.kept.push(range);
            return Ok(());
        }
        let kind = PersonalKind::ALL
            .into_iter()
            .find(|kind| kind.word() == tag);
        self.personal.push((
            range,
            kind.ok_or_else(|| format!("marque inconnue : `{tag}`"))?,
        ));
        Ok(())
    }
}

impl RedactionScores {
    /// Redacts `texts` and compares.
    pub fn of(texts: &[MarkedText]) -> Self {
        let mut scores = Self {
            spans: 0,
            recall: 0.0,
            precision: 0.0,
            kept: 0.0,
            kinds: BTreeMap::new(),
            missed: Vec::new(),
            wrong: Vec::new(),
            lost: Vec::new(),
        };
        let (mut found, mut to_keep) = (0, 0);
        for text in texts {
            let redacted: Vec<Range<usize>> = redact(&text.text)
                .spans
                .into_iter()
                .map(|span| span.range)
                .collect();
            found += redacted.len();
            to_keep += text.kept.len();
            scores.compare(text, &redacted);
        }

        let right = |whole: usize, wrong: usize| 1.0 - wrong as f64 / whole.max(1) as f64;
        scores.recall = right(scores.spans, scores.missed.len());
        scores.precision = right(found, scores.wrong.len());
        scores.kept = right(to_keep, scores.lost.len());
        scores
    }

    fn compare(&mut self, marked: &MarkedText, redacted: &[Range<usize>]) {
        let text = &marked.text;
        let show = |range: &Range<usize>| format!("`{}` dans « {text} »", &text[range.clone()]);

        for (range, kind) in &marked.personal {
            let is_hidden = is_hidden(text, range, redacted);
            let counts = self.kinds.entry(kind.word()).or_default();
            self.spans += 1;
            counts.0 += 1;
            counts.1 += usize::from(is_hidden);
            if !is_hidden {
                self.missed.push(show(range));
            }
        }
        let is_personal =
            |range: &&Range<usize>| marked.personal.iter().any(|(one, _)| overlap(one, range));
        self.wrong.extend(
            redacted
                .iter()
                .filter(|range| !is_personal(range))
                .map(show),
        );
        let is_lost = |range: &&Range<usize>| redacted.iter().any(|one| overlap(one, range));
        self.lost
            .extend(marked.kept.iter().filter(is_lost).map(show));
    }
}

/// True when no letter and no digit of the range is left.
fn is_hidden(text: &str, range: &Range<usize>, redacted: &[Range<usize>]) -> bool {
    let letters = text[range.clone()]
        .char_indices()
        .filter(|(_, letter)| letter.is_alphanumeric());
    let mut places = letters.map(|(place, _)| range.start + place);
    places.all(|place| redacted.iter().any(|range| range.contains(&place)))
}

fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}
