use filrouge_types::{Hour, StationId};
use proptest::prelude::*;

use super::*;
use crate::prediction::Prediction;

const DOCKS: u32 = 10;

fn station() -> StationId {
    "A".parse().unwrap()
}

/// Monday 2 March 2026, 00:00 UTC.
fn monday() -> Hour {
    "2026-03-02T00:00:00Z".parse().unwrap()
}

/// Two weeks of a station where `departures` leave and `arrivals` come each hour; a truck puts five bikes
/// back at the end of the hour `truck`.
fn two_weeks(departures: u32, arrivals: u32, truck: Option<i64>) -> Vec<ObservedHour> {
    let mut bikes = 5;
    (0..14 * 24)
        .map(|index| {
            let before = bikes;
            bikes = (before + arrivals).saturating_sub(departures).min(DOCKS);
            if Some(index % 24) == truck {
                bikes = 5;
            }
            let stock = |bikes| Stock {
                bikes,
                docks: DOCKS - bikes,
            };
            ObservedHour {
                station_id: station(),
                hour: monday() + index,
                is_public_holiday: false,
                before: stock(before),
                after: stock(bikes),
                departures: departures.min(before + arrivals),
                arrivals,
            }
        })
        .collect()
}

fn demand(hours: i64, departures: f32) -> Vec<HourDemand> {
    (0..hours)
        .map(|ahead| HourDemand {
            hour: monday() + 14 * 24 + ahead,
            is_public_holiday: false,
            departures: Prediction {
                demand: departures,
                demand_p10: (departures - 1.0).max(0.0),
                demand_p90: departures + 1.0,
            },
        })
        .collect()
}

fn chances(profile: &AvailabilityProfile, bikes: u32, demand: &[HourDemand]) -> Vec<HourChances> {
    let stock = Stock {
        bikes,
        docks: DOCKS - bikes,
    };
    let now = demand[0].hour.start();
    profile.chances(&station(), stock, now, demand).unwrap()
}

#[test]
fn nothing_moves_at_a_station_where_nobody_comes() {
    let profile = learn_availability(&two_weeks(0, 0, None), chrono_tz::UTC);
    for (bikes, bike, dock) in [(0, 0.0, 1.0), (4, 1.0, 1.0), (10, 1.0, 0.0)] {
        let next = chances(&profile, bikes, &demand(1, 0.0))[0];
        assert!((next.bike - bike).abs() < 1e-9, "{bikes}: {next:?}");
        assert!((next.dock - dock).abs() < 1e-9, "{bikes}: {next:?}");
    }
}

#[test]
fn a_station_that_riders_leave_runs_empty_hour_after_hour() {
    let profile = learn_availability(&two_weeks(1, 0, Some(3)), chrono_tz::UTC);
    // From four o'clock on: once the station is empty, its habit alone is left.
    let day = demand(24, 1.0);
    let bikes: Vec<f64> = chances(&profile, 5, &day[4..12])
        .iter()
        .map(|hour| hour.bike)
        .collect();
    assert!(
        bikes.windows(2).all(|pair| pair[1] <= pair[0] + 1e-9),
        "{bikes:?}"
    );
    assert!(bikes[0] > 0.95 && bikes[7] < 0.1, "{bikes:?}");
}

#[test]
fn arrivals_are_the_usual_ones_and_more_on_a_busy_day() {
    let profile = learn_availability(&two_weeks(2, 2, None), chrono_tz::UTC);
    let arrivals = |departures| chances(&profile, 5, &demand(6, departures))[3].arrivals;
    assert!((arrivals(2.0) - 2.0).abs() < 0.2, "{}", arrivals(2.0));
    assert!(arrivals(6.0) > 1.5 * arrivals(2.0), "{}", arrivals(6.0));
}

#[test]
fn after_a_day_the_habit_counts_as_much_as_the_present() {
    // Always five bikes, and none today.
    let profile = learn_availability(&two_weeks(0, 0, None), chrono_tz::UTC);
    let told = chances(&profile, 0, &demand(24, 0.0));
    assert!(told[0].bike.abs() < 1e-9);
    assert!((told[23].bike - 0.5).abs() < 1e-3, "{:?}", told[23]);
    assert!(told.windows(2).all(|pair| pair[0].bike <= pair[1].bike));
}

#[test]
fn one_hour_of_departures_alone_is_a_poisson_distribution() {
    // With 3 bikes, and departures at a rate of 2: the probability that fewer than 3 riders come.
    let after = StockDistribution::certain(3, 8).after(2.0, 0.0, 1.0);
    let poisson = |count: i32| (-2_f64).exp() * 2_f64.powi(count) / [1.0, 1.0, 2.0][count as usize];
    let expected: f64 = (0..3).map(poisson).sum();
    assert!((after.chance_of_a_bike() - expected).abs() < 1e-9);
}

#[test]
fn the_hour_of_the_trucks_is_learnt_and_no_other() {
    let profile = learn_availability(&two_weeks(1, 0, Some(3)), chrono_tz::UTC);
    for (hour, share) in profile.rebalanced.iter().enumerate() {
        let expected = f64::from(u8::from(hour == 3));
        assert!((share - expected).abs() < 0.05, "{hour}: {share}");
    }

    let night = demand(5, 1.0);
    let after_the_truck = chances(&profile, 0, &night)[3];
    assert!(after_the_truck.bike > 0.95, "{after_the_truck:?}");
    assert!(
        (after_the_truck.bikes - 5.0).abs() < 1.0,
        "{after_the_truck:?}"
    );
}

#[test]
fn riders_who_found_no_bike_are_counted_among_those_who_wanted_one() {
    // Empty at one end of each hour: half of the time, nobody could leave.
    let mut rows = two_weeks(0, 0, None);
    for row in &mut rows {
        (row.before.bikes, row.before.docks) = (2, 8);
        (row.after.bikes, row.after.docks) = (0, 10);
        row.departures = 2;
    }
    let profile = learn_availability(&rows, chrono_tz::UTC);
    let usual = profile.usual(&station(), monday(), false).unwrap();
    assert_eq!((usual.departures, usual.wanted_departures), (2.0, 4.0));
}

#[test]
fn holidays_have_the_habits_of_days_off() {
    let mut rows = two_weeks(0, 0, None);
    for row in &mut rows {
        row.arrivals = u32::from(row.hour - monday() < 120);
    }
    let profile = learn_availability(&rows, chrono_tz::UTC);
    let arrivals = |is_holiday| {
        let usual = profile.usual(&station(), monday() + 8, is_holiday).unwrap();
        usual.wanted_arrivals
    };
    assert!(arrivals(false) > 0.4);
    assert_eq!(arrivals(true), 0.0);
}

#[test]
fn a_wider_interval_brings_chances_nearer_to_one_half() {
    let profile = learn_availability(&two_weeks(1, 1, None), chrono_tz::UTC);
    let narrow = demand(8, 4.0);
    let mut wide = narrow.clone();
    for hour in &mut wide {
        hour.departures.demand_p90 = 16.0;
        hour.departures.demand_p10 = 0.0;
    }
    let last = |demand: &[HourDemand]| chances(&profile, 9, demand)[7];
    assert!(
        last(&wide).bikes_p90 - last(&wide).bikes_p10
            >= last(&narrow).bikes_p90 - last(&narrow).bikes_p10
    );
}

#[test]
fn a_station_without_habits_has_no_chances() {
    let profile = learn_availability(&two_weeks(1, 1, None), chrono_tz::UTC);
    let stock = Stock { bikes: 1, docks: 1 };
    let unknown = "B".parse().unwrap();
    assert_eq!(
        profile.chances(&unknown, stock, monday().start(), &demand(2, 1.0)),
        None
    );
}

#[test]
fn a_profile_is_read_again_as_it_was_written_and_a_damaged_one_is_named() {
    let profile = learn_availability(&two_weeks(1, 0, Some(3)), chrono_tz::Europe::Paris);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profile.json");
    let text = profile.to_json().unwrap();
    std::fs::write(&path, &text).unwrap();
    assert_eq!(AvailabilityProfile::read(&path).unwrap(), profile);

    let damages = [
        (text.replace("\"format\":1", "\"format\":9"), "format 9"),
        (
            text.replace("Europe/Paris", "Europe/Rivemont"),
            "is not a time zone",
        ),
        (
            text.replace("\"departures\":", "\"departures\":-1"),
            "not two days",
        ),
        (text[..text.len() / 2].to_owned(), "EOF"),
    ];
    for (damaged, reason) in damages {
        std::fs::write(&path, damaged).unwrap();
        let error = AvailabilityProfile::read(&path).unwrap_err().to_string();
        assert!(
            error.contains("profile.json") && error.contains(reason),
            "{error}"
        );
    }
}

#[test]
fn the_brier_score_is_that_of_its_definition() {
    let mut score = BrierScore::default();
    assert_eq!(score.value(), None);
    for (probability, happened) in [(1.0, true), (0.5, false), (0.2, true)] {
        score.add(probability, happened);
    }
    let expected = (0.0 + 0.25 + 0.64) / 3.0;
    assert!((score.value().unwrap() - expected).abs() < 1e-12);

    let mut one_half = BrierScore::default();
    (0..3).for_each(|row| one_half.add(0.5, row == 0));
    let skill = score.skill(&one_half).unwrap();
    assert!((skill - (1.0 - expected / 0.25)).abs() < 1e-12);
}

#[test]
fn a_reliable_table_tells_as_often_as_it_happens() {
    let mut table = ReliabilityTable::default();
    for row in 0..10 {
        table.add(0.75, row < 7);
        table.add(1.0, true);
    }
    let bin = table.bins()[7];
    assert_eq!(
        (bin.rows, bin.told(), bin.happened()),
        (10, Some(0.75), Some(0.7))
    );
    assert!((table.gap().unwrap() - 0.025).abs() < 1e-12);
}

proptest! {
    #[test]
    fn a_distribution_adds_up_to_one_whatever_happens(
        bikes in 0_u32..30, departures in 0.0_f64..200.0, arrivals in 0.0_f64..200.0, hours in 0.0_f64..4.0,
    ) {
        let after = StockDistribution::certain(bikes, 30).after(departures, arrivals, hours);
        let total: f64 = (0..=30).map(|bikes| after.share(bikes)).sum();
        prop_assert!((total - 1.0).abs() < 1e-6, "{}", total);
        prop_assert!((0.0..=30.0 + 1e-6).contains(&after.mean()));
    }
}
