use super::*;

fn one(name: &str, latitude: f64, trips: i64, last_start: i64) -> DescriptorCount {
    DescriptorCount {
        name: Some(name.to_owned()),
        latitude: Some(latitude),
        longitude: None,
        trips,
        last_start,
    }
}

#[test]
fn the_most_used_name_and_the_median_position_describe_a_station() {
    let descriptors = StationDescriptors {
        descriptors: vec![
            one("Gare", 45.6, 5, 10),
            one("Gare Nord", 45.7, 6, 20),
            one("Gare", 54.0, 4, 5),
        ],
    };

    let description = descriptors.describe();
    assert_eq!(description.name.as_deref(), Some("Gare"));
    assert_eq!(
        (description.latitude, description.longitude),
        (Some(45.7), None)
    );
}

#[test]
fn of_two_names_used_as_much_the_latest_is_taken() {
    let descriptors = StationDescriptors {
        descriptors: vec![one("Ancien", 45.6, 5, 10), one("Actuel", 45.6, 5, 20)],
    };
    assert_eq!(descriptors.describe().name.as_deref(), Some("Actuel"));
}
