use filrouge_database::Maintenance;

use crate::engines::on_each_engine;
use crate::samples::{id, now, station};

#[tokio::test]
async fn maintenance_is_kept_by_number_and_its_unknown_stations_are_named() {
    on_each_engine(|setting| async move {
        let database = &setting.database;

        database
            .save_stations(&[station("A")], now())
            .await
            .unwrap();

        let work = |station_id: &str, hours| Maintenance {
            maintenance_id: "42".to_owned(),
            station_id: id(station_id),
            kind: "docks".to_owned(),
            started_at: now(),
            ended_at: Some(now() + chrono::TimeDelta::hours(hours)),
        };

        assert_eq!(
            database
                .save_maintenance(&[work("A", 1), work("A", 2)])
                .await
                .unwrap(),
            []
        );

        assert_eq!(
            database.save_maintenance(&[work("Z", 1)]).await.unwrap(),
            [id("Z")]
        );
        assert!(
            database.save_maintenance(&[work("A", -1)]).await.is_err(),
            "it ends before it begins"
        );
    })
    .await;
}
