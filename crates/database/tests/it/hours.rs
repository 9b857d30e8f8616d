use filrouge_database::{HourFilter, Position, Resource};
use filrouge_types::{Conditions, Station, StationHour};

use crate::engines::on_each_engine;
use crate::samples::{hour, id, import, now, read_all, row, rows, station};

const START: &str = "2026-02-27T20:00:00Z";

#[tokio::test]
async fn what_was_imported_is_read_back_the_same_at_any_size_of_page() {
    on_each_engine(|setting| async move {
        let database = &setting.database;

        database
            .save_stations(&["A", "B", "C"].map(station), now())
            .await
            .unwrap();
        let given = rows(&["A", "B", "C"], hour(START), 30);
        import(database, "one", given.clone()).await;

        for limit in [1, 7, 90, 1000] {
            assert_eq!(read_all(database, limit).await, given, "{limit}");
        }
    })
    .await;
}

#[tokio::test]
async fn stations_that_came_later_are_read_in_their_place() {
    on_each_engine(|setting| async move {
        let database = &setting.database;

        database
            .save_stations(&["C", "A"].map(station), now())
            .await
            .unwrap();
        database
            .save_stations(&[station("B")], now())
            .await
            .unwrap();

        let given = rows(&["A", "B", "C"], hour(START), 3);
        import(database, "one", given.clone()).await;

        assert_eq!(read_all(database, 2).await, given);
    })
    .await;
}

#[tokio::test]
async fn filters_keep_the_first_hour_and_leave_out_the_last() {
    on_each_engine(|setting| async move {
        let database = &setting.database;

        database
            .save_stations(&["A", "B"].map(station), now())
            .await
            .unwrap();
        import(database, "one", rows(&["A", "B"], hour(START), 10)).await;

        let count = |station: Option<&str>, from: i64, to: i64, after: Option<(i64, &str)>| {
            let filter = HourFilter {
                station_id: station.map(id),
                from: Some(hour(START) + from),
                to: Some(hour(START) + to),
                ..HourFilter::default()
            };

            let after = after.map(|(offset, station)| Position {
                hour: hour(START) + offset,
                station_id: id(station),
            });

            async move {
                database
                    .station_hours(&filter, after.as_ref(), 100)
                    .await
                    .unwrap()
                    .len()
            }
        };

        let cases = [
            (None, 0, 10, None, 20),
            (None, 2, 4, None, 4),
            (None, 4, 2, None, 0),
            (Some("A"), 2, 4, None, 2),
            (Some("Z"), 2, 4, None, 0),
            (None, 2, 4, Some((2, "A")), 3),
            (None, 2, 4, Some((2, "B")), 2),
            (None, 2, 4, Some((0, "A")), 4),
            (Some("B"), 2, 4, Some((2, "B")), 1),
            (Some("B"), 2, 4, Some((3, "B")), 0),
        ];

        for (station, from, to, after, expected) in cases {
            assert_eq!(
                count(station, from, to, after).await,
                expected,
                "{station:?} {from} {to} {after:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn values_that_are_not_known_stay_so_and_extremes_survive() {
    on_each_engine(|setting| async move {
        let database = &setting.database;

        database
            .save_stations(&[station("A")], now())
            .await
            .unwrap();

        let bare = StationHour {
            conditions: Conditions {
                weather: filrouge_types::Weather::default(),
                is_public_holiday: None,
                event_count: None,
                ..row("A", hour(START), 0).conditions
            },
            departures: u32::MAX,
        };

        let mut unknown_number = row("A", hour(START) + 1, 1);
        unknown_number.conditions.weather.temperature_c = Some(f32::NAN);
        import(database, "one", vec![bare.clone(), unknown_number]).await;
        let read = read_all(database, 10).await;
        assert_eq!(read[0], bare);
        assert_eq!(
            read[1].conditions.weather.temperature_c, None,
            "not a number is not known"
        );
    })
    .await;
}

#[tokio::test]
async fn the_hours_to_come_are_replaced_as_a_whole() {
    on_each_engine(|setting| async move {
        let database = &setting.database;

        database
            .save_stations(&["A", "B"].map(station), now())
            .await
            .unwrap();

        let conditions = |first: &str, hours| -> Vec<Conditions> {
            rows(&["A", "B"], hour(first), hours)
                .into_iter()
                .map(|row| row.conditions)
                .collect()
        };

        let read = || async {
            database
                .conditions(&HourFilter::default(), None, 100)
                .await
                .unwrap()
        };

        let first = conditions("2026-03-01T08:00:00Z", 4);

        assert_eq!(
            database.replace_conditions(&first, now()).await.unwrap(),
            []
        );
        assert_eq!(read().await, first);

        let revision = database.revision(Resource::Conditions).await.unwrap();
        let mut second = conditions("2026-03-01T10:00:00Z", 4);
        second.push(row("Z", hour("2026-03-01T10:00:00Z"), 0).conditions);

        assert_eq!(
            database.replace_conditions(&second, now()).await.unwrap(),
            [id("Z")]
        );

        second.pop();
        assert_eq!(read().await, second);
        assert!(database.revision(Resource::Conditions).await.unwrap() > revision);

        assert_eq!(
            database
                .station_hours(&HourFilter::default(), None, 10)
                .await
                .unwrap(),
            []
        );
    })
    .await;
}

#[tokio::test]
async fn the_newest_hours_come_first_when_asked_and_a_district_alone_can_be_read() {
    on_each_engine(|setting| async move {
        let database = &setting.database;
        let stations = [
            station("A"),
            Station {
                district: Some("Nord".to_owned()),
                ..station("B")
            },
        ];

        database.save_stations(&stations, now()).await.unwrap();
        let rows = rows(&["A", "B"], hour(START), 6);
        import(database, "newest", rows.clone()).await;

        for limit in [1, 3, 5, 100] {
            let filter = HourFilter {
                newest_first: true,
                ..HourFilter::default()
            };
            let mut seen: Vec<StationHour> = Vec::new();

            loop {
                let after = seen.last().map(|row| Position {
                    hour: row.conditions.hour,
                    station_id: row.conditions.station_id.clone(),
                });
                let page = database
                    .station_hours(&filter, after.as_ref(), limit)
                    .await
                    .unwrap();

                if page.is_empty() {
                    break;
                }
                seen.extend(page);
            }

            assert!(seen.iter().eq(rows.iter().rev()), "{limit}");
        }

        let (from, to) = (Some(hour(START) + 2), Some(hour(START) + 4));
        let district = Some("Nord".to_owned());

        let filter = HourFilter {
            district,
            from,
            to,
            newest_first: true,
            station_id: None,
        };

        let page = database.station_hours(&filter, None, 10).await.unwrap();
        assert_eq!(page, [rows[7].clone(), rows[5].clone()]);

        let nowhere = HourFilter {
            station_id: Some(id("A")),
            ..filter
        };

        assert_eq!(
            database.station_hours(&nowhere, None, 10).await.unwrap(),
            []
        );
    })
    .await;
}
