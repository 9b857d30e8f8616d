//! The database and the last manifest, damaged in each way.

use crate::damages::DAMAGES;
use crate::program::Program;
use crate::service::free_ports;
use crate::state::{RUN, collection, small_state, walk};

fn aside(program: &Program, name: &str) -> usize {
    let found = walk(&program.state());
    let names = found.iter().filter_map(|path| path.file_name());
    let prefix = format!("{name}.damaged-");
    names
        .filter(|name| {
            let name = name.to_string_lossy();
            name.starts_with(&prefix) && !name.ends_with("-wal") && !name.ends_with("-shm")
        })
        .count()
}

#[test]
fn a_damaged_database_is_told_and_repaired() {
    for (name, damage) in DAMAGES {
        if name == "emptied" {
            // An empty file is a database that nothing was written to: it is imported again.
            continue;
        }
        let program = small_state();
        program.succeed(&["import"]);
        damage(&program.state().join("filrouge.sqlite"));

        let doctor = program.run(&["doctor"]);
        let told = String::from_utf8_lossy(&doctor.stdout);
        assert!(
            !doctor.status.success() && told.contains("endommagée"),
            "{name}: {told}"
        );

        let base = free_ports().to_string();
        let refused = program.fail(&["serve", "data-api", "--port-base", &base]);
        assert!(refused.contains("endommagée"), "{name}: {refused}");

        let repair = program.run(&["doctor", "--repair"]);
        let told = String::from_utf8_lossy(&repair.stdout).into_owned()
            + &String::from_utf8_lossy(&repair.stderr);
        assert!(told.contains("endommagée est gardée"), "{name}: {told}");
        assert_eq!(aside(&program, "filrouge.sqlite"), 1, "{name}");

        let report = program.succeed(&["import"]);
        assert!(report.contains("4320 en base"), "{name}: {report}");
    }
}

#[test]
fn a_damaged_manifest_is_set_aside_and_the_collection_before_serves() {
    for (name, damage) in DAMAGES {
        let program = small_state();
        let damaged = "20260301T090000Z";
        collection(&program, damaged, "770042");
        damage(&program.state().join(format!("raw/{damaged}/manifest.json")));

        for _ in 0..2 {
            program.succeed(&["import"]);
        }

        assert_eq!(aside(&program, damaged), 1, "{name}: once");
        assert!(program.state().join("raw").join(RUN).exists());
    }
}
