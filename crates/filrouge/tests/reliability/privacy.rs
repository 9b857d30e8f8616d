//! Nothing of a state is open to the other users of the machine.

use std::os::unix::fs::PermissionsExt;

use crate::program::{Program, text};
use crate::state::{fill, walk};

const PROFILE: &str = "name = \"Essai\"\ntime_zone = \"Europe/Paris\"\n\
    [file.trips]\naddress = \"{state}/../received\"\ntime_zone = \"Europe/Paris\"\n";
const TRIPS: &str = "Trip Id;Start date;Start station number;End date\n\
    a;13/01/2026 09:05;S1;13/01/2026 09:20\n\
    b;13/01/2026 10:10;S1;13/01/2026 11:20\n";

/// The modes that are not those of a private state, by path.
fn open_to_others(program: &Program) -> Vec<String> {
    let told = walk(&program.state()).into_iter().filter_map(|path| {
        let metadata = std::fs::metadata(&path).unwrap();
        let mode = metadata.permissions().mode() & 0o777;
        let expected = if metadata.is_dir() { 0o700 } else { 0o600 };
        (mode != expected).then(|| format!("{mode:o} {}", path.display()))
    });
    told.collect()
}

// Preuve: C4.9 les données d’un état ne sont lisibles que par leur propriétaire
#[test]
fn what_a_whole_run_leaves_is_private() {
    let program = Program::new();
    program.write("received/janvier.csv", TRIPS);
    let profile = program.write("essai.toml", PROFILE);
    let trips = program.path("received/janvier.csv");

    program.succeed(&["collect", "--profile", text(&profile)]);
    program.succeed(&["lake", "ingest", text(&trips)]);
    program.succeed(&["aggregate"]);
    program.succeed(&["profile"]);
    program.succeed(&["import"]);

    assert_eq!(open_to_others(&program), Vec::<String>::new());
}

#[test]
fn a_state_that_was_open_is_closed() {
    let program = Program::new();
    fill(&program);
    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(program.state(), open).unwrap();

    program.succeed(&["import"]);

    let mode = std::fs::metadata(program.state())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}
