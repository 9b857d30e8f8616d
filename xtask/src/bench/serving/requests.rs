//! The requests that the model API and its peers receive.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::bench::http_client::{get, post};
use crate::bench::service::body;

/// Columns of the exported rows that are not features: the hour and the departures.
const COLUMNS_BEFORE_FEATURES: usize = 2;

/// Requests that ask for many station-hours each, so that they are not always the same ones.
const LARGE_REQUESTS: usize = 16;

/// Every station at every hour of the next day.
pub(super) async fn station_hours(
    (data_api, data_token): (SocketAddr, &str),
    (model_api, token): (SocketAddr, &str),
) -> Result<Vec<Value>> {
    let stations = items(data_api, "/v1/stations?limit=1000", data_token).await?;
    let first = stations
        .first()
        .and_then(|station| station["station_id"].as_str())
        .context("no station")?;

    let hours = items(
        model_api,
        &format!("/v1/stations/{first}/forecast?hours=24"),
        token,
    )
    .await?;

    let key = |hour: &Value, station: &Value| json!({"station_id": station["station_id"], "hour": hour["hour"]});
    Ok(hours
        .iter()
        .flat_map(|hour| stations.iter().map(move |station| key(hour, station)))
        .collect())
}

async fn items(address: SocketAddr, path: &str, token: &str) -> Result<Vec<Value>> {
    let page: Value = serde_json::from_slice(&body(address, &get(path, token)).await?)
        .context("a page is not JSON")?;
    Ok(page["items"]
        .as_array()
        .with_context(|| format!("no items at {path}"))?
        .clone())
}

/// A request for each station-hour, the clients in turn.
pub(super) fn one_by_one(station_hours: &[Value], tokens: &[String]) -> Vec<Vec<u8>> {
    station_hours
        .iter()
        .zip(tokens.iter().cycle())
        .map(|(item, token)| predictions(&[item], token))
        .collect()
}

/// The same with a weather of the client's own, each another: no two predictions of a second are
/// the same.
pub(super) fn with_own_weather(station_hours: &[Value], tokens: &[String]) -> Vec<Vec<u8>> {
    one_by_one(&weathered(station_hours), tokens)
}

fn weathered(station_hours: &[Value]) -> Vec<Value> {
    let weathered = |(number, item): (usize, &Value)| {
        let mut item = item.clone();
        item["weather"] = json!({"temperature_c": number as f64 / 32.0, "precipitation_mm": number as f64 / 512.0});
        item
    };
    station_hours.iter().enumerate().map(weathered).collect()
}

/// Requests of `rows` station-hours each: the service has cached its predictions when it read the
/// demand.
pub(super) fn by_batches(station_hours: &[Value], rows: usize, tokens: &[String]) -> Vec<Vec<u8>> {
    let batch = |number: usize| -> Vec<&Value> {
        let first = number * station_hours.len() / LARGE_REQUESTS;
        station_hours
            .iter()
            .cycle()
            .skip(first)
            .take(rows)
            .collect()
    };

    (0..LARGE_REQUESTS)
        .zip(tokens.iter().cycle())
        .map(|(number, token)| predictions(&batch(number), token))
        .collect()
}

/// The same with a weather of the client's own: every row is computed and predicted.
pub(super) fn by_batches_with_own_weather(
    station_hours: &[Value],
    rows: usize,
    tokens: &[String],
) -> Vec<Vec<u8>> {
    by_batches(&weathered(station_hours), rows, tokens)
}

fn predictions(items: &[&Value], token: &str) -> Vec<u8> {
    json_post("/v1/predictions", token, &json!({ "items": items }))
}

/// Requests of the Open Inference Protocol, one row of `features` each, as JSON.
pub(super) fn tensors(features: &Features, count: usize, tokens: &[String]) -> Vec<Vec<u8>> {
    // MLServer's decoder takes no null: both are asked the same, without any.
    let value = |value: &f32| if value.is_finite() { *value } else { 0.0 };

    let rows = features.last(count).chunks(features.columns);
    let tensor = |(row, token): (&[f32], &String)| {
        let data: Vec<f32> = row.iter().map(value).collect();
        let input =
            json!({"name": "features", "shape": [1, data.len()], "datatype": "FP32", "data": data});
        json_post(
            "/v2/models/demand/infer",
            token,
            &json!({ "inputs": [input] }),
        )
    };

    rows.zip(tokens.iter().cycle()).map(tensor).collect()
}

/// The same with `rows` rows each, in binary.
pub(super) fn binary_tensors(features: &Features, rows: usize, tokens: &[String]) -> Vec<Vec<u8>> {
    let batches = features.last(8 * rows).chunks(rows * features.columns);

    let tensor = |(batch, token): (&[f32], &String)| {
        let binary: Vec<u8> = batch.iter().flat_map(|value| value.to_le_bytes()).collect();
        let input = json!({"name": "features", "shape": [rows, features.columns], "datatype": "FP32",
            "parameters": {"binary_data_size": binary.len()}});
        let header =
            json!({"inputs": [input], "parameters": {"binary_data_output": true}}).to_string();
        let headers = [
            ("authorization", &*format!("Bearer {token}")),
            ("content-type", "application/octet-stream"),
            ("inference-header-content-length", &header.len().to_string()),
        ];

        post(
            "/v2/models/demand/infer",
            &headers,
            &[header.as_bytes(), &binary].concat(),
        )
    };

    batches.zip(tokens.iter().cycle()).map(tensor).collect()
}

fn json_post(path: &str, token: &str, body: &Value) -> Vec<u8> {
    let headers = [
        ("authorization", &*format!("Bearer {token}")),
        ("content-type", "application/json"),
    ];
    post(path, &headers, body.to_string().as_bytes())
}

/// The features of the rows that `filrouge model features` writes, one after the other.
#[derive(Debug, PartialEq)]
pub(super) struct Features {
    values: Vec<f32>,
    columns: usize,
}

impl Features {
    /// Reads an array of records of NumPy.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let bytes =
            std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        Self::parse(&bytes)
            .with_context(|| format!("`{}` is not an array of features", path.display()))
    }

    fn parse(bytes: &[u8]) -> Result<Self> {
        let length: [u8; 2] = bytes
            .get(8..10)
            .context("no length")?
            .try_into()
            .context("no length")?;
        let start = 10 + usize::from(u16::from_le_bytes(length));
        let header = String::from_utf8_lossy(bytes.get(10..start).context("a header cut short")?)
            .into_owned();

        let all = header.matches("'<f4'").count();
        let columns = all
            .checked_sub(COLUMNS_BEFORE_FEATURES)
            .filter(|columns| *columns > 0)
            .context("no features")?;

        let values: Vec<f32> = bytes[start..]
            .as_chunks()
            .0
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes))
            .collect();

        let features = values
            .chunks_exact(all)
            .flat_map(|row| &row[COLUMNS_BEFORE_FEATURES..]);

        Ok(Self {
            values: features.copied().collect(),
            columns,
        })
    }

    fn last(&self, rows: usize) -> &[f32] {
        &self.values[self.values.len().saturating_sub(rows * self.columns)..]
    }
}

#[cfg(test)]
mod tests;
