use std::fs;

use crate::files::gzip_of;
use crate::peak::{Run, can_be_measured};
use crate::program::{Program, dataset, text};

/// Reads a station-hour data set, and cuts it in two.
fn split(content: &[u8]) -> Run {
    let program = Program::new();
    let file = program.write("jeu", content);
    let parts = program.path("parts");
    Run::of(program.command(&["split", "--dataset", text(&file), "--out", text(&parts)]))
}

#[test]
fn a_hostile_data_set_costs_what_a_data_set_costs() {
    if !can_be_measured() {
        return;
    }
    let ordinary = split(dataset(6_000).as_bytes());
    assert!(ordinary.succeeded, "{}", ordinary.told);

    let header = "station_id,hour,departures";
    for (name, content, says) in [
        (
            "CSV gzip : 1 Gio sans fin de ligne",
            gzip_of(&format!("{header}\n"), "0", 1_024),
            "a record is longer than",
        ),
        (
            "CSV : un guillemet jamais fermé",
            format!("{header}\n\"{}", "A,1,1\n".repeat(20 << 20)).into_bytes(),
            "a record is longer than",
        ),
        (
            "CSV : deux cent mille colonnes",
            format!("{header}{}\n", ",x".repeat(200_000)).into_bytes(),
            "more than 4096",
        ),
        (
            "Parquet : deux milliards de lignes en 1 ko",
            bomb("rows.parquet"),
            "once decompressed",
        ),
        (
            "Parquet : les mêmes colonnes listées mille fois",
            bomb("overlap.parquet"),
            "overlap",
        ),
        (
            "Parquet : une page qui dit devenir 2 Gio",
            bomb("page.parquet"),
            "once decompressed",
        ),
    ] {
        split(&content).is_refused(name, &ordinary, says);
    }
}

/// A file of `tests/samples/bombs`, which the tests of `dataset` build.
pub(crate) fn bomb(name: &str) -> Vec<u8> {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/samples/bombs/");
    fs::read(format!("{samples}{name}")).unwrap()
}
