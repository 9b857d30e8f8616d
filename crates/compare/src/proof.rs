//! Proofs declared in comments: reads one file and binds each comment to the thing right below it.

mod comments;
mod strings;
#[cfg(test)]
mod tests;

use comments::CommentSyntax;

/// A criterion said to be proved by the thing below the comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Such as `C5.4`.
    pub criterion: String,
    /// The claim, in French, as the comment makes it.
    pub claim: String,
    /// Path from the root of the repository, with `/`.
    pub file: String,
    /// Line of the thing that proves, from 1.
    pub line: usize,
    /// The thing that proves.
    pub subject: Subject,
}

/// The thing that a comment is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A test, by name.
    Test(String),
    /// Any other thing, by name: a function, a query, a table, a section.
    Item(String),
    /// A command that the comment names: `[commande : .ci/install]`.
    Command(String),
    /// A section of a document that the comment names: `[voir : docs/rgpd.md#registre]`.
    Anchor(String),
}

impl Subject {
    /// The name, the command or the place.
    pub fn name(&self) -> &str {
        match self {
            Self::Test(name) | Self::Item(name) | Self::Command(name) | Self::Anchor(name) => name,
        }
    }
}

/// A comment that proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {reason}")]
pub struct Mistake {
    /// Path from the root of the repository, with `/`.
    pub file: String,
    /// Line of the comment, from 1.
    pub line: usize,
    /// The mistake, in French.
    pub reason: String,
}

/// Reads the proofs of one file. A file of an unknown language has none.
pub fn read(file: &str, text: &str) -> (Vec<Proof>, Vec<Mistake>) {
    let mut found = (Vec::new(), Vec::new());
    let syntax = CommentSyntax::of(file).filter(|_| text.contains("Preuve:"));
    let Some(syntax) = syntax else {
        return found;
    };
    let lines: Vec<&str> = text.lines().collect();

    for (index, declaration) in declarations(syntax, text, &lines) {
        match declare(syntax, file, declaration, &lines, index) {
            Ok(proof) => found.0.push(proof),
            Err(reason) => found.1.push(Mistake {
                file: file.to_owned(),
                line: index + 1,
                reason,
            }),
        }
    }

    found
}

/// The declarations of a file, with the index of their line.
fn declarations<'text>(
    syntax: CommentSyntax,
    text: &str,
    lines: &[&'text str],
) -> Vec<(usize, &'text str)> {
    // A test may quote a proof without declaring it.
    let quoted = match syntax {
        CommentSyntax::Rust => strings::quoted_lines(text),
        _ => Vec::new(),
    };
    let declaration = |line: &'text str| syntax.comment(line)?.strip_prefix("Preuve:");

    lines
        .iter()
        .copied()
        .enumerate()
        .filter(|(index, _)| !quoted.get(*index).copied().unwrap_or(false))
        .filter_map(|(index, line)| Some((index, declaration(line)?.trim())))
        .collect()
}

fn declare(
    syntax: CommentSyntax,
    file: &str,
    declaration: &str,
    lines: &[&str],
    index: usize,
) -> Result<Proof, String> {
    let (criterion, claim) = declaration.split_once(' ').unwrap_or((declaration, ""));

    if claim.trim().is_empty() {
        return Err(format!(
            "la preuve de {criterion} ne dit pas ce qu'elle montre"
        ));
    }

    let (line, below) = below(syntax, lines, index + 1)
        .or_else(|| section_of(syntax, lines, index))
        .ok_or_else(|| {
            format!(
                "la preuve de {criterion} n'est suivie de rien : ni test, ni fonction, ni section"
            )
        })?;

    let (claim, named) = named(claim.trim());

    Ok(Proof {
        criterion: criterion.to_owned(),
        claim: claim.to_owned(),
        file: file.to_owned(),
        line: line + 1,
        subject: named.unwrap_or(below),
    })
}

/// The claim, and the command or the anchor that it ends with in brackets.
fn named(claim: &str) -> (&str, Option<Subject>) {
    let bracketed = claim
        .strip_suffix(']')
        .and_then(|text| text.rsplit_once(" ["));

    let subject = bracketed.and_then(|(_, inside)| {
        let command = inside
            .strip_prefix("commande : ")
            .map(|line| Subject::Command(line.trim().to_owned()));
        command.or_else(|| {
            inside
                .strip_prefix("voir : ")
                .map(|place| Subject::Anchor(place.trim().to_owned()))
        })
    });

    match (bracketed, subject) {
        (Some((claim, _)), Some(subject)) => (claim.trim(), Some(subject)),
        _ => (claim, None),
    }
}

/// The section of a document that a comment stands in: a page also declares under a title the
/// proofs in its text.
fn section_of(syntax: CommentSyntax, lines: &[&str], index: usize) -> Option<(usize, Subject)> {
    if syntax != CommentSyntax::Markdown {
        return None;
    }
    let above = lines.iter().enumerate().take(index).rev();
    above
        .filter_map(|(index, line)| Some((index, Subject::Item(syntax.name(line)?))))
        .next()
}

/// The first thing from line `start` on, past comments and attributes; a blank line cuts the bond,
/// but after a header.
fn below(syntax: CommentSyntax, lines: &[&str], start: usize) -> Option<(usize, Subject)> {
    let mut is_test = false;

    for (index, line) in lines.iter().enumerate().skip(start) {
        let line = line.trim();
        if syntax.comment(line).is_some() || (line.is_empty() && syntax.has_headers()) {
            continue;
        }

        if let Some(attribute) = syntax.attribute(line) {
            is_test |= attribute.contains("test");
            continue;
        }

        let name = syntax.name(line)?;
        let subject = if is_test || syntax.is_test(line) {
            Subject::Test(name)
        } else {
            Subject::Item(name)
        };

        return Some((index, subject));
    }

    None
}
