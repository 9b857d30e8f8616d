use super::*;
use crate::geography::Character;

#[test]
fn every_part_of_the_day_leads_everywhere_but_back_to_the_origin() {
    let flows = Flows::new();

    for (origin, site) in STATIONS.iter().enumerate() {
        let reached: std::collections::BTreeSet<usize> = (0..20_000)
            .map(|step| flows.destination(origin, true, 8, f64::from(step) / 20_000.0))
            .collect();
        assert!(!reached.contains(&origin));

        assert!(
            reached.len() >= 35,
            "{} reaches {} stations",
            site.name,
            reached.len()
        );
    }
}

#[test]
fn over_an_ordinary_day_as_many_riders_arrive_as_leave() {
    for is_working in [true, false] {
        let balance = balance(is_working);
        let parts = || PARTS.iter().filter(|part| part.is_working == is_working);

        for (station, site) in STATIONS.iter().enumerate() {
            let from = |part: &Part, origin| {
                let weights = weights(part, origin, &balance);
                part.departures(origin) * weights[station] / weights.iter().sum::<f64>()
            };
            let arrivals: f64 = parts()
                .flat_map(|part| (0..STATIONS.len()).map(move |origin| from(part, origin)))
                .sum();

            let departures: f64 = parts().map(|part| part.departures(station)).sum();

            assert!(
                (arrivals / departures - 1.0).abs() < 0.02,
                "{}: {arrivals} for {departures}",
                site.name
            );
        }
    }
}

#[test]
fn mornings_lead_to_work_and_evenings_home() {
    let flows = Flows::new();
    let share = |hour, wanted| {
        let steps = 0..1000;
        let drawn =
            |step| STATIONS[flows.destination(0, true, hour, f64::from(step) / 1000.0)].character;
        steps
            .map(drawn)
            .filter(|character| *character == wanted)
            .count()
    };

    assert!(share(8, Character::Work) > 2 * share(18, Character::Work));
    assert!(share(18, Character::Home) > 2 * share(8, Character::Home));
}
