//! What a page says of the tree: files, links, protected routes, thresholds.

use super::fold;
use crate::gates;

/// Something a page says and the tree can confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) claimed: Claimed,
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Claimed {
    /// A file or folder of the tree exists.
    File(String),
    /// A target of `make` or a script of npm.
    Recipe(String),
    /// A link of the page leads somewhere in the tree.
    Link(String),
    /// A route asks who calls: method when said, path.
    Protected(String, String),
    /// A number binds a measure: its word, its value.
    Threshold(String, String),
}

/// The claims of a page.
pub(crate) fn read(path: &str, source: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    let (mut in_code, mut in_promise) = (false, false);

    for (index, line) in source.lines().enumerate() {
        let folded = fold(line);

        if line.trim_start().starts_with("```") {
            in_code = !in_code;
            continue;
        }

        if line.starts_with('#') && !in_code {
            in_promise = super::is_promise(&folded);
        }

        let mut add = |claimed| {
            claims.push(Claim {
                path: path.to_owned(),
                line: index + 1,
                claimed,
            })
        };

        if !in_code && !in_promise {
            links(line).for_each(|link| add(Claimed::Link(link.to_owned())));
            if !is_conditional(&folded) {
                named_files(line).for_each(|file| add(Claimed::File(file.to_owned())));
            }
            protected(line, &folded)
                .into_iter()
                .for_each(|(method, route)| add(Claimed::Protected(method, route)));
        }

        if !in_promise {
            recipes(line, in_code).for_each(|recipe| add(Claimed::Recipe(recipe.to_owned())));
            if in_code {
                programs(line).for_each(|file| add(Claimed::File(file.to_owned())));
            }
            thresholds(&folded)
                .into_iter()
                .for_each(|(word, value)| add(Claimed::Threshold(word, value)));
        }
    }

    claims
}

/// A file that the reader is to create, or that a run makes, is not claimed to be there.
fn is_conditional(line: &str) -> bool {
    const MADE: [&str; 39] = [
        "creer",
        "creez",
        "create",
        "copier",
        "copiez",
        "copy ",
        "genere",
        "generat",
        "produit",
        "ecrit ",
        "sauvegard",
        "sortie",
        "output",
        "exemple",
        "example",
        "gitignore",
        "non versionn",
        "pas versionn",
        "renomm",
        "telecharg",
        "download",
        "supprim",
        "remplac",
        "si ",
        "optionnel",
        "todo",
        "a faire",
        "cree ",
        "export",
        "contiendra",
        "write",
        "produce",
        "made ",
        "enregistr",
        "stocke",
        "ancien",
        "retire",
        "state folder",
        "dossier d'etat",
    ];
    MADE.iter().any(|word| line.contains(word))
}

fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split(')').next()?.split([' ', '#']).next()?;
        let is_local = !target.is_empty()
            && !target.contains("://")
            && !target.starts_with(['#', '<', '/', '{'])
            && !target.starts_with("mailto:")
            && !target.contains("..")
            && target.chars().all(|letter| !letter.is_control());
        is_local.then_some(target)
    })
}

/// `make start` and `npm run e2e`, in backquotes or alone on a line of code.
fn recipes(line: &str, in_code: bool) -> impl Iterator<Item = &str> {
    let quoted = line.split('`').skip(1).step_by(2).filter(move |_| !in_code);
    let whole = in_code.then_some(line.trim().trim_start_matches("$ "));

    quoted.chain(whole).filter_map(|words| {
        let target = words
            .strip_prefix("make ")
            .or_else(|| words.strip_prefix("npm run "))?
            .split_whitespace()
            .next()?;

        target
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
            .then_some(target)
    })
}

/// The program of a line of code: `python scripts/train.py`.
fn programs(line: &str) -> impl Iterator<Item = &str> {
    let line = line.trim().trim_start_matches("$ ");
    let program = line
        .strip_prefix("python ")
        .or_else(|| line.strip_prefix("python3 "))
        .or_else(|| line.strip_prefix("streamlit run "));
    let file = program.and_then(|rest| rest.split_whitespace().next());
    file.filter(|file| {
        file.ends_with(".py")
            && file.contains('/')
            && !file.starts_with(['/', '~', '.', '<', '$', '-'])
    })
    .into_iter()
}

/// Files named in backquotes with a folder and an extension that only code and configuration have.
fn named_files(line: &str) -> impl Iterator<Item = &str> {
    const ENDINGS: [&str; 11] = [
        ".py", ".yml", ".yaml", ".sql", ".md", ".ipynb", ".sh", ".js", ".ts", ".toml", ".json",
    ];

    line.split('`').skip(1).step_by(2).filter(|word| {
        ENDINGS.iter().any(|ending| word.ends_with(ending))
            && word.contains('/')
            && !word.contains(' ')
            && !word.contains("://")
            && !word.starts_with(['/', '~', '$', '<', '-', '*', '.'])
            && !word.contains(['*', '<', '{', '$', '[', '|', '…'])
            && !word.contains("..")
            && !is_output(word)
    })
}

/// Folders that a run fills: what is named there was never committed.
fn is_output(path: &str) -> bool {
    const FOLDERS: [&str; 21] = [
        "data",
        "raw",
        "clean",
        "bronze",
        "silver",
        "gold",
        "cache",
        "state",
        "logs",
        "log",
        "models",
        "output",
        "outputs",
        "artifacts",
        "artefacts",
        "reports",
        "results",
        "mlruns",
        "tmp",
        "dist",
        "build",
    ];
    path.ends_with(".json")
        && path
            .split('/')
            .rev()
            .skip(1)
            .any(|folder| FOLDERS.contains(&folder))
}

/// Routes on a line that says that a token or a key is asked for.
fn protected(line: &str, folded: &str) -> Vec<(String, String)> {
    const SAID: [&str; 13] = [
        "protege",
        "authentifi",
        "jwt",
        "jeton",
        "token requis",
        "bearer",
        "cle d'api",
        "api key",
        "requires auth",
        "protected",
        "x-api-key",
        "acces restreint",
        "authentication required",
    ];
    const DENIED: [&str; 14] = [
        "sans auth",
        "non protege",
        "public",
        "ouvert",
        "open ",
        "no auth",
        "obtenir",
        "obtient",
        "genere",
        "connexion",
        "login",
        "/token",
        "sans jeton",
        "sauf",
    ];
    if !SAID.iter().any(|word| folded.contains(word))
        || DENIED.iter().any(|word| folded.contains(word))
    {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut method = String::new();
    for word in line.split(|letter: char| letter.is_whitespace() || "`|*,()".contains(letter)) {
        if ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&word) {
            method = word.to_owned();
        } else if word.len() > 2 && word.starts_with('/') && !word.contains('.') {
            found.push((method.clone(), word.trim_end_matches([':', ';']).to_owned()));
        }
    }
    found
}

/// Measures that a model is held to, with their number: `accuracy >= 0.85`, « une précision sous
/// 0,85 ».
fn thresholds(folded: &str) -> Option<(String, String)> {
    const BOUNDS: [&str; 17] = [
        "seuil",
        "minimum",
        "au moins",
        "min ",
        "max",
        ">=",
        "≥",
        "<=",
        "≤",
        "inferieur",
        "superieur",
        "threshold",
        "at least",
        "sous ",
        "en dessous",
        "below",
        "dessus",
    ];
    if !BOUNDS.iter().any(|bound| folded.contains(bound)) {
        return None;
    }
    let (name, end) = gates::measure(folded)?;
    let after = &folded[end..];
    let cut = after
        .char_indices()
        .nth(48)
        .map_or(after.len(), |(cut, _)| cut);
    let before = folded[..end]
        .char_indices()
        .rev()
        .nth(24)
        .map_or(0, |(start, _)| start);
    let value = number(&after[..cut]).or_else(|| number(&folded[before..end]))?;
    Some((name.to_owned(), value))
}

/// The first number of a text as a plain decimal: `85 %` is 0.85, `0,80` is 0.8.
fn number(text: &str) -> Option<String> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    let rest = &text[start..];
    let end = rest
        .find(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != ',')
        .unwrap_or(rest.len());
    let digits = rest[..end].trim_end_matches(['.', ',']).replace(',', ".");
    let value: f64 = digits.parse().ok()?;

    let value = if rest[end..].trim_start().starts_with('%') {
        value / 100.0
    } else {
        value
    };
    Some(format!("{value}"))
}
