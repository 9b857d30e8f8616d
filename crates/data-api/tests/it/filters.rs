//! Every filter of every list, on both engines.

use std::collections::BTreeSet;

use filrouge_database::Database;
use serde_json::Value;

use crate::postgres::Server;
use crate::service::TestService;

/// A list, one of its filters with a value, the number of items that the filter keeps, and a text
/// of the first of them.
struct Filter(
    &'static str,
    &'static str,
    &'static str,
    usize,
    &'static str,
);

/// One line a filter: the document is searched for those that have none.
#[rustfmt::skip]
const FILTERS: &[Filter] = &[
    Filter("/v1/stations", "district", "Centre", 2, "RIV-002"),
    Filter("/v1/stations", "sort", "-station_id", 3, "RIV-003"),
    Filter("/v1/station-hours", "station_id", "RIV-002", 24, "RIV-002"),
    Filter("/v1/station-hours", "district", "Centre", 48, "RIV-002"),
    Filter("/v1/station-hours", "from", "2026-03-01T20:00:00Z", 12, "2026-03-01T20:00:00Z"),
    Filter("/v1/station-hours", "to", "2026-03-01T02:00:00Z", 6, "2026-03-01T00:00:00Z"),
    Filter("/v1/station-hours", "sort", "-hour", 72, "2026-03-01T23:00:00Z"),
    Filter("/v1/conditions", "station_id", "RIV-003", 6, "RIV-003"),
    Filter("/v1/conditions", "district", "Centre", 12, "RIV-002"),
    Filter("/v1/conditions", "from", "2026-03-02T04:00:00Z", 6, "2026-03-02T04:00:00Z"),
    Filter("/v1/conditions", "to", "2026-03-02T01:00:00Z", 3, "2026-03-02T00:00:00Z"),
    Filter("/v1/conditions", "sort", "-hour", 18, "2026-03-02T05:00:00Z"),
    Filter("/v1/weather", "from", "2026-03-02T00:00:00Z", 6, "2026-03-02T00:00:00Z"),
    Filter("/v1/weather", "to", "2026-03-01T01:00:00Z", 1, "2026-03-01T00:00:00Z"),
    Filter("/v1/events", "from", "2026-03-02T01:30:00Z", 2, "EVT-1"),
    Filter("/v1/events", "to", "2026-03-02T01:00:00Z", 1, "EVT-0"),
    Filter("/v1/trip-flows", "month", "2026-03", 0, ""),
    Filter("/v1/trip-flows", "origin", "RIV-002", 3, "RIV-002"),
    Filter("/v1/trip-flows", "destination", "RIV-003", 3, "RIV-003"),
];

/// Parameters of every list: they choose a page of it, not its items.
const PAGING: [&str; 3] = ["limit", "cursor", "fields"];

#[test]
fn every_filter_of_the_document_is_tested_on_both_engines() {
    let document = serde_json::to_value(filrouge_data_api::openapi()).unwrap();
    let tested: BTreeSet<_> = FILTERS
        .iter()
        .map(|Filter(list, name, ..)| ((*list).to_owned(), (*name).to_owned()))
        .collect();

    for (list, name) in declared(&document) {
        assert!(
            tested.contains(&(list.clone(), name.clone())),
            "the filter `{name}` of `{list}` has no line in FILTERS (crates/data-api/tests/it/filters.rs): \
             it is tested neither on SQLite nor on PostgreSQL"
        );
    }
}

/// The filters of the lists: the routes that take a cursor.
pub(crate) fn declared(document: &Value) -> Vec<(String, String)> {
    let mut filters = Vec::new();

    for (path, operations) in document["paths"].as_object().unwrap() {
        let parameters = operations["get"]["parameters"].as_array();
        let names: Vec<_> = parameters
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();

        if names.contains(&"cursor") {
            let own = names.iter().filter(|name| !PAGING.contains(name));
            filters.extend(own.map(|name| (path.clone(), (*name).to_owned())));
        }
    }

    filters
}

#[tokio::test]
async fn each_filter_keeps_the_same_items_on_sqlite() {
    each_filter_keeps_its_items(&TestService::start().await).await;
}

#[tokio::test]
async fn each_filter_keeps_the_same_items_on_postgresql() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = Database::open(&server.create_database()).await.unwrap();

    each_filter_keeps_its_items(&TestService::start_on(database).await).await;
}

async fn each_filter_keeps_its_items(service: &TestService) {
    for Filter(list, name, value, kept, first) in FILTERS {
        let query = format!("{list}?{name}={value}");
        let items = service.get(&query).await.items();

        assert_eq!(items.len(), *kept, "{query}");
        let begins_with = items.first().map(Value::to_string).unwrap_or_default();
        assert!(begins_with.contains(*first), "{query}: {begins_with}");

        let all = service.get(list).await.items();
        assert_ne!(items, all, "{query} changes nothing");
    }
}
