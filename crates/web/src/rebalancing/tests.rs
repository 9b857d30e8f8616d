use proptest::prelude::*;

use super::Handling::{Leave, Take};
use super::*;

/// A station on a line, `place` hundredths of a degree east.
fn station(
    id: &'static str,
    place: f64,
    bikes: u32,
    departures: f64,
) -> EveningStation<&'static str> {
    EveningStation {
        id,
        latitude: 45.0,
        longitude: place / 100.0,
        capacity: 20,
        bikes,
        morning: Swing {
            down: departures,
            up: 0.0,
        },
    }
}

fn stops(
    stations: &[EveningStation<&'static str>],
    truck: u32,
) -> Vec<(&'static str, Handling, u32)> {
    let stops = plan(stations, truck).into_iter();
    stops
        .map(|stop| (stop.id, stop.handling, stop.load))
        .collect()
}

// Preuve principale: C17.4 le plan de la nuit, composant métier de l’exploitation, prend où il y a trop, laisse où il manquera, au plus près, sans dépasser le camion [code : crates/web/src/rebalancing.rs#plan]
#[test]
fn bikes_go_from_the_fullest_to_the_nearest_that_will_lack_some() {
    let stations = [
        station("full", 0.0, 20, 2.0),
        station("near", 1.0, 1, 4.0),
        station("far", 9.0, 0, 3.0),
        station("fine", 5.0, 10, 6.0),
    ];

    let with_room = [
        ("full", Take(6), 6),
        ("near", Leave(3), 3),
        ("far", Leave(3), 0),
    ];
    assert_eq!(stops(&stations, 10), with_room);

    assert_eq!(
        stops(&stations, 4),
        [
            ("full", Take(4), 4),
            ("near", Leave(3), 1),
            ("full", Take(2), 3),
            ("far", Leave(3), 0),
        ]
    );
}

#[test]
fn nothing_moves_when_nobody_lacks_when_nobody_gives_or_without_a_truck() {
    let [full, empty] = [station("full", 0.0, 20, 0.0), station("empty", 1.0, 0, 5.0)];
    for (stations, truck) in [
        (vec![full.clone()], 10),
        (vec![empty.clone()], 10),
        (vec![], 10),
        (vec![full, empty], 0),
    ] {
        assert_eq!(stops(&stations, truck), []);
    }
}

// Preuve: C17.4 les arrivées comptent : une station qui se remplit seule n’est pas servie, et donne de quoi garder des places
#[test]
fn a_station_that_fills_by_itself_is_not_filled_and_makes_room() {
    let mut filling = station("filling", 0.0, 12, 0.0);
    filling.morning.up = 14.2;
    let empty = station("empty", 1.0, 0, 5.0);
    assert_eq!(filling.lacking(), 0);

    // Fifteen docks are kept of twenty: seven bikes may go, five are needed.
    assert_eq!(filling.spare(), 7);
    let expected = [("filling", Take(5), 5), ("empty", Leave(5), 0)];
    assert_eq!(stops(&[filling, empty], 10), expected);
}

#[test]
fn a_morning_goes_as_far_as_its_balance_and_its_margin() {
    let hour = |departures, departures_p90, arrivals| MorningHour {
        departures,
        departures_p90,
        arrivals,
    };
    let arrivals_alone = 4.0 + ONE_IN_TEN * 2.0;
    for (hours, down, up) in [
        (vec![], 0.0, 0.0),
        // Departures alone: 2 + 2 + √(2² + 2²).
        (vec![hour(2.0, 4.0, 0.0); 2], 4.0 + f64::sqrt(8.0), 0.0),
        (vec![hour(0.0, 0.0, 4.0)], 0.0, arrivals_alone),
        // What comes back later lacks all the same before it does.
        (
            vec![hour(6.0, 6.0, 0.0), hour(0.0, 0.0, 100.0)],
            6.0,
            94.0 + ONE_IN_TEN * 10.0,
        ),
    ] {
        let swing = Swing::of(&hours);
        assert!((swing.down - down).abs() < 1e-9, "{swing:?}, not {down}");
        assert!((swing.up - up).abs() < 1e-9, "{swing:?}, not {up}");
    }
}

#[test]
fn the_last_docks_of_a_station_stay_free() {
    let stations = [
        station("full", 0.0, 20, 0.0),
        station("asked", 1.0, 12, 50.0),
    ];
    let expected = [("full", Take(4), 4), ("asked", Leave(4), 0)];
    assert_eq!(stops(&stations, 10), expected);
}

fn any_station() -> impl Strategy<Value = EveningStation<usize>> {
    let places = (-89.0..89.0, -180.0..180.0);
    (places, 0_u32..60, 0.0..1.0, (0.0..80.0, 0.0..80.0)).prop_map(
        |((latitude, longitude), capacity, share, (down, up))| EveningStation {
            id: 0,
            latitude,
            longitude,
            capacity,
            bikes: (share * f64::from(capacity)) as u32,
            morning: Swing { down, up },
        },
    )
}

proptest! {
    #[test]
    fn a_plan_moves_what_there_is_within_the_truck_and_the_stations(
        mut stations in proptest::collection::vec(any_station(), 0..30),
        truck in 0_u32..40,
    ) {
        for (index, station) in stations.iter_mut().enumerate() {
            station.id = index;
        }
        let total: u32 = stations.iter().map(|station| station.bikes).sum();
        let mut bikes: Vec<u32> = stations.iter().map(|station| station.bikes).collect();
        let mut load = 0;

        for stop in plan(&stations, truck) {
            match stop.handling {
                Take(moved) => {
                    prop_assert!(moved > 0 && moved <= bikes[stop.id]);
                    bikes[stop.id] -= moved;
                    load += moved;
                }
                Leave(moved) => {
                    prop_assert!(moved > 0 && moved <= load);
                    bikes[stop.id] += moved;
                    load -= moved;
                    prop_assert!(bikes[stop.id] <= stations[stop.id].capacity);
                }
            }
            prop_assert!(load <= truck);
            prop_assert_eq!(load, stop.load);
        }

        prop_assert_eq!(load, 0, "the truck ends empty");
        prop_assert_eq!(bikes.iter().sum::<u32>(), total);
        let lacking = |bikes: &[u32]| -> u32 {
            let now = stations.iter().zip(bikes);
            now.map(|(station, bikes)| station.wanted().saturating_sub(*bikes)).sum()
        };
        let before: Vec<u32> = stations.iter().map(|station| station.bikes).collect();
        prop_assert!(lacking(&bikes) <= lacking(&before));
    }
}
