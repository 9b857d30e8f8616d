use filrouge_types::Language;

use super::*;

fn station(name: &str, latitude: f64, longitude: f64) -> StationItem {
    StationItem {
        station_id: name.parse().unwrap(),
        name: name.to_owned(),
        district: None,
        latitude,
        longitude,
        capacity: 20,
        bikes_available: Some(8),
        docks_available: Some(12),
        reported_at: None,
    }
}

fn map(stations: &[(StationItem, Option<u32>)]) -> StationMap {
    let t = Frame::sample(Language::French);
    let stock = |bikes: Option<u32>| Stock {
        bikes,
        docks: bikes.map(|bikes| 20 - bikes),
        capacity: 20,
        report: None,
    };
    let stations: Vec<_> = stations
        .iter()
        .map(|(station, bikes)| (station, stock(*bikes)))
        .collect();
    StationMap::new(&t, &stations)
}

#[test]
fn stations_to_watch_have_a_letter_and_the_others_share_one_stroke() {
    let map = map(&[
        (station("A", 45.60, 4.10), Some(8)),
        (station("B", 45.61, 4.11), Some(1)),
        (station("C", 45.62, 4.12), Some(19)),
        (station("D", 45.63, 4.13), None),
    ]);
    let letters: Vec<_> = map.marks.iter().map(|mark| mark.letter.as_str()).collect();
    assert_eq!(letters, ["V", "P", "?"]);
    assert_eq!(map.discs.matches('M').count(), 1);
}

#[test]
fn every_station_lies_in_the_picture_north_above_south_and_west_before_east() {
    let (south_west, north_east) = (station("A", 45.60, 4.10), station("B", 45.64, 4.19));
    let map = map(&[(south_west, Some(0)), (north_east, Some(0))]);
    let number = |text: &str| text.parse::<f64>().unwrap();
    let [first, second] = map.marks.as_slice() else {
        panic!("two marks");
    };
    assert!(number(&first.y) > number(&second.y) && number(&first.x) < number(&second.x));
    for mark in &map.marks {
        assert!((0.0..=WIDTH).contains(&number(&mark.x)), "{}", mark.x);
        assert!((0.0..=map.height).contains(&number(&mark.y)), "{}", mark.y);
    }
    assert!(map.height <= TALLEST);
}

#[test]
fn one_station_or_none_is_a_map_too() {
    let alone = map(&[(station("A", 45.6, 4.1), Some(8))]);
    assert!(
        !alone.discs.contains("NaN") && !alone.discs.contains("inf"),
        "{}",
        alone.discs
    );
    assert!(map(&[]).marks.is_empty());
}
