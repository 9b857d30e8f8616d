//! Pages that a person reads: sections, the words that the rules look for, and the claims about the
//! tree.

mod claims;
mod copies;
mod prose;
#[cfg(test)]
mod tests;

pub(crate) use claims::{Claim, Claimed, read as claims};
pub(crate) use copies::{Copied, copied};
pub(crate) use prose::{is_concrete, is_promise};

use std::ops::Range;

use crate::criterion_claim;
use crate::text::{file_name, fold};

/// A page, folded to lower case without accents, with its headings.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) path: String,
    /// Folded text, one line for each line of the file.
    pub(crate) text: String,
    pub(crate) sections: Vec<Section>,
    /// Line of the file where the text begins, from 1.
    pub(crate) first_line: usize,
    /// Lines that only claim to meet a criterion, in order: their words show nothing.
    claims: Vec<Range<usize>>,
}

/// A heading and the text below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) level: usize,
    /// Byte where the heading starts; the title of the page is its file name, at 0.
    pub(crate) start: usize,
    /// Byte after the heading.
    pub(crate) body: usize,
    /// Byte where the next section of any level starts.
    pub(crate) end: usize,
    /// Byte where the next section of the same or a higher level starts.
    pub(crate) outer_end: usize,
    pub(crate) heading: String,
    /// Codes that the heading bears, such as `c14` and `c5.4`.
    pub(crate) codes: Vec<String>,
}

/// Reads a page of Markdown, reStructuredText or plain text.
pub(crate) fn read(path: &str, source: &str, first_line: usize) -> Document {
    let text = fold(source);
    let sections = sections(&text);
    Document {
        path: path.to_owned(),
        claims: claim_lines(&text),
        text,
        sections,
        first_line,
    }
}

impl Document {
    /// True when the byte of the text stands on a line that only claims to meet a criterion.
    pub(crate) fn is_claim(&self, at: usize) -> bool {
        let after = self.claims.partition_point(|line| line.end <= at);
        self.claims.get(after).is_some_and(|line| line.start <= at)
    }

    /// True when the byte of the text stands in a heading.
    pub(crate) fn is_in_heading(&self, at: usize) -> bool {
        let section = &self.sections[self.section_at(at)];
        section.level > 0 && at < section.body
    }

    /// The section whose heading or own text has a byte.
    pub(crate) fn section_at(&self, at: usize) -> usize {
        let after = self.sections.partition_point(|section| section.start <= at);
        after.saturating_sub(1)
    }

    /// The line of the file at a byte of the text.
    pub(crate) fn line(&self, at: usize) -> usize {
        self.first_line
            + self
                .text
                .as_bytes()
                .iter()
                .take(at)
                .filter(|byte| **byte == b'\n')
                .count()
    }

    /// The words of the file name, such as `registre traitements` for
    /// `docs/registre_traitements.md`.
    pub(crate) fn title(&self) -> String {
        let name = file_name(&self.path);
        fold(name.split('.').next().unwrap_or(name)).replace(['_', '-'], " ")
    }
}

fn sections(text: &str) -> Vec<Section> {
    // The page itself is the first section, under its file name.
    let mut found = vec![section(0, 0, 0, "")];
    let (mut at, mut in_code, mut before) = (0, false, (0, ""));

    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        // A comment of a shell in a block of code begins as a heading does.
        in_code ^= trimmed.starts_with("```") || trimmed.starts_with("~~~");

        let body = at + line.len();
        if let Some(level) = heading_level(trimmed).filter(|_| !in_code) {
            found.push(section(level, at, body, trimmed[level..].trim()));
        } else if let Some(level) = underline_level(trimmed, before.1).filter(|_| !in_code) {
            found.push(section(level, before.0, body, before.1));
        }

        before = (at, trimmed);
        at = body;
    }

    close(&mut found, text.len());
    found
}

/// The level of `## Heading`.
fn heading_level(line: &str) -> Option<usize> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    let is_heading = (1..=6).contains(&level) && line.as_bytes().get(level) == Some(&b' ');
    is_heading.then_some(level)
}

/// The level of a heading that a line underlines; a table, a list and a quotation are none.
fn underline_level(line: &str, above: &str) -> Option<usize> {
    let is_heading =
        is_underline(line) && !above.is_empty() && !above.starts_with(['|', '-', '*', '>']);
    is_heading.then_some(if line.starts_with('=') { 1 } else { 2 })
}

fn is_underline(line: &str) -> bool {
    line.len() >= 3
        && (line.bytes().all(|byte| byte == b'=') || line.bytes().all(|byte| byte == b'-'))
}

fn section(level: usize, start: usize, body: usize, heading: &str) -> Section {
    Section {
        level,
        start,
        body,
        end: 0,
        outer_end: 0,
        heading: heading.to_owned(),
        codes: codes(heading),
    }
}

/// The words of a heading that may be the code of a criterion or of a competency.
fn codes(heading: &str) -> Vec<String> {
    let words = heading.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.');
    words
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| matches!(word.as_bytes(), [b'c', b'0'..=b'9', ..]))
        .map(str::to_owned)
        .collect()
}

fn claim_lines(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        let start = at;
        at += line.len();
        (line, start..at)
    });
    lines
        .filter(|(line, _)| criterion_claim::claims(line))
        .map(|(_, range)| range)
        .collect()
}

/// Says where each section ends, once all of them are known.
fn close(sections: &mut [Section], length: usize) {
    let starts: Vec<(usize, usize)> = sections.iter().map(|one| (one.level, one.start)).collect();

    for (index, section) in sections.iter_mut().enumerate() {
        let mut after = starts.iter().skip(index + 1);
        let next = after.clone().next();
        let outer = after.find(|(level, _)| *level <= section.level);

        let end = |start: Option<&(usize, usize)>| start.map_or(length, |(_, start)| *start);
        section.end = end(next).max(section.body);
        section.outer_end = end(outer).max(section.body);
    }
}
