//! Proofs declared in comments: reads one file and binds each comment to the thing right below it.

mod code;
mod comments;
mod strings;
#[cfg(test)]
mod tests;

pub use code::CodeRef;

use comments::CommentSyntax;

use crate::limits::{FAR, PROOFS_OF_A_FILE};

/// A criterion said to be proved by the thing below the comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Such as `C5.4`.
    pub criterion: String,
    /// The claim, in French, as the comment makes it.
    pub claim: String,
    /// True for the one proof of its criterion to show first: `Preuve principale:`.
    pub principal: bool,
    /// The code that does the thing, which the proof checks or tells about.
    pub code: Option<CodeRef>,
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
    let syntax = CommentSyntax::of(file).or_else(|| CommentSyntax::of_script(text));
    let syntax = syntax.filter(|_| text.contains("Preuve"));
    let Some(syntax) = syntax else {
        return found;
    };
    let lines: Vec<&str> = text.lines().collect();
    let source = DeclaringFile {
        syntax,
        file,
        header: header(syntax, &lines),
        lines: &lines,
    };

    for (rank, (index, declaration)) in declarations(syntax, text, &lines).into_iter().enumerate() {
        let read = if rank < PROOFS_OF_A_FILE {
            declare(&source, &declaration, index)
        } else {
            Err(format!(
                "plus de {PROOFS_OF_A_FILE} preuves dans un fichier"
            ))
        };

        match read {
            Ok(proof) => found.0.push(proof),
            Err(reason) => found.1.push(Mistake {
                file: file.to_owned(),
                line: index + 1,
                reason,
            }),
        }
        if rank == PROOFS_OF_A_FILE {
            break;
        }
    }

    found
}

/// A file whose proofs are read.
struct DeclaringFile<'text> {
    syntax: CommentSyntax,
    file: &'text str,
    lines: &'text [&'text str],
    /// Lines of the comments that tell of the whole file.
    header: usize,
}

/// A comment that declares a proof.
struct Declaration<'text> {
    principal: bool,
    /// The criterion, the claim, and the brackets at its end.
    text: &'text str,
}

impl<'text> Declaration<'text> {
    fn read(comment: &'text str) -> Option<Self> {
        let (principal, text) = match comment.strip_prefix("Preuve principale:") {
            Some(text) => (true, text),
            None => (false, comment.strip_prefix("Preuve:")?),
        };

        Some(Self {
            principal,
            text: text.trim(),
        })
    }
}

/// The declarations of a file, with the index of their line.
fn declarations<'text>(
    syntax: CommentSyntax,
    text: &str,
    lines: &[&'text str],
) -> Vec<(usize, Declaration<'text>)> {
    // A test may quote a proof without declaring it.
    let quoted = match syntax {
        CommentSyntax::Rust => strings::quoted_lines(text),
        _ => Vec::new(),
    };
    let declaration = |line: &'text str| Declaration::read(syntax.comment(line)?);

    lines
        .iter()
        .copied()
        .enumerate()
        .filter(|(index, _)| !quoted.get(*index).copied().unwrap_or(false))
        .filter_map(|(index, line)| Some((index, declaration(line)?)))
        .collect()
}

fn declare(
    source: &DeclaringFile<'_>,
    declaration: &Declaration<'_>,
    index: usize,
) -> Result<Proof, String> {
    let DeclaringFile {
        syntax,
        file,
        lines,
        ..
    } = *source;
    let (criterion, claim) = declaration
        .text
        .split_once(' ')
        .unwrap_or((declaration.text, ""));
    let claim = Claim::read(claim);

    if claim.text.is_empty() {
        return Err(format!(
            "la preuve de {criterion} ne dit pas ce qu'elle montre"
        ));
    }

    let (line, below) = headed_file(source, index)
        .or_else(|| below(syntax, lines, index + 1))
        .or_else(|| section_of(syntax, lines, index))
        .ok_or_else(|| {
            format!(
                "la preuve de {criterion} n'est suivie de rien : ni test, ni fonction, ni section"
            )
        })?;

    Ok(Proof {
        criterion: criterion.to_owned(),
        claim: claim.text.to_owned(),
        principal: declaration.principal,
        code: claim.code,
        file: file.to_owned(),
        line: line + 1,
        subject: claim.subject.unwrap_or(below),
    })
}

/// A claim, and the brackets at its end: a command or a section, the code.
struct Claim<'text> {
    text: &'text str,
    subject: Option<Subject>,
    code: Option<CodeRef>,
}

impl<'text> Claim<'text> {
    fn read(text: &'text str) -> Self {
        let mut claim = Self {
            text: text.trim(),
            subject: None,
            code: None,
        };

        while let Some((before, inside)) = last_bracket(claim.text) {
            // Other brackets belong to the sentence.
            let Some((name, value)) = inside.split_once(':') else {
                break;
            };
            let value = value.trim();

            // The space before the colon may be a no-break one.
            match name.trim_end() {
                "commande" => claim.subject = Some(Subject::Command(value.to_owned())),
                "voir" => claim.subject = Some(Subject::Anchor(value.to_owned())),
                "code" => claim.code = Some(CodeRef::read(value)),
                _ => break,
            }
            claim.text = before.trim();
        }

        claim
    }
}

fn last_bracket(text: &str) -> Option<(&str, &str)> {
    text.strip_suffix(']')?.rsplit_once('[')
}

/// The whole file, when a comment stands in its header.
fn headed_file(source: &DeclaringFile<'_>, index: usize) -> Option<(usize, Subject)> {
    let name = source.file.rsplit('/').next().unwrap_or(source.file);
    (index < source.header).then(|| (0, Subject::Item(name.to_owned())))
}

/// The number of lines of a header: the comments that open a file, a blank line apart from the first
/// thing below.
fn header(syntax: CommentSyntax, lines: &[&str]) -> usize {
    let is_comment = |line: &&&str| syntax.comment(line).is_some();
    let header = lines.iter().take_while(is_comment).count();
    let is_apart = lines.get(header).is_some_and(|line| line.trim().is_empty());

    if syntax.heads_files() && is_apart {
        header
    } else {
        0
    }
}

/// The section of a document that a comment stands in: a page also declares under a title the
/// proofs in its text.
fn section_of(syntax: CommentSyntax, lines: &[&str], index: usize) -> Option<(usize, Subject)> {
    if syntax != CommentSyntax::Markdown {
        return None;
    }
    let above = lines.iter().enumerate().take(index).rev().take(FAR);
    above
        .filter_map(|(index, line)| Some((index, Subject::Item(syntax.name(line)?))))
        .next()
}

/// The first thing from line `start` on, past comments and attributes; a blank line cuts the bond,
/// but after a header.
fn below(syntax: CommentSyntax, lines: &[&str], start: usize) -> Option<(usize, Subject)> {
    let mut is_test = false;

    for (index, line) in lines.iter().enumerate().skip(start).take(FAR) {
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
