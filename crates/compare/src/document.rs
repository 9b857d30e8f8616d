//! Pages that a person reads: sections, the words that the rules look for, and what they claim
//! about the tree.

mod claims;
mod copies;
#[cfg(test)]
mod tests;

pub(super) use claims::{Claim, Claimed, read as claims};
pub(super) use copies::{Copied, copied};

/// A page, folded to lower case without accents, with its headings.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) path: String,
    /// Folded text, one line for each line of the file.
    pub(super) text: String,
    pub(super) sections: Vec<Section>,
    /// Line of the file where the text begins, from 1.
    pub(super) first_line: usize,
}

/// A heading and what stands below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    pub(super) level: usize,
    /// Byte where the heading starts; the title of the page is its file name, at 0.
    pub(super) start: usize,
    /// Byte after the heading.
    pub(super) body: usize,
    /// Byte where the next section of any level starts.
    pub(super) end: usize,
    /// Byte where the next section of the same or a higher level starts.
    pub(super) outer_end: usize,
    pub(super) heading: String,
}

/// Reads a page of Markdown, reStructuredText or plain text.
pub(super) fn read(path: &str, source: &str, first_line: usize) -> Document {
    let text = fold(source);
    let sections = sections(&text);
    Document {
        path: path.to_owned(),
        text,
        sections,
        first_line,
    }
}

impl Document {
    /// The line of the file at a byte of the text.
    pub(super) fn line(&self, at: usize) -> usize {
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
    pub(super) fn title(&self) -> String {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        fold(name.split('.').next().unwrap_or(name)).replace(['_', '-'], " ")
    }
}

/// Lower case without the accents of French, line breaks kept.
pub(super) fn fold(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            'à' | 'â' | 'ä' | 'À' | 'Â' => 'a',
            'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' => 'e',
            'î' | 'ï' | 'Î' => 'i',
            'ô' | 'ö' | 'Ô' => 'o',
            'ù' | 'û' | 'ü' | 'Û' => 'u',
            'ç' | 'Ç' => 'c',
            '’' => '\'',
            '\u{a0}' | '\u{202f}' => ' ',
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

fn sections(text: &str) -> Vec<Section> {
    let mut found: Vec<Section> = vec![Section {
        level: 0,
        start: 0,
        body: 0,
        end: 0,
        outer_end: 0,
        heading: String::new(),
    }];

    let (mut at, mut in_code, mut before) = (0, false, (0, ""));

    for line in text.split_inclusive('\n') {
        let trimmed = line.trim();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            in_code = !in_code;
        }
        let level = trimmed.bytes().take_while(|byte| *byte == b'#').count();
        if !in_code && (1..=6).contains(&level) && trimmed.as_bytes().get(level) == Some(&b' ') {
            found.push(section(level, at, at + line.len(), trimmed[level..].trim()));
        } else if !in_code
            && is_underline(trimmed)
            && !before.1.is_empty()
            && !before.1.starts_with(['|', '-', '*', '>'])
        {
            let level = if trimmed.starts_with('=') { 1 } else { 2 };
            found.push(section(level, before.0, at + line.len(), before.1));
        }
        before = (at, trimmed);
        at += line.len();
    }

    close(&mut found, text.len());
    found
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
    }
}

fn close(sections: &mut [Section], length: usize) {
    let starts: Vec<(usize, usize)> = sections.iter().map(|one| (one.level, one.start)).collect();

    for (index, section) in sections.iter_mut().enumerate() {
        let mut after = starts.iter().skip(index + 1);

        section.end = after
            .clone()
            .next()
            .map_or(length, |(_, start)| *start)
            .max(section.body);
        section.outer_end = after
            .find(|(level, _)| *level <= section.level)
            .map_or(length, |(_, start)| *start)
            .max(section.body);
    }
}

/// Whether a passage says something concrete: sentences, a table, a list or code, not a string of
/// key words.
pub(super) fn is_concrete(passage: &str) -> bool {
    let words = passage.split_whitespace().count();
    if words < 20 {
        return false;
    }

    let rows = passage
        .lines()
        .filter(|line| line.trim_start().starts_with('|'))
        .count();
    let code = passage
        .lines()
        .filter(|line| line.trim_start().starts_with("```"))
        .count()
        >= 2;

    let commas = passage
        .bytes()
        .filter(|byte| [b',', b';'].contains(byte))
        .count()
        + passage.matches('·').count();
    let ends = passage.matches(['.', ':', '!', '?', '\n']).count();

    rows >= 3 || code || (commas * 4 < words && ends > 0 && !is_key_words(passage))
}

/// Short items one after the other, none of which is a sentence.
fn is_key_words(passage: &str) -> bool {
    let lines: Vec<usize> = passage
        .lines()
        .map(|line| line.split_whitespace().count())
        .filter(|words| *words > 0)
        .collect();
    let long = lines.iter().filter(|words| **words >= 6).count();
    let verbs = [
        "est ", "sont ", "avec ", "pour ", "par ", "dans ", "is ", "are ", "with ", "for ", "the ",
        "les ", "une ", "des ",
    ];

    let links = verbs
        .iter()
        .map(|verb| passage.matches(verb).count())
        .sum::<usize>();
    lines.len() >= 4 && long == 0 && links * 12 < passage.split_whitespace().count()
}

/// Whether a passage speaks of what is still to be done.
pub(super) fn is_promise(passage: &str) -> bool {
    const PROMISES: [&str; 16] = [
        "a faire",
        "todo",
        "a venir",
        "sera mis en place",
        "seront mis",
        "coming soon",
        "non implemente",
        "not implemented",
        "prochaines etapes",
        "ameliorations futures",
        "roadmap",
        "perspectives",
        "reste a ",
        "a implementer",
        "future work",
        "evolutions possibles",
    ];
    PROMISES.iter().any(|promise| passage.contains(promise))
}
