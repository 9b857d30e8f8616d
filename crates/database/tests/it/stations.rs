use filrouge_database::{Resource, StationFilter, StationStatus};
use filrouge_types::Station;

use crate::engines::on_each_engine;
use crate::samples::{id, now, station};

fn status(station_id: &str, bikes_available: u32) -> StationStatus {
    StationStatus {
        station_id: id(station_id),
        bikes_available,
        docks_available: 3,
        is_renting: true,
        reported_at: now(),
    }
}

#[tokio::test]
async fn stations_are_listed_in_the_order_of_their_bytes_page_by_page() {
    on_each_engine(|setting| async move {
        let database = &setting.database;
        let stations = ["b", "É", "a", "B", "10", "9"].map(station);
        database.save_stations(&stations, now()).await.unwrap();

        let list = |after: Option<&'static str>| async move {
            let page = database
                .list_stations(after.map(id).as_ref(), 4)
                .await
                .unwrap();
            page.iter()
                .map(|record| record.station.station_id.to_string())
                .collect::<Vec<_>>()
        };

        assert_eq!(list(None).await, ["10", "9", "B", "a"]);
        assert_eq!(list(Some("a")).await, ["b", "É"]);
    })
    .await;
}

#[tokio::test]
async fn saving_corrects_what_is_known_and_raises_the_revision_only_then() {
    on_each_engine(|setting| async move {
        let database = &setting.database;
        let revision = || async { database.revision(Resource::Stations).await.unwrap() };

        database
            .save_stations(&[station("A")], now())
            .await
            .unwrap();
        let first = revision().await;

        database
            .save_stations(&[station("A")], now())
            .await
            .unwrap();

        assert_eq!(revision().await, first);

        let corrected = Station {
            district: None,
            ..station("A")
        };

        database
            .save_stations(std::slice::from_ref(&corrected), now())
            .await
            .unwrap();

        assert!(revision().await > first);
        assert_eq!(
            database
                .find_station(&id("A"))
                .await
                .unwrap()
                .unwrap()
                .station,
            corrected
        );

        assert_eq!(database.find_station(&id("B")).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_station_shows_its_latest_status_and_unknown_stations_are_named() {
    on_each_engine(|setting| async move {
        let database = &setting.database;

        database
            .save_stations(&[station("A")], now())
            .await
            .unwrap();

        for bikes in [5, 4] {
            let unknown = database
                .replace_station_status(&[status("A", bikes), status("Z", 1)], now())
                .await
                .unwrap();
            assert_eq!(unknown, [id("Z")]);
        }

        let record = database.find_station(&id("A")).await.unwrap().unwrap();
        assert_eq!(record.status, Some(status("A", 4)));
    })
    .await;
}

#[tokio::test]
async fn a_station_that_breaks_a_rule_is_refused_with_all_the_others() {
    on_each_engine(|setting| async move {
        let database = &setting.database;
        let north_of_the_pole = Station {
            latitude: 91.0,
            ..station("B")
        };

        assert!(
            database
                .save_stations(&[station("A"), north_of_the_pole], now())
                .await
                .is_err()
        );

        assert_eq!(database.list_stations(None, 10).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_district_can_be_listed_alone_and_the_list_read_from_its_end() {
    on_each_engine(|setting| async move {
        let database = &setting.database;
        let north = Station {
            district: Some("Nord".to_owned()),
            ..station("B")
        };

        database
            .save_stations(&[station("A"), north, station("C")], now())
            .await
            .unwrap();

        let list = |filter: StationFilter, after: Option<&'static str>| async move {
            let page = database
                .find_stations(&filter, after.map(id).as_ref(), 2)
                .await
                .unwrap();
            page.iter()
                .map(|record| record.station.station_id.to_string())
                .collect::<Vec<_>>()
        };

        let backwards = || StationFilter {
            last_first: true,
            ..StationFilter::default()
        };
        assert_eq!(list(backwards(), None).await, ["C", "B"]);
        assert_eq!(list(backwards(), Some("B")).await, ["A"]);

        let centre = StationFilter {
            district: Some("Centre".to_owned()),
            ..StationFilter::default()
        };
        assert_eq!(list(centre, None).await, ["A", "C"]);
    })
    .await;
}
