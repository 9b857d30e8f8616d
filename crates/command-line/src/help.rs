use clap::builder::{PossibleValue, Resettable, StyledStr};
use clap::{Arg, ArgAction, Command};

/// The spaces at the end are those that French puts before the colon which `clap` adds.
const ARGUMENTS: &str = "Arguments ";
const OPTIONS: &str = "Options ";
const COMMANDS: &str = "Commandes ";

/// Past the options of any command.
const LAST: usize = 1_000;

const TEMPLATE: &str =
    "{before-help}{about-with-newline}\nUsage : {usage}\n\n{all-args}{after-help}";

/// The command, whose help and version are told in French; so are those of its own commands.
pub fn in_french(command: Command) -> Command {
    let has_version = command.get_version().is_some();
    let command = help_in_french(command);
    if has_version {
        command.arg(version())
    } else {
        command
    }
}

fn help_in_french(command: Command) -> Command {
    command
        .help_template(TEMPLATE)
        .subcommand_help_heading(COMMANDS)
        .subcommand_value_name("COMMANDE")
        // clap's own help and version speak English: they are replaced by ours below.
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(described)
        .arg(help())
        .mut_subcommands(help_in_french)
}

fn help() -> Arg {
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help);
    help.help("Montrer cette aide")
        .help_heading(OPTIONS)
        .display_order(LAST)
}

fn version() -> Arg {
    let version = Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version);
    version
        .help("Dire la version")
        .help_heading(OPTIONS)
        .display_order(LAST + 1)
}

/// The argument with the notes that `clap` would write in English: its values, its variable of the
/// environment, its default.
fn described(argument: Arg) -> Arg {
    let heading = if argument.is_positional() {
        ARGUMENTS
    } else {
        OPTIONS
    };
    let argument = argument.help_heading(heading);

    if !argument.get_action().takes_values() {
        return argument;
    }

    let details = details(&argument);
    let with_details =
        |help: &StyledStr| Resettable::Value(StyledStr::from(format!("{help}{details}")));
    let help = argument.get_help().map_or(Resettable::Reset, with_details);
    let long_help = argument
        .get_long_help()
        .map_or(Resettable::Reset, with_details);

    argument
        .help(help)
        .long_help(long_help)
        .hide_possible_values(true)
        .hide_env(true)
        .hide_default_value(true)
}

fn details(argument: &Arg) -> String {
    let variable = argument
        .get_env()
        .map(|name| format!("variable : {}", name.to_string_lossy()));
    let defaults: Vec<_> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();

    let is_told = !defaults.is_empty() && !argument.is_hide_default_value_set();
    let default = is_told.then(|| format!("par défaut : {}", defaults.join(", ")));
    let bracketed = [variable, default]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ; ");

    let values = values(&argument.get_possible_values());

    if bracketed.is_empty() {
        values
    } else {
        format!(" [{bracketed}]{values}")
    }
}

/// One line a value when they are described, all on one line otherwise.
fn values(values: &[PossibleValue]) -> String {
    let visible = || values.iter().filter(|value| !value.is_hide_set());
    let line =
        |value: &PossibleValue| Some(format!("\n- {} : {}", value.get_name(), value.get_help()?));

    if visible().next().is_none() {
        return String::new();
    }

    match visible().map(line).collect::<Option<String>>() {
        Some(lines) => lines,
        None => format!(
            " [{}]",
            visible()
                .map(PossibleValue::get_name)
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

#[cfg(test)]
mod tests;
