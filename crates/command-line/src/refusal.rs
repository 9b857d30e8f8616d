use std::error::Error as _;

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
            text += &named(error, kind)
                .map(|near| format!("\nProche : {near}\n"))
                .unwrap_or_default();
        }

        if let Some(usage) = error.get(ContextKind::Usage) {
            text += &format!("\n{}\n", usage.to_string().replacen("Usage:", "Usage :", 1));
        }
        StyledStr::from(text + "\nL’aide : `--help`\n")
    }
}

/// The reason of a refusal, naming the fault.
fn reason(error: &Error<InFrench>) -> String {
    let name = |kind| named(error, kind).unwrap_or_default();
    let argument = name(ContextKind::InvalidArg);
    let value = name(ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => format!("{argument} n’est pas attendu ici"),
        ErrorKind::InvalidSubcommand => format!(
            "la commande {} n’existe pas",
            name(ContextKind::InvalidSubcommand)
        ),
        ErrorKind::MissingSubcommand => "il manque une commande".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("il manque {argument}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} attend une valeur"),
        ErrorKind::InvalidValue => {
            format!(
                "{value} n’est pas une valeur de {argument} (valeurs : {})",
                name(ContextKind::ValidValue)
            )
        }
        ErrorKind::ValueValidation => {
            let cause = error
                .source()
                .map(|cause| format!(" : {cause}"))
                .unwrap_or_default();
            format!("{value} n’est pas une valeur de {argument}{cause}")
        }
        ErrorKind::ArgumentConflict => match name(ContextKind::PriorArg) {
            prior if prior == argument => format!("{argument} ne se donne qu’une fois"),
            prior => format!("{argument} ne se donne pas avec {prior}"),
        },
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{argument} n’attend pas ce nombre de valeurs")
        }
        ErrorKind::NoEquals => format!("la valeur de {argument} se donne après un signe égal"),
        ErrorKind::InvalidUtf8 => "un argument n’est pas en UTF-8".to_owned(),
        _ => error.source().map_or_else(
            || "la demande est mal formée".to_owned(),
            ToString::to_string,
        ),
    }
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
