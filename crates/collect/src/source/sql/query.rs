use serde_json::{Map, Value};

/// One extraction query: a file of `data/queries/operator/`.
pub(super) struct Query {
    /// Name of the file, and of the records that it gives.
    pub(super) name: &'static str,
    pub(super) sql: &'static str,
    /// Value of `$1`.
    pub(super) parameter: Parameter,
}

/// The parameter of a query.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Parameter {
    None,
    /// The day of the extraction.
    Today,
    /// The last day of the run before: the query brings the rows that are new or have changed
    /// since.
    LastKnownDay,
}

/// One row, by column.
pub(super) type Record = Map<String, Value>;

/// A query with the value of its parameter.
pub(super) struct BoundQuery {
    pub(super) query: &'static Query,
    pub(super) value: Option<String>,
}

/// The extraction queries, in the order of the manifest.
pub(super) static QUERIES: [Query; 3] = [
    Query {
        name: "stations",
        sql: include_str!("../../../../../data/queries/operator/stations.sql"),
        parameter: Parameter::None,
    },
    Query {
        name: "maintenance",
        sql: include_str!("../../../../../data/queries/operator/maintenance.sql"),
        parameter: Parameter::LastKnownDay,
    },
    Query {
        name: "subscribers",
        sql: include_str!("../../../../../data/queries/operator/subscribers.sql"),
        parameter: Parameter::Today,
    },
];
