use filrouge_database::{
    Begun, DatabaseError, ImportReport, RejectPosition, RejectedRow, Resource,
};
use filrouge_types::StationHour;

use crate::engines::{Setting, on_each_engine};
use crate::samples::{dataset_hash, hour, import, now, read_all, row, rows, station};

const START: &str = "2026-02-27T20:00:00Z";

/// 28 hours over three days, two stations.
fn sample() -> Vec<StationHour> {
    rows(&["A", "B"], hour(START), 30)
}

async fn with_stations(setting: &Setting) -> &filrouge_database::Database {
    setting
        .database
        .save_stations(&["A", "B"].map(station), now())
        .await
        .unwrap();
    &setting.database
}

// Preuve principale: C4.5 le script d’import fonctionne : tout est lu, gardé ou mis de côté [code : crates/database/src/import.rs#Importer]
#[tokio::test]
async fn an_import_accounts_for_every_row() {
    on_each_engine(|setting| async move {
        let database = with_stations(&setting).await;
        let report = import(database, "one", sample()).await;

        let expected = ImportReport {
            rows_read: 60,
            rows_kept: 60,
            days_written: 3,
            ..ImportReport::default()
        };

        assert_eq!(report, expected);
        assert_eq!(database.last_hour().await.unwrap(), Some(hour(START) + 29));
    })
    .await;
}

#[tokio::test]
async fn the_same_data_set_again_changes_nothing() {
    on_each_engine(|setting| async move {
        let database = with_stations(&setting).await;
        import(database, "one", sample()).await;
        let revision = database.revision(Resource::StationHours).await.unwrap();
        let begun = database
            .begin_import(&dataset_hash("one"), now())
            .await
            .unwrap();

        assert!(
            matches!(
                begun,
                Begun::AlreadyDone(ImportReport {
                    rows_kept: 60,
                    days_unchanged: 3,
                    ..
                })
            ),
            "{begun:?}"
        );

        let report = import(database, "the same rows in another file", sample()).await;
        assert_eq!((report.days_written, report.days_unchanged), (0, 3));
        assert_eq!(
            database.revision(Resource::StationHours).await.unwrap(),
            revision
        );
    })
    .await;
}

#[tokio::test]
async fn the_next_hour_rewrites_one_day() {
    on_each_engine(|setting| async move {
        let database = with_stations(&setting).await;
        import(database, "one", sample()).await;
        let longer = rows(&["A", "B"], hour(START), 31);
        let report = import(database, "two", longer.clone()).await;
        assert_eq!(
            (report.days_written, report.days_unchanged, report.rows_kept),
            (1, 2, 62)
        );
        assert_eq!(read_all(database, 1000).await, longer);
    })
    .await;
}

#[tokio::test]
async fn going_back_to_an_earlier_data_set_is_an_import_like_another() {
    on_each_engine(|setting| async move {
        let database = with_stations(&setting).await;
        let mut changed = sample();
        changed[0].departures += 1;
        import(database, "one", sample()).await;
        import(database, "two", changed).await;
        let report = import(database, "one", sample()).await;
        assert_eq!(report.days_written, 1);
        assert_eq!(read_all(database, 1000).await, sample());
    })
    .await;
}

// Preuve: C4.5 une ligne qui enfreint une contrainte est mise de côté avec sa clé, les autres restent
#[tokio::test]
async fn rows_that_break_a_rule_are_set_aside_by_key_and_the_others_stay() {
    on_each_engine(|setting| async move {
        let database = with_stations(&setting).await;
        let mut given = sample();
        given[3].conditions.weather.relative_humidity_pct = Some(150.0);
        given[5].conditions.weather.temperature_c = Some(285.4);
        given[7].conditions.weather.precipitation_mm = Some(f32::INFINITY);
        given.insert(9, row("Z", given[9].conditions.hour, 1));
        let twice = given[11].clone();
        given.insert(12, twice);
        let report = import(database, "one", given.clone()).await;
        assert_eq!(
            (report.rows_read, report.rows_kept, report.rows_rejected),
            (62, 57, 5)
        );
        let rejected = database.rejected_rows(None, 10).await.unwrap();
        let keys: Vec<_> = rejected
            .iter()
            .map(|reject| (reject.station_id.as_str(), reject.hour))
            .collect();
        let key = |index: usize| {
            let conditions = &given[index].conditions;
            (conditions.station_id.as_str(), conditions.hour)
        };
        assert_eq!(keys, [key(3), key(5), key(7), key(9), key(12)]);
        let reasons: Vec<_> = rejected
            .iter()
            .map(|reject| reject.reason.as_str())
            .collect();
        assert!(
            reasons[0].contains("breaks a rule of the model"),
            "{reasons:?}"
        );
        assert_eq!(
            reasons[3..],
            ["unknown station", "second row of this station and hour"]
        );
        for index in [12, 9, 7, 5, 3] {
            given.remove(index);
        }
        assert_eq!(read_all(database, 1000).await, given);
    })
    .await;
}

#[tokio::test]
async fn a_row_set_aside_comes_in_once_its_station_is_known() {
    on_each_engine(|setting| async move {
        let database = with_stations(&setting).await;
        let given = rows(&["A", "B", "C"], hour(START), 30);

        assert_eq!(
            import(database, "one", given.clone()).await.rows_rejected,
            30
        );

        database
            .save_stations(&[station("C")], now())
            .await
            .unwrap();
        let report = import(database, "one", given.clone()).await;
        assert_eq!((report.rows_kept, report.rows_rejected), (90, 0));
        assert_eq!(database.rejected_rows(None, 10).await.unwrap(), []);

        assert_eq!(read_all(database, 1000).await, given);
    })
    .await;
}

#[tokio::test]
async fn an_import_between_two_pages_of_rejects_hides_none_that_it_leaves() {
    on_each_engine(|setting| async move {
        let database = with_stations(&setting).await;
        // Four hours of the first day and two of the second, of a station that nobody knows.
        let mut given = rows(&["Z"], hour(START), 6);
        import(database, "one", given.clone()).await;
        let first = database.rejected_rows(None, 2).await.unwrap();

        // The second import has nothing more to set aside in the first day.
        given.drain(..4);
        given.splice(0..0, rows(&["A"], hour(START), 4));
        import(database, "two", given).await;
        let next = database
            .rejected_rows(first.last().map(position).as_ref(), 10)
            .await
            .unwrap();

        let hours = |rejects: &[RejectedRow]| -> Vec<_> {
            rejects.iter().map(|reject| reject.hour).collect()
        };
        assert_eq!(hours(&first), [hour(START), hour(START) + 1]);
        assert_eq!(hours(&next), [hour(START) + 4, hour(START) + 5]);
    })
    .await;
}

fn position(reject: &RejectedRow) -> RejectPosition {
    RejectPosition {
        hour: reject.hour,
        station_id: reject.station_id.clone(),
        reject_id: reject.reject_id,
    }
}

#[tokio::test]
async fn rejects_of_one_station_and_hour_are_paged_one_by_one() {
    on_each_engine(|setting| async move {
        let database = with_stations(&setting).await;
        let given = vec![row("A", hour(START), 1); 4];
        import(database, "one", given).await;

        let mut read = 0;
        let mut after = None;
        while let [reject] = &database.rejected_rows(after.as_ref(), 1).await.unwrap()[..] {
            after = Some(position(reject));
            read += 1;
        }

        assert_eq!(read, 3);
    })
    .await;
}

#[tokio::test]
async fn an_import_that_stops_has_changed_nothing() {
    on_each_engine(|setting| async move {
        let database = with_stations(&setting).await;
        import(database, "one", sample()).await;
        let before = database.dataset_version().await.unwrap();
        let Begun::Awaiting(mut importer) = database
            .begin_import(&dataset_hash("two"), now())
            .await
            .unwrap()
        else {
            panic!("this one was not imported yet");
        };

        let mut changed = sample();
        changed[0].departures += 1;
        importer.add(changed.into_iter().take(40)).await.unwrap();
        drop(importer);

        assert_eq!(read_all(database, 1000).await, sample());
        assert_eq!(database.dataset_version().await.unwrap(), before);
    })
    .await;
}

// Preuve: C4.5 un jeu importé remplace le précédent en entier, jours disparus compris
// Preuve principale: C21.2 l’incident de l’import mélangé, reproduit par ce test : rouge sur le commit de la panne, que rejoue `cargo xtask incident import-melange`, vert aujourd’hui [code : crates/database/src/import.rs]
#[tokio::test]
async fn days_that_the_new_data_set_lacks_are_gone() {
    on_each_engine(|setting| async move {
        let database = with_stations(&setting).await;
        import(database, "one", sample()).await;
        let revision = database
            .read_revision(Resource::StationHours)
            .await
            .unwrap();

        // Neither the first day nor the last one.
        let shorter = sample()[8..56].to_vec();
        let report = import(database, "two", shorter.clone()).await;

        assert_eq!((report.days_unchanged, report.rows_kept), (1, 48));
        assert_eq!(read_all(database, 1000).await, shorter);
        let days = setting.number("SELECT COUNT(*) FROM import_days").await;
        assert_eq!(days, Some(1));
        let after = database
            .read_revision(Resource::StationHours)
            .await
            .unwrap();
        assert!(
            after > revision,
            "pages in a cache would show the days that are gone"
        );
    })
    .await;
}

#[tokio::test]
async fn hours_out_of_order_are_refused_and_named() {
    on_each_engine(|setting| async move {
        let database = with_stations(&setting).await;
        let Begun::Awaiting(mut importer) = database.begin_import(&dataset_hash("one"), now()).await.unwrap() else {
            panic!("nothing was imported yet");
        };
        importer.add([row("A", hour(START) + 5, 1)]).await.unwrap();
        let error = importer.add([row("B", hour(START), 1)]).await.unwrap_err();
        assert!(matches!(error, DatabaseError::OutOfOrder { .. }));
        let expected = "rows must come in order of hours: 2026-02-27T20:00:00Z came after 2026-02-28T01:00:00Z";
        assert_eq!(error.to_string(), expected);
    })
    .await;
}

#[tokio::test]
async fn readers_read_while_an_import_writes() {
    on_each_engine(|setting| async move {
        let database = with_stations(&setting).await;
        import(database, "one", sample()).await;
        let mut changed = sample();
        for row in &mut changed {
            row.departures += 1;
        }

        let reader = async {
            for _ in 0..20 {
                let read = read_all(database, 1000).await;
                let is_whole = read == sample() || read == changed;
                assert!(is_whole, "two data sets are never seen mixed");
            }
        };

        let (report, ()) = tokio::join!(import(database, "two", changed.clone()), reader);

        assert_eq!(report.days_written, 3);
        assert_eq!(read_all(database, 1000).await, changed);
    })
    .await;
}
