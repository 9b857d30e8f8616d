//! People's rights, on the program itself and the files of a state.

use std::path::{Path, PathBuf};

use crate::killed::write_clean_files;
use crate::program::Program;

const PERSON: &str = "770042";

/// A state with a collection of three subscribers, a lake, a log and a database that imported them.
fn state_with_subscribers() -> Program {
    let program = Program::new();
    write_clean_files(&program);
    let lines: String = ["770041", PERSON, "770043"]
        .map(|number| {
            format!(
                "{{\"age_band\":\"25-34\",\"district\":\"Centre\",\"plan\":\"annual\",\"subscriber_pseudonym\":\"{number}\"}}\n"
            )
        })
        .concat();
    program.write("state/raw/20260301T080000Z/sql/subscribers.jsonl", &lines);
    let manifest = "{\"run_id\":\"20260301T080000Z\",\"profile\":\"test\",\"program_version\":\"1\",\
        \"started_at\":\"2026-03-01T08:00:00Z\",\"ended_at\":\"2026-03-01T08:00:01Z\",\"sources\":[]}";
    program.write("state/raw/20260301T080000Z/manifest.json", manifest);
    program.write("state/lake/README", "trips name nobody");
    program.write("state/logs/data-api.log", "request answered");
    program
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn files_with(program: &Program, text: &str) -> Vec<PathBuf> {
    let mut found = files(&program.state());
    found.retain(|path| std::fs::read(path).unwrap().windows(text.len()).any(|window| window == text.as_bytes()));
    found
}

// Preuve: C4.9 après `gdpr erase`, aucun fichier de l’état (base, journal, exports, lac, collectes) ne contient la personne
#[test]
fn an_erased_person_is_in_no_file_of_the_state_and_has_a_receipt() {
    let program = state_with_subscribers();
    program.succeed(&["import"]);
    program.succeed(&["gdpr", "consent", PERSON, "--given"]);
    program.succeed(&["gdpr", "export", PERSON]);
    assert_eq!(files_with(&program, PERSON).len(), 3, "the collection and the two files of the export");
    let report = program.succeed(&["gdpr", "erase", PERSON]);
    assert!(report.contains("table consents : 1") && report.contains("aucune valeur de la personne"), "{report}");
    assert_eq!(files_with(&program, PERSON), Vec::<PathBuf>::new());
    assert_eq!(files_with(&program, "770043").len(), 1, "the others stay");
    let receipt = program.state().join("gdpr/receipt.json");
    assert!(program.succeed(&["gdpr", "verify", receipt.to_str().unwrap()]).contains("authentique"));
    let changed = std::fs::read_to_string(&receipt).unwrap().replacen("subscribers", "subscriberz", 1);
    std::fs::write(&receipt, changed).unwrap();
    assert!(program.fail(&["gdpr", "verify", receipt.to_str().unwrap()]).contains("modifié"));
    assert!(program.fail(&["gdpr", "export", PERSON]).contains("aucune donnée"));
    assert!(program.succeed(&["gdpr", "audit"]).contains("intact"));
}
