use crate::files::{TRIPS, gzip_of, overlapping_zip, trips, zip};
use crate::peak::{Run, can_be_measured};
use crate::program::{Program, text};

fn ingest(content: &[u8]) -> Run {
    let program = Program::new();
    let file = program.write("trips", content);
    Run::of(program.command(&["lake", "ingest", text(&file)]))
}

#[test]
fn a_hostile_history_costs_what_a_history_costs() {
    if !can_be_measured() {
        return;
    }
    // A month of a large city: trips are read half a million at a time.
    let month = trips(600_000);
    let ordinary = ingest(month.as_bytes());
    assert!(ordinary.succeeded, "{}", ordinary.told);

    let row = trips(1).lines().nth(1).unwrap().to_owned() + "\n";
    let nested = zip(&[("b.zip", &zip(&[("c.csv", &gzip_of("", "0", 1))]))]);
    for (name, content, says) in [
        (
            "CSV gzip : 1 Gio de trajets",
            gzip_of(TRIPS, &row, 1_024),
            "once decompressed",
        ),
        (
            "zip : la même table listée mille fois",
            overlapping_zip("00000.csv", month.as_bytes(), 1_000),
            "overlap",
        ),
        (
            "zip dans un zip dans un zip, sans table lisible",
            zip(&[("a.zip", &nested)]),
            "not a table of trips",
        ),
        (
            "CSV : une ligne de 200 Mio",
            vec![b'x'; 200 << 20],
            "longer than any line of text",
        ),
        (
            "CSV : deux cent mille colonnes",
            TRIPS.replace('\n', &",x".repeat(200_000)).into_bytes(),
            "more than 4096",
        ),
        (
            "UTF-16 : une ligne de 200 Mio",
            [vec![0xff, 0xfe], b"x\0".repeat(100 << 20)].concat(),
            "longer than any line of text",
        ),
    ] {
        ingest(&content).is_refused(name, &ordinary, says);
    }
}

#[test]
fn long_fields_and_quotes_cost_what_a_history_costs() {
    if !can_be_measured() {
        return;
    }
    let ordinary = ingest(trips(300_000).as_bytes());
    assert!(ordinary.succeeded, "{}", ordinary.told);

    // Rows of a table, each a megabyte long: they are kept, a few at a time.
    let long = "x".repeat(900_000);
    let row = trips(1).lines().nth(1).unwrap().replace("trip-0", &long) + "\n";
    let rows = TRIPS.to_owned() + &row.repeat(250);
    ingest(rows.as_bytes()).is_accepted("CSV : des champs de 900 ko", &ordinary);

    // Lines that each open a quote: none is kept.
    let quotes = TRIPS.to_owned() + &format!("\"{}\n", "x".repeat(10_000)).repeat(5_001);
    ingest(quotes.as_bytes()).is_accepted("CSV : des guillemets jamais fermés", &ordinary);
}
