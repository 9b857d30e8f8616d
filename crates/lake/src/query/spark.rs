//! The same queries on a Spark Connect server, which reads the Parquet files of the lake where they
//! are.

mod frame;

use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::time::Duration;

use arrow::record_batch::RecordBatch;
use polars::prelude::DataFrame;
use spark_connect::{SparkError, SparkSession};

use crate::LakeError;
use crate::store::trips_folder;

/// The trips as the files hold them, and the two columns that come from the folders: a server that
/// guesses them may take the month for a text.
const SCHEMA: &str = "trip_id STRING, started_at TIMESTAMP, ended_at TIMESTAMP, started_hour TIMESTAMP, \
    start_station_id STRING, start_station_name STRING, end_station_id STRING, end_station_name STRING, \
    start_latitude DOUBLE, start_longitude DOUBLE, end_latitude DOUBLE, end_longitude DOUBLE, \
    duration_seconds BIGINT, rider_type STRING, source_file STRING, source_line BIGINT, year INT, month INT";

/// Time limit for opening a connection to the server.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Runs a query on the server at `address`; the result has to fit in memory.
///
/// The client blocks: never call it from an async task.
pub(super) fn collect(
    lake: &Path,
    address: &str,
    query: &str,
    name: &str,
) -> Result<DataFrame, LakeError> {
    let folder = trips_folder(lake);
    // The server does not share our working folder.
    let folder = folder
        .canonicalize()
        .map_err(|error| LakeError::unreadable(folder.display(), error))?
        .to_string_lossy()
        .into_owned();
    let refused = |reason: String| LakeError::Query {
        query: name.to_owned(),
        reason: format!("{address}: {reason}"),
    };

    reach(address).map_err(&refused)?;
    let batches = run(address, &folder, query).map_err(|error| refused(error.to_string()))?;
    frame::from_batches(&batches).map_err(refused)
}

/// Opens a connection to the server first: the client alone would try for ten minutes before it
/// said that nobody answers.
fn reach(address: &str) -> Result<(), String> {
    let (host, port) = host_and_port(address);
    let addresses = (host, port)
        .to_socket_addrs()
        .map_err(|error| error.to_string())?;
    let mut reason = "the name leads nowhere".to_owned();

    for address in addresses {
        match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
            Ok(_) => return Ok(()),
            Err(error) => reason = error.to_string(),
        }
    }

    Err(reason)
}

/// The host and the port of `sc://host:port/;parameters`; the port of the protocol is 15002.
fn host_and_port(address: &str) -> (&str, u16) {
    const PORT: u16 = 15_002;

    let authority = address
        .trim_start_matches("sc://")
        .split(['/', ';'])
        .next()
        .unwrap_or_default();

    match authority
        .rsplit_once(':')
        .map(|(host, port)| (host, port.parse()))
    {
        Some((host, Ok(port))) => (host.trim_matches(['[', ']']), port),
        _ => (authority.trim_matches(['[', ']']), PORT),
    }
}

fn run(address: &str, folder: &str, query: &str) -> Result<Vec<RecordBatch>, Box<SparkError>> {
    let session = SparkSession::builder().remote(address).get_or_create()?;
    let answer = answer(&session, folder, query);
    // The answer is here, or its error is the one to tell.
    let _ = session.stop();
    answer
}

fn answer(
    session: &SparkSession,
    folder: &str,
    query: &str,
) -> Result<Vec<RecordBatch>, Box<SparkError>> {
    // Spark would show instants in the zone of its own machine.
    session.conf().set("spark.sql.session.timeZone", "UTC")?;
    session
        .read()
        .schema(SCHEMA.to_owned())
        .parquet(folder)
        .create_or_replace_temp_view("trips")?;
    Ok(session.sql(query)?.collect_record_batches()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_and_port_of_a_server_are_in_its_address() {
        for (address, expected) in [
            ("sc://127.0.0.1:50051", ("127.0.0.1", 50_051)),
            (
                "sc://spark.example:443/;use_ssl=true;token=x",
                ("spark.example", 443),
            ),
            ("sc://spark.example", ("spark.example", 15_002)),
            ("sc://[::1]:15003", ("::1", 15_003)),
        ] {
            assert_eq!(host_and_port(address), expected, "{address}");
        }
    }
}
