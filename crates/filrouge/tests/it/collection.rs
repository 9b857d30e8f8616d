//! From a file to a data set and back, by the commands that a person types.

use crate::program::{Program, text};

const PROFILE: &str = "name = \"Essai\"\ntime_zone = \"Europe/Paris\"\n[file.trips]\naddress = \"{state}/received\"\ntime_zone = \"Europe/Paris\"\n";

/// French dates, semicolons, and a trip that is there twice.
const TRIPS: &str = "Trip Id;Start date;Start station number;End date\n\
                     a;13/01/2026 09:05;S1;13/01/2026 09:20\n\
                     b;13/01/2026 09:40;S1;13/01/2026 09:50\n\
                     b;13/01/2026 09:40;S1;13/01/2026 09:50\n\
                     c;13/01/2026 10:10;S1;13/01/2026 11:20\n";

fn cleaned() -> Program {
    let program = Program::new();
    program.write("state/received/janvier.csv", TRIPS);
    let profile = program.write("essai.toml", PROFILE);
    let report = program.succeed(&["collect", "--profile", text(&profile)]);
    assert!(report.contains("réussie"), "{report}");
    program.succeed(&["aggregate"]);
    program
}

// Preuve: C1.4 un fichier inconnu est collecté par un profil, sans code nouveau
// Preuve: C17.6 du fichier reçu au jeu nettoyé, et retour : chaque heure d’une station retrouve les lignes dont elle vient
// Preuve: C3.1 collect puis aggregate, par les commandes : le compte attendu, le doublon écarté et nommé
#[test]
fn a_station_hour_is_walked_back_to_the_lines_that_were_received() {
    let lineage = cleaned().succeed(&["lineage", "2026-01-13T08:00:00Z", "S1"]);
    for told in [
        "S1 à 2026-01-13T08:00:00Z : 2 départs",
        "janvier.csv  2      compté",
        "écarté par R01 duplicate_trip",
    ] {
        assert!(lineage.contains(told), "{told}\n{lineage}");
    }
}

#[test]
fn a_station_hour_that_does_not_exist_is_named() {
    let error = cleaned().fail(&["lineage", "2026-01-13T08:00:00Z", "S9"]);
    assert!(
        error.contains("`S9`") && error.contains("2026-01-13T08:00:00Z"),
        "{error}"
    );
}

#[test]
fn the_data_set_is_described_in_a_page() {
    let program = cleaned();
    program.succeed(&["profile"]);
    let page = std::fs::read_to_string(program.state().join("clean/profile.html")).unwrap();
    assert!(
        page.contains("R01 duplicate_trip") && page.contains("<table>"),
        "{page}"
    );
}
