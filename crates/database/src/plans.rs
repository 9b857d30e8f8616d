//! The plans that the engine makes of the filters of the lists, to see that each uses an index.

use sqlx::{AssertSqlSafe, Row};

use crate::Result;
use crate::engine::{Access, Database};
use crate::hours::{Filters, Statements};
use crate::per_engine::PerEngine;
use crate::{FlowFilter, StationFilter};
use crate::{events, station_hours, stations, trip_flows, upcoming_hours, weather};

/// The way in which the engine answers a list with one filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterPlan {
    /// The list, such as `station-hours`.
    pub list: &'static str,
    /// The filter, such as `district`.
    pub filter: &'static str,
    /// The engine's own words, a line a step.
    pub plan: String,
}

/// A statement, and a value for each of its parameters; one that has none is zero.
struct Explained {
    list: &'static str,
    filter: &'static str,
    statement: &'static str,
    values: &'static [&'static str],
}

/// First hour, end, station, length, line break, then the filter's own.
const HOURS: [&str; 7] = ["0", "9", "''", "100", "' '", "'A'", "''"];

impl Database {
    /// The plan of each filter of each list.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn filter_plans(&self) -> Result<Vec<FilterPlan>> {
        let mut plans = Vec::new();
        for explained in statements() {
            plans.push(FilterPlan {
                list: explained.list,
                filter: explained.filter,
                plan: self.explain(explained.text()).await?,
            });
        }
        Ok(plans)
    }

    async fn explain(&self, statement: String) -> Result<String> {
        let mut transaction = self.begin(Access::Snapshot).await?;

        let steps: Vec<String> = match &mut transaction {
            PerEngine::Sqlite(sqlite) => {
                let explain = format!("EXPLAIN QUERY PLAN {statement}");
                let rows = sqlx::query(AssertSqlSafe(explain));
                let rows = rows.fetch_all(&mut **sqlite).await?;
                rows.iter().map(|row| row.get("detail")).collect()
            }
            PerEngine::Postgres(postgres) => {
                // A table of a few rows is read whole, which says nothing of one that has many.
                let no_scan = sqlx::query("SET LOCAL enable_seqscan = off");
                no_scan.execute(&mut **postgres).await?;
                let explain = format!("EXPLAIN (COSTS OFF) {statement}");
                let steps = sqlx::query_scalar(AssertSqlSafe(explain));
                steps.fetch_all(&mut **postgres).await?
            }
        };

        Ok(steps.join("\n"))
    }
}

impl Explained {
    fn text(&self) -> String {
        (1..10).fold(self.statement.to_owned(), |text, number| {
            let value = self.values.get(number - 1).copied().unwrap_or("0");
            text.replace(&format!("${number}"), value)
        })
    }
}

fn statements() -> Vec<Explained> {
    let mut all = hours("station-hours", &station_hours::STATEMENTS);
    all.extend(hours("conditions", &upcoming_hours::STATEMENTS));

    let values: &[&str] = &["0", "9", "0", "100"];
    all.extend(["from", "to"].map(|filter| Explained {
        list: "weather",
        filter,
        statement: weather::PAGE,
        values,
    }));
    let values: &[&str] = &["5", "9", "0", "''", "100"];
    let of_events = [
        ("from", events::NOT_OVER_AT),
        ("to", events::BEGINNING_FROM),
    ];
    all.extend(of_events.map(|(filter, statement)| Explained {
        list: "events",
        filter,
        statement,
        values,
    }));
    all.extend(stations());
    all.extend(trip_flows());
    all
}

fn hours(list: &'static str, statements: &'static Statements) -> Vec<Explained> {
    let Statements {
        forwards,
        backwards,
        ..
    } = statements;
    let Filters {
        all_stations,
        one_station,
        one_district,
    } = forwards;

    let filters = [
        ("from", *all_stations),
        ("to", *all_stations),
        ("station_id", *one_station),
        ("district", *one_district),
        ("sort", backwards.all_stations),
    ];
    let explained = filters.map(|(filter, statement)| Explained {
        list,
        filter,
        statement,
        values: &HOURS,
    });
    explained.into()
}

fn stations() -> [Explained; 2] {
    let (district, last_first) = (Some("Centre".to_owned()), true);
    let filters = [
        (
            "district",
            StationFilter {
                district,
                ..StationFilter::default()
            },
            &["''", "100", "'Centre'"],
        ),
        (
            "sort",
            StationFilter {
                last_first,
                ..StationFilter::default()
            },
            &["'Z'", "100", "''"],
        ),
    ];

    filters.map(|(filter, wanted, values)| Explained {
        list: "stations",
        filter,
        statement: stations::page_statement(&wanted),
        values,
    })
}

fn trip_flows() -> [Explained; 3] {
    let station = || "A".parse().ok();
    let (from, to) = (
        FlowFilter {
            origin: station(),
            ..FlowFilter::default()
        },
        FlowFilter {
            destination: station(),
            ..FlowFilter::default()
        },
    );

    let filters = [
        ("month", FlowFilter::default(), ["''", "''"]),
        ("origin", from, ["'A'", "''"]),
        ("destination", to, ["''", "'A'"]),
    ];
    filters.map(|(filter, wanted, [origin, destination])| Explained {
        list: "trip-flows",
        filter,
        statement: trip_flows::page_statement(&wanted),
        values: match (origin, destination) {
            ("''", "''") => &["202603", "''", "''", "202603", "0", "''", "''", "100"],
            (_, "''") => &["202603", "'A'", "''", "0", "0", "''", "''", "100"],
            _ => &["202603", "''", "'A'", "0", "0", "''", "''", "100"],
        },
    })
}
