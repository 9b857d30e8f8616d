use std::path::{Path, PathBuf};

use crate::dataset::bomb;
use crate::files::trips;
use crate::peak::{Run, can_be_measured};
use crate::program::{Program, text};

fn aggregate(program: &Program, trips: &Path) -> Run {
    let out = program.path("clean");
    Run::of(program.command(&["aggregate", "--trips", text(trips), "--out", text(&out)]))
}

/// The Parquet file that an ingestion leaves in the lake.
fn ingested(program: &Program) -> PathBuf {
    let csv = program.write("trips.csv", trips(100_000));
    program.succeed(&["lake", "ingest", text(&csv)]);
    let month = program.state().join("lake/trips/year=2026/month=03");
    let mut parts = month.read_dir().unwrap();
    parts.next().unwrap().unwrap().path()
}

#[test]
fn hostile_trips_cost_what_trips_cost() {
    if !can_be_measured() {
        return;
    }
    let program = Program::new();
    let ordinary = aggregate(&program, &ingested(&program));
    assert!(ordinary.succeeded, "{}", ordinary.told);

    for (name, file, says) in [
        (
            "Parquet : deux milliards de trajets",
            "rows.parquet",
            "once decompressed",
        ),
        (
            "Parquet : les mêmes trajets listés mille fois",
            "overlap.parquet",
            "overlap",
        ),
    ] {
        let trips = program.write(file, bomb(file));
        aggregate(&program, &trips).is_refused(name, &ordinary, says);
    }
}
