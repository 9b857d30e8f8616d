//! Claims to meet a criterion: `Preuve:` comments, ours or another's, and the lines of a page that
//! name one. A claim is to be checked, and is never evidence.

#[cfg(test)]
mod tests;

/// Greatest number of letters of a claim that a report repeats.
const SHOWN: usize = 120;
/// Lines below a comment that say whether a test follows.
const NEAR: usize = 4;

/// A criterion that a submission says it meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CriterionClaim {
    /// `C5.4`, or `C5` in a heading.
    pub(crate) id: String,
    /// The words of the claim, cut where they get long.
    pub(crate) words: String,
    pub(crate) claimant: Claimant,
}

/// The thing that claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claimant {
    Test,
    Code,
    Page,
}

impl CriterionClaim {
    fn new(id: String, words: &str, claimant: Claimant) -> Self {
        Self {
            id,
            words: words.chars().take(SHOWN).collect(),
            claimant,
        }
    }

    /// The identifier of its competency.
    pub(crate) fn competency(&self) -> &str {
        self.id.split('.').next().unwrap_or(&self.id)
    }
}

/// The claims of the `Preuve:` comments of a file, whatever its language, with their line.
pub(crate) fn of_comments(text: &str, claimant: Claimant) -> Vec<(usize, CriterionClaim)> {
    if !text.contains("Preuve") {
        return Vec::new();
    }
    let lines: Vec<&str> = text.lines().collect();

    let claim = |(index, line): (usize, &&str)| {
        let (id, words) = declaration(line)?;
        let below = lines.iter().skip(index + 1).take(NEAR);
        let claimant = match claimant {
            Claimant::Code if below.into_iter().any(|line| begins_test(line)) => Claimant::Test,
            other => other,
        };
        Some((index + 1, CriterionClaim::new(id, words, claimant)))
    };
    lines.iter().enumerate().filter_map(claim).collect()
}

/// The criterion and the words of `// Preuve: C5.4 accès refusé`.
fn declaration(line: &str) -> Option<(String, &str)> {
    let comment = line.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let said = comment.strip_prefix("Preuve")?.trim_start();
    let said = said.strip_prefix(':')?.trim_start();

    let (id, words) = said.split_once(char::is_whitespace).unwrap_or((said, ""));
    let words = ["-->", "*/", "#}"]
        .iter()
        .fold(words.trim(), |words, end| words.trim_end_matches(end));
    Some((criterion(id)?, words.trim()))
}

fn begins_test(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("#[") && line.contains("test")
        || ["def test", "async def test", "test(", "it("]
            .iter()
            .any(|start| line.starts_with(start))
}

/// The criteria that a line of a page names, and the competency of a heading.
pub(crate) fn of_line(line: &str) -> Vec<CriterionClaim> {
    // A comment is read as such.
    if !may_name(line) || declaration(line).is_some() {
        return Vec::new();
    }
    let words = line.trim_matches(|letter: char| "#-*|> \t".contains(letter));

    let mut ids: Vec<String> = codes(line).filter_map(criterion).collect();
    ids.extend(heading(line).filter(|_| ids.is_empty()));
    ids.dedup();
    ids.into_iter()
        .map(|id| CriterionClaim::new(id, words, Claimant::Page))
        .collect()
}

/// True when a line only claims: it names a criterion, or is the heading of a competency.
pub(crate) fn claims(line: &str) -> bool {
    may_name(line) && (codes(line).any(|code| criterion(code).is_some()) || heading(line).is_some())
}

/// True when a line has the beginning of a code: few have, and only these are split into words.
fn may_name(line: &str) -> bool {
    let pairs = line.as_bytes().windows(2);
    pairs
        .into_iter()
        .any(|pair| matches!(pair, [b'C' | b'c', b'0'..=b'9']))
}

/// The competency of a heading such as `## C6 — Veille`.
fn heading(line: &str) -> Option<String> {
    let heading = line
        .starts_with('#')
        .then(|| line.trim_start_matches('#'))?;
    codes(heading).next().and_then(competency)
}

/// The parts of a line that may be a code.
fn codes(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.')
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
}

/// `C5.4`, in either case.
fn criterion(code: &str) -> Option<String> {
    let (competency, number) = code.split_once('.')?;
    let is_number =
        (1..=2).contains(&number.len()) && number.bytes().all(|one| one.is_ascii_digit());
    is_number.then(|| Some(format!("{}.{number}", self::competency(competency)?)))?
}

/// `C5`, in either case: there are 21 of them.
fn competency(code: &str) -> Option<String> {
    let number: u8 = code.strip_prefix(['C', 'c'])?.parse().ok()?;
    (1..=21).contains(&number).then(|| format!("C{number}"))
}
