use clap::value_parser;

use super::*;

fn command() -> Command {
    let port = Arg::new("port")
        .long("port")
        .value_name("PORT")
        .help("Premier port")
        .default_value("8080");
    let service = Arg::new("service")
        .help("Le service")
        .required(true)
        .value_parser([
            PossibleValue::new("web").help("L’application"),
            PossibleValue::new("city").help("La ville"),
        ]);
    let engine = Arg::new("engine")
        .long("engine")
        .help("Le moteur")
        .value_parser(["polars", "spark"]);
    let json = Arg::new("json")
        .long("json")
        .action(ArgAction::SetTrue)
        .help("Écrire en JSON");
    Command::new("essai")
        .version("1.0")
        .about("Un essai")
        .arg(port.global(true).value_parser(value_parser!(u16)))
        .subcommand(
            Command::new("serve")
                .about("Servir")
                .arg(service)
                .arg(engine)
                .arg(json),
        )
}

fn help_of(arguments: &[&str]) -> String {
    in_french(command())
        .try_get_matches_from(arguments)
        .unwrap_err()
        .to_string()
}

#[test]
fn the_help_of_the_program_is_french() {
    in_french(command()).debug_assert();
    assert_eq!(
        help_of(&["essai", "--help"]),
        "Un essai

Usage : essai [OPTIONS] [COMMANDE]

Commandes :
  serve  Servir

Options :
      --port <PORT>  Premier port [par défaut : 8080]
  -h, --help         Montrer cette aide
  -V, --version      Dire la version
"
    );
}

#[test]
fn the_help_of_a_command_tells_values_and_defaults() {
    assert_eq!(
        help_of(&["essai", "serve", "--help"]),
        "Servir

Usage : essai serve [OPTIONS] <service>

Arguments :
  <service>  Le service
             - web : L’application
             - city : La ville

Options :
      --engine <engine>  Le moteur [polars, spark]
      --port <PORT>      Premier port [par défaut : 8080]
      --json             Écrire en JSON
  -h, --help             Montrer cette aide
"
    );
}
