use super::*;

fn table(from: &str, until: &str) -> Vec<String> {
    let folder = TempDir::new().unwrap();

    super::super::counters::write(
        &City::new(1),
        folder.path(),
        span(from, until),
        DateTime::<Utc>::MIN_UTC,
    )
    .unwrap();

    let bytes = fs::read(folder.path().join("compteurs-2026.csv")).unwrap();
    // Every byte of ISO-8859-1 is the code point of its character.
    let text: String = bytes.into_iter().map(char::from).collect();

    text.split("\r\n")
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The local hours of one counter.
fn hours_of(rows: &[String], counter: &str) -> Vec<String> {
    let rows = rows.iter().filter(|row| row.starts_with(counter));
    rows.map(|row| row.split(';').nth(2).unwrap().to_owned())
        .collect()
}

#[test]
fn the_file_is_a_french_one() {
    let rows = table("2026-03-02T06:00:00Z", "2026-03-02T08:00:00Z");

    assert_eq!(
        rows[0],
        "Identifiant du compteur;Nom du compteur;Date et heure;Comptage horaire;Vitesse moyenne (km/h);Latitude;Longitude"
    );
    assert_eq!(rows.len(), 1 + 2 * 6);

    let fields: Vec<&str> = rows[4].split(';').collect();

    assert_eq!(
        fields[..3],
        ["CPT-04", "Voie verte des Prés", "02/03/2026 07:00"]
    );
    assert!(fields[3].parse::<u32>().is_ok());

    for number in &fields[4..] {
        assert!(
            number.contains(',') && number.replace(',', ".").parse::<f64>().is_ok(),
            "{number}"
        );
    }
}

#[test]
fn an_hour_is_missing_when_clocks_go_forward() {
    let rows = table("2026-03-28T23:00:00Z", "2026-03-29T03:00:00Z");
    let expected = [
        "29/03/2026 00:00",
        "29/03/2026 01:00",
        "29/03/2026 03:00",
        "29/03/2026 04:00",
    ];
    assert_eq!(hours_of(&rows, "CPT-01"), expected);
}

#[test]
fn an_hour_comes_twice_when_clocks_go_back() {
    let rows = table("2026-10-24T23:00:00Z", "2026-10-25T02:00:00Z");
    assert_eq!(
        hours_of(&rows, "CPT-01"),
        ["25/10/2026 01:00", "25/10/2026 02:00", "25/10/2026 02:00"]
    );
}

#[test]
fn years_are_local() {
    let folder = TempDir::new().unwrap();
    let span = span("2025-12-31T22:00:00Z", "2026-01-01T01:00:00Z");
    let written =
        super::super::counters::write(&City::new(1), folder.path(), span, DateTime::<Utc>::MIN_UTC)
            .unwrap();
    assert_eq!(written.files, 2);

    let lines = |year: u32| {
        fs::read(folder.path().join(format!("compteurs-{year}.csv")))
            .unwrap()
            .split(|byte| *byte == b'\n')
            .count()
            - 2
    };

    assert_eq!((lines(2025), lines(2026)), (6, 2 * 6));
}
