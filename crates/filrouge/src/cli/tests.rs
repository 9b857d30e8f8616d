use clap::CommandFactory;
use filrouge_database::gdpr::register;

use super::*;

#[test]
fn the_command_line_is_well_formed() {
    filrouge_command_line::in_french(Cli::command()).debug_assert();
}

// Preuve: C4.10 chaque procédure du registre est une commande du programme
#[test]
fn every_procedure_of_the_register_is_a_command() {
    for procedure in &register::embedded().procedures {
        let mut command = Cli::command();
        for word in procedure.command.split(' ').skip(1) {
            let found = command.find_subcommand(word).cloned();
            command = found.unwrap_or_else(|| panic!("`{}` does not exist", procedure.command));
        }
    }
}

#[test]
fn options_of_all_commands_share_no_name_with_those_of_one() {
    let lines = [
        "filrouge model dispatch alerts.json --forge http://forge/repos/a/b",
        "filrouge model dispatch --receive 127.0.0.1:9096 --forge http://forge/repos/a/b",
        "filrouge model canary start v1 --listen 127.0.0.1",
        "filrouge model package --model m --gate g --manifest d --key k --out o",
        "filrouge serve model-api --require-signature key.pub",
    ];
    for line in lines {
        // A name that two options share panics here, not when the command line is made.
        Cli::parse_from(line.split(' '));
    }
}

#[test]
fn an_interval_is_a_number_and_a_unit() {
    assert_eq!(duration("5m"), Ok(Duration::from_secs(300)));
    assert_eq!(duration("1h"), Ok(Duration::from_secs(3600)));
    for text in ["", "5", "m", "0s", "-1s", "5 m", "é"] {
        assert!(
            duration(text).unwrap_err().contains("30s, 5m ou 1h"),
            "{text}"
        );
    }
}

#[test]
fn evaluate_writes_json_to_standard_output_when_no_file_is_named() {
    let line = "filrouge evaluate --model m --history h --dataset d --json";
    let Command::Evaluate(arguments) = Cli::parse_from(line.split(' ')).command else {
        panic!("not evaluate")
    };
    assert_eq!(arguments.json, Some(PathBuf::from("-")));
}

#[test]
fn every_command_that_writes_in_the_state_holds_the_right_to() {
    let table = [
        ("collect", Some("filrouge collect")),
        ("collect --every 5m", None),
        ("aggregate", Some("filrouge aggregate")),
        ("profile", Some("filrouge profile")),
        ("import", Some("filrouge import")),
        ("lake ingest a.csv", Some("filrouge lake ingest")),
        ("lake sql SELECT", None),
        ("train", Some("filrouge train")),
        ("train --out model", None),
        ("model promote v1", Some("filrouge model")),
        ("model rollback", Some("filrouge model")),
        ("model promote v1 --models elsewhere", None),
        ("model list", None),
        ("model install a.tar --public-key k", Some("filrouge model")),
        ("model canary status", None),
        ("data put a.parquet", Some("filrouge data put")),
        ("data put a.parquet --store elsewhere", None),
        ("data check", None),
        ("gdpr erase 1", Some("filrouge gdpr")),
        ("gdpr purge --dry-run", None),
        ("gdpr audit", None),
        ("feeds fetch", Some("filrouge feeds fetch")),
        ("feeds digest --week 2026-W45", None),
        ("doctor --repair", Some("filrouge doctor --repair")),
        ("doctor", None),
    ];

    for (line, name) in table {
        let words = std::iter::once("filrouge").chain(line.split(' '));
        assert_eq!(Cli::parse_from(words).command.writes(), name, "{line}");
    }
}
