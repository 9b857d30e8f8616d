use clap::CommandFactory;

use super::*;

#[test]
fn the_command_line_is_well_formed() {
    filrouge_command_line::in_french(Cli::command()).debug_assert();
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
