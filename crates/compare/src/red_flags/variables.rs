//! Variables where nothing expands them.

use crate::lexicon::RED_FLAGS;
use crate::model::{Finding, FindingKind};
use crate::tree::Language;
use crate::workflow::is_workflow;

/// A reader of a file that expands fewer variables than a shell.
#[derive(Clone, Copy)]
enum BlindReader {
    /// `CMD ["uvicorn", "--port", "$PORT"]`.
    ExecForm,
    /// `run: echo '$NAME'`.
    SingleQuotes,
    Monitoring,
    Compose,
}

pub(super) fn find(path: &str, text: &str) -> Vec<Finding> {
    let Some(reader) = BlindReader::of(path, text) else {
        return Vec::new();
    };

    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| reader.is_blind_to(line))
        .map(|(index, line)| {
            let name = variable(line).unwrap_or("la variable");
            let question = format!(
                "{} ne remplace pas « {name} » : quelle valeur est lue à l'exécution ?",
                reader.french()
            );
            Finding::new(FindingKind::VariableCannotExpand, path, index + 1, question)
        })
        .collect()
}

impl BlindReader {
    fn of(path: &str, text: &str) -> Option<Self> {
        match Language::of(path) {
            Language::Dockerfile => Some(Self::ExecForm),
            Language::Yaml if is_workflow(path) => Some(Self::SingleQuotes),
            Language::Yaml if is_monitoring(path, text) => Some(Self::Monitoring),
            Language::Yaml if text.contains("services:") => Some(Self::Compose),
            _ => None,
        }
    }

    fn french(self) -> &'static str {
        match self {
            Self::ExecForm => "La forme entre crochets de Docker",
            Self::SingleQuotes => "Une chaîne entre apostrophes",
            Self::Monitoring => "Prometheus et Alertmanager",
            Self::Compose => "Docker Compose",
        }
    }

    /// True when a line has a variable that this reader leaves as it is.
    fn is_blind_to(self, line: &str) -> bool {
        match self {
            Self::ExecForm => is_exec_form(line) && variable(line).is_some(),
            Self::SingleQuotes => is_single_quoted(line),
            Self::Monitoring => {
                variable(line).is_some()
                    && !line.trim_start().starts_with('#')
                    && !line.contains("{{")
            }
            Self::Compose => line.contains("${{ "),
        }
    }
}

fn is_monitoring(path: &str, text: &str) -> bool {
    let starts = |key: &str| text.lines().any(|line| line.starts_with(key));
    !path.contains("grafana")
        && (starts("scrape_configs:") || (starts("receivers:") && starts("route:")))
}

/// The name in `${NAME}` or `$NAME`, in capitals.
fn variable(line: &str) -> Option<&str> {
    line.match_indices('$').find_map(|(at, _)| {
        let rest = line[at + 1..].trim_start_matches('{').trim_start();
        let rest = rest.strip_prefix("secrets.").unwrap_or(rest);
        let is_end = |letter: char| {
            !(letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
        };

        let end = rest.find(is_end).unwrap_or(rest.len());
        // One or two letters are a positional parameter or a sign, not a name.
        (end >= 3 && rest.starts_with(|letter: char| letter.is_ascii_uppercase()))
            .then(|| &rest[..end])
    })
}

/// `CMD ["uvicorn", "--port", "$PORT"]`, unless a shell is called.
fn is_exec_form(line: &str) -> bool {
    let line = line.trim();
    let calls_shell = ["\"sh\"", "\"/bin/sh\"", "bash\""]
        .iter()
        .any(|shell| line.contains(shell));
    (line.starts_with("CMD [") || line.starts_with("ENTRYPOINT [")) && !calls_shell
}

/// A shell variable between apostrophes, in a command that does not expand it itself.
fn is_single_quoted(line: &str) -> bool {
    let words = &RED_FLAGS.variables;
    let command = line.trim().trim_start_matches("- ");
    let is_command = command.starts_with("run:") || words.commands.any_starts(command);

    // Apostrophes inside double quotes are text, and an odd one opens or closes a block.
    let is_plain = line.matches('\'').count().is_multiple_of(2)
        && !(line.contains('"') && line.find('"') < line.find('\''));
    let is_blind = |inside: &str| {
        variable(inside).is_some() && !inside.contains("${{") && !inside.contains('"')
    };

    is_command
        && is_plain
        && !words.expanders.any_in(line)
        && line.split('\'').skip(1).step_by(2).any(is_blind)
}
