use super::*;

fn station(id: &str, district: Option<&str>) -> Station {
    let district = district.map(str::to_owned);
    Station {
        station_id: id.parse().unwrap(),
        name: id.to_owned(),
        district,
        latitude: 0.0,
        longitude: 0.0,
        capacity: 1,
    }
}

fn slice(name: &str, rows: usize, mae: f64) -> Slice {
    Slice {
        kind: "station",
        name: name.to_owned(),
        rows,
        mae,
        last_week_mae: 2.0,
        coverage_80: 0.8,
    }
}

// Preuve: C12.3 l’erreur est aussi mesurée par quartier
#[test]
fn a_district_is_worth_the_mean_of_its_stations_rows() {
    let stations = [
        station("A", Some("Nord")),
        station("B", Some("Nord")),
        station("C", None),
    ];
    let mut slices = vec![
        slice("A", 100, 1.0),
        slice("B", 300, 2.0),
        slice("C", 10, 1.0),
        slice("D", 10, 1.0),
    ];
    add_districts(&mut slices, &stations);
    let districts: Vec<_> = slices
        .iter()
        .filter(|slice| slice.kind == "quartier")
        .collect();
    assert_eq!(districts.len(), 1);
    assert_eq!(
        (
            districts[0].name.as_str(),
            districts[0].rows,
            districts[0].mae
        ),
        ("Nord", 400, 1.75)
    );
    assert_eq!(slices[0].name, "B", "the worst first");
}
