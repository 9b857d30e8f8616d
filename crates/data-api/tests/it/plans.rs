//! The engines' own plans of the documented filters: each uses an index.

use filrouge_database::{Database, FilterPlan};

use crate::filters::declared;
use crate::postgres::Server;

/// A list, one of its filters, and the index that finds what is asked: SQLite's search, then
/// PostgreSQL's index.
struct Expected(&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const EXPECTED: [Expected; 19] = [
    Expected("station-hours", "from", "station_hours USING PRIMARY KEY (hour>? AND hour<?)", "station_hours_pkey"),
    Expected("station-hours", "to", "station_hours USING PRIMARY KEY (hour>? AND hour<?)", "station_hours_pkey"),
    Expected("station-hours", "sort", "station_hours USING PRIMARY KEY (hour>? AND hour<?)", "station_hours_pkey"),
    Expected("station-hours", "station_id", "station_hours_by_station (station_key=? AND hour>? AND hour<?)", "station_hours_by_station"),
    Expected("station-hours", "district", "stations_by_district (district=?)", "stations_by_district"),
    Expected("conditions", "from", "upcoming_hours USING PRIMARY KEY (hour>? AND hour<?)", "upcoming_hours_pkey"),
    Expected("conditions", "to", "upcoming_hours USING PRIMARY KEY (hour>? AND hour<?)", "upcoming_hours_pkey"),
    Expected("conditions", "sort", "upcoming_hours USING PRIMARY KEY (hour>? AND hour<?)", "upcoming_hours_pkey"),
    Expected("conditions", "station_id", "upcoming_hours_by_station (station_key=? AND hour>? AND hour<?)", "upcoming_hours_by_station"),
    Expected("conditions", "district", "stations_by_district (district=?)", "stations_by_district"),
    Expected("weather", "from", "hour_conditions USING PRIMARY KEY (hour>? AND hour<?)", "hour_conditions_pkey"),
    Expected("weather", "to", "hour_conditions USING PRIMARY KEY (hour>? AND hour<?)", "hour_conditions_pkey"),
    Expected("events", "from", "events_by_end (ends_at>?)", "events_by_end"),
    Expected("events", "to", "events_by_start (starts_at>? AND starts_at<?)", "events_by_start"),
    Expected("stations", "district", "stations_by_district (district=? AND station_id>?)", "stations_by_district"),
    Expected("stations", "sort", "sqlite_autoindex_stations_1 (station_id<?)", "stations_station_id_key"),
    Expected("trip-flows", "month", "trip_flows USING PRIMARY KEY (month>? AND month<?)", "trip_flows_pkey"),
    Expected("trip-flows", "origin", "trip_flows_by_origin (origin_key=? AND month>? AND month<?)", "trip_flows_by_origin"),
    Expected("trip-flows", "destination", "trip_flows_by_destination (destination_key=? AND month>? AND month<?)", "trip_flows_by_destination"),
];

/// The tables of the lists.
const TABLES: [&str; 6] = [
    "station_hours",
    "upcoming_hours",
    "hour_conditions",
    "events",
    "stations",
    "trip_flows",
];

fn plan_of<'a>(plans: &'a [FilterPlan], list: &str, filter: &str) -> &'a str {
    let found = plans
        .iter()
        .find(|plan| (plan.list, plan.filter) == (list, filter));
    &found
        .unwrap_or_else(|| panic!("`{filter}` of `{list}` has no plan"))
        .plan
}

#[tokio::test]
async fn each_filter_uses_an_index_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_file(&folder.path().join("test.sqlite"))
        .await
        .unwrap();
    let plans = database.filter_plans().await.unwrap();

    for Expected(list, filter, search, _) in EXPECTED {
        let plan = plan_of(&plans, list, filter);
        assert!(plan.contains(search), "{list}, {filter}:\n{plan}");
    }
    for FilterPlan { list, filter, plan } in &plans {
        let scans = |table| plan.lines().any(|step| step == format!("SCAN {table}"));
        assert!(!TABLES.into_iter().any(scans), "{list}, {filter}:\n{plan}");
    }
}

#[tokio::test]
async fn each_filter_uses_an_index_on_postgresql() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = Database::open(&server.create_database()).await.unwrap();
    let plans = database.filter_plans().await.unwrap();

    for Expected(list, filter, _, index) in EXPECTED {
        let plan = plan_of(&plans, list, filter);
        assert!(
            plan.contains(index) && plan.contains("Index Cond") && !plan.contains("Seq Scan"),
            "{list}, {filter}:\n{plan}"
        );
    }
}

/// The stations are as many as the city's: a filter of theirs may look at each.
#[test]
fn every_filter_of_the_document_has_a_plan_here() {
    let document = serde_json::to_value(filrouge_data_api::openapi()).unwrap();

    for (path, filter) in declared(&document) {
        let list = path.trim_start_matches("/v1/");
        let has_plan = |Expected(known, name, ..): &Expected| (*known, *name) == (list, &*filter);
        assert!(
            list == "stations" || EXPECTED.iter().any(has_plan),
            "the filter `{filter}` of `{path}` has no plan in crates/data-api/tests/it/plans.rs"
        );
    }
}
