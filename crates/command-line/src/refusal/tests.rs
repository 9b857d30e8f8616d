use clap::{Arg, ArgAction, Command, value_parser};

use super::*;

fn refusal(arguments: &str) -> String {
    let port = Arg::new("port")
        .long("port")
        .value_name("PORT")
        .value_parser(value_parser!(u16));
    let engine = Arg::new("engine")
        .long("engine")
        .value_name("MOTEUR")
        .value_parser(["polars", "spark"]);

    let part = Arg::new("part")
        .long("part")
        .value_name("PART")
        .value_parser(value_parser!(f64));
    let listen = Arg::new("listen")
        .long("listen")
        .value_name("ADRESSE")
        .value_parser(value_parser!(std::net::IpAddr));

    let json = Arg::new("json")
        .long("json")
        .action(ArgAction::SetTrue)
        .conflicts_with("port");
    let file = Arg::new("file").required(true).value_name("FICHIER");
    let read = Command::new("read")
        .arg(port)
        .arg(engine)
        .arg(part)
        .arg(listen)
        .arg(json)
        .arg(file);

    let command = crate::in_french(
        Command::new("essai")
            .subcommand_required(true)
            .subcommand(read),
    );
    let error = command
        .try_get_matches_from(arguments.split(' '))
        .unwrap_err();

    error.apply::<InFrench>().to_string()
}

#[test]
fn a_refusal_names_what_is_wrong() {
    for (arguments, expected) in [
        ("essai", "il manque une commande"),
        ("essai raed", "la commande `raed` n’existe pas"),
        ("essai read", "il manque `<FICHIER>`"),
        ("essai read a b", "`b` n’est pas attendu ici"),
        ("essai read a --prot 1", "`--prot` n’est pas attendu ici"),
        ("essai read a --port", "`--port <PORT>` attend une valeur"),
        (
            "essai read a --port x",
            "`x` n’est pas une valeur de `--port <PORT>` : un nombre entier est attendu",
        ),
        (
            "essai read a --port 70000",
            "`70000` n’est pas une valeur de `--port <PORT>` : de 0 à 65535",
        ),
        (
            "essai read a --part x",
            "`x` n’est pas une valeur de `--part <PART>` : un nombre est attendu",
        ),
        (
            "essai read a --listen localhost",
            "`localhost` n’est pas une valeur de `--listen <ADRESSE>` : une adresse IP est attendue, comme 127.0.0.1 ou ::1",
        ),
        (
            "essai read a --port 1 --port 2",
            "`--port <PORT>` ne se donne qu’une fois",
        ),
        (
            "essai read a --port 1 --json",
            "`--port <PORT>` ne se donne pas avec `--json`",
        ),
        (
            "essai read a --engine duckdb",
            "`duckdb` n’est pas une valeur de `--engine <MOTEUR>` (valeurs : `polars`, `spark`)",
        ),
    ] {
        let told = refusal(arguments);
        assert_eq!(
            told.lines().next().unwrap(),
            format!("erreur : {expected}"),
            "{arguments}"
        );
        assert!(told.ends_with("\nL’aide : `--help`\n"), "{told}");
    }
}

#[test]
fn a_name_that_is_nearly_right_is_told_with_the_usage() {
    assert_eq!(
        refusal("essai raed"),
        "erreur : la commande `raed` n’existe pas\n\nProche : `read`\n\nUsage : essai <COMMANDE>\n\nL’aide : `--help`\n"
    );
}
