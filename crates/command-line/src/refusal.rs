use std::error::Error as _;
use std::net::AddrParseError;
use std::num::{IntErrorKind, ParseFloatError, ParseIntError};

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, Error, ErrorFormatter, ErrorKind};

/// Refusals of arguments, told in French.
#[derive(Debug)]
pub(crate) struct InFrench;

impl ErrorFormatter for InFrench {
    fn format_error(error: &Error<Self>) -> StyledStr {
        let mut text = format!("erreur : {}\n", reason(error));

        for kind in [
            ContextKind::SuggestedSubcommand,
            ContextKind::SuggestedArg,
            ContextKind::SuggestedValue,
        ] {
            // clap finds the nearest name by edit distance.
            text += &named(error, kind)
                .map(|near| format!("\nProche : {near}\n"))
                .unwrap_or_default();
        }

        if let Some(usage) = error.get(ContextKind::Usage) {
            // The one English heading that clap writes without a setting.
            text += &format!("\n{}\n", usage.to_string().replacen("Usage:", "Usage :", 1));
        }
        StyledStr::from(text + "\nL’aide : `--help`\n")
    }
}

/// The reason of a refusal, naming the fault.
fn reason(error: &Error<InFrench>) -> String {
    let name = |kind| named(error, kind).unwrap_or_default();
    let argument = name(ContextKind::InvalidArg);

    match error.kind() {
        ErrorKind::UnknownArgument => format!("{argument} n’est pas attendu ici"),
        ErrorKind::InvalidSubcommand => format!(
            "la commande {} n’existe pas",
            name(ContextKind::InvalidSubcommand)
        ),
        ErrorKind::MissingSubcommand => "il manque une commande".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("il manque {argument}"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => bad_value(error, &argument),
        ErrorKind::ArgumentConflict => match name(ContextKind::PriorArg) {
            // clap tells an option given twice as a conflict with itself.
            prior if prior == argument => format!("{argument} ne se donne qu’une fois"),
            prior => format!("{argument} ne se donne pas avec {prior}"),
        },
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{argument} n’attend pas ce nombre de valeurs")
        }
        ErrorKind::NoEquals => format!("la valeur de {argument} se donne après un signe égal"),
        ErrorKind::InvalidUtf8 => "un argument n’est pas en UTF-8".to_owned(),
        _ => cause(error).unwrap_or_else(|| "la demande est mal formée".to_owned()),
    }
}

fn bad_value(error: &Error<InFrench>, argument: &str) -> String {
    let Some(value) = named(error, ContextKind::InvalidValue) else {
        return format!("{argument} attend une valeur");
    };

    let expected = match error.kind() {
        ErrorKind::InvalidValue => {
            let values = named(error, ContextKind::ValidValue).unwrap_or_default();
            format!(" (valeurs : {values})")
        }
        _ => cause(error)
            .map(|cause| format!(" : {cause}"))
            .unwrap_or_default(),
    };
    format!("{value} n’est pas une valeur de {argument}{expected}")
}

fn cause(error: &Error<InFrench>) -> Option<String> {
    error.source().map(in_french)
}

/// The library of the language explains in English what it could not read; our own causes are in
/// French already.
fn in_french(cause: &(dyn std::error::Error + 'static)) -> String {
    let text = cause.to_string();

    if let Some(error) = cause.downcast_ref::<ParseIntError>() {
        match error.kind() {
            IntErrorKind::PosOverflow => "ce nombre est trop grand",
            IntErrorKind::NegOverflow => "ce nombre est trop petit",
            IntErrorKind::Zero => "zéro n’est pas possible",
            _ => "un nombre entier est attendu",
        }
        .to_owned()
    } else if cause.is::<ParseFloatError>() {
        "un nombre est attendu".to_owned()
    } else if cause.is::<AddrParseError>() {
        "une adresse IP est attendue, comme 127.0.0.1 ou ::1".to_owned()
    } else if let Some((first, last)) = range(&text) {
        format!("de {first} à {last}")
    } else {
        text
    }
}

/// The bounds in what clap says of a number out of them: `70000 is not in 0..=65535`.
fn range(text: &str) -> Option<(&str, &str)> {
    text.split_once(" is not in ")?.1.split_once("..=")
}

/// The error's own value under `kind`, nothing when that is empty.
fn named(error: &Error<InFrench>, kind: ContextKind) -> Option<String> {
    let quoted = |name: &String| format!("`{name}`");
    match error.get(kind)? {
        ContextValue::String(name) if !name.is_empty() => Some(quoted(name)),
        ContextValue::Strings(names) if !names.is_empty() => {
            Some(names.iter().map(quoted).collect::<Vec<_>>().join(", "))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
