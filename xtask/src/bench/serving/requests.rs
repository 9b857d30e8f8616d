use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::super::load::Request;

/// Columns of the exported rows that are not features: the hour and the departures.
const COLUMNS_BEFORE_FEATURES: usize = 2;

/// The model API of a running case.
pub(super) struct Api {
    address: String,
    state: PathBuf,
}

impl Api {
    pub(super) fn at(port: u16, state: &Path) -> Self {
        Self { address: format!("http://127.0.0.1:{port}"), state: state.to_owned() }
    }

    pub(super) fn is_ready(&self) -> bool {
        get(&format!("{}/health/ready", self.address), None).is_ok()
    }

    /// A token of the client `demo`.
    pub(super) fn token(&self) -> Result<String> {
        let path = self.state.join("credentials.json");
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let clients: Value = serde_json::from_str(&text).context("the credentials are not JSON")?;
        let demo = clients.as_array().and_then(|all| all.iter().find(|client| client["client_id"] == "demo"));
        let secret = demo.and_then(|demo| demo["client_secret"].as_str()).context("no client `demo`")?;
        token(&self.address, secret)
    }

    /// What verifies the tokens, as a peer reads it.
    pub(super) fn public_keys(&self) -> Result<String> {
        get(&format!("{}/.well-known/jwks.json", self.address), None)
    }

    /// Requests of `items` station-hours each: every station at every hour of the next day, in turn.
    pub(super) fn predictions(&self, token: &str, items: usize) -> Result<Vec<Request>> {
        let keys = self.keys(token)?;
        let count = (keys.len() / items).max(1);
        let body = |number: usize| {
            let items: Vec<&Value> = keys.iter().cycle().skip(number * items).take(items).collect();
            post("/v1/predictions", token, json!({"items": items}).to_string().into_bytes(), "application/json", None)
        };
        Ok((0..count).map(body).collect())
    }

    fn keys(&self, token: &str) -> Result<Vec<Value>> {
        let stations =
            json_of(&get(&format!("{}/v1/stations?limit=1000", data_api(&self.address)?), Some(&self.data_token()?))?)?;
        let stations = stations["items"].as_array().context("no stations")?.clone();
        let first = stations.first().and_then(|station| station["station_id"].as_str()).context("no station")?;
        let forecast = json_of(&get(&format!("{}/v1/stations/{first}/forecast?hours=24", self.address), Some(token))?)?;
        let hours = forecast["items"].as_array().context("no forecast")?.clone();
        let key = |hour: &Value, station: &Value| json!({"station_id": station["station_id"], "hour": hour["hour"]});
        Ok(hours.iter().flat_map(|hour| stations.iter().map(move |station| key(hour, station))).collect())
    }

    fn data_token(&self) -> Result<String> {
        let data = Self { address: data_api(&self.address)?, state: self.state.clone() };
        data.token()
    }

    /// A request of the Open Inference Protocol: `rows` rows as JSON when there is one, in binary when there are many.
    pub(super) fn inference(&self, token: &str, features: &Path, rows: usize) -> Result<Vec<Request>> {
        let (values, columns) = last_rows(features, rows)?;
        let mut input = json!({"name": "features", "shape": [rows, columns], "datatype": "FP32"});
        let path = "/v2/models/demand/infer";
        if rows == 1 {
            let data: Vec<Option<f32>> = values.iter().map(|value| value.is_finite().then_some(*value)).collect();
            // MLServer's decoder takes no null: both are asked the same, without any.
            input["data"] = data.into_iter().map(Option::unwrap_or_default).collect::<Vec<f32>>().into();
            let body = json!({"inputs": [input]}).to_string().into_bytes();
            return Ok(vec![post(path, token, body, "application/json", None)]);
        }
        let binary: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        input["parameters"] = json!({"binary_data_size": binary.len()});
        let header = json!({"inputs": [input], "parameters": {"binary_data_output": true}}).to_string();
        let length = header.len();
        let body = [header.as_bytes(), &binary].concat();
        Ok(vec![post(path, token, body, "application/octet-stream", Some(length))])
    }
}

/// The same requests, with another server's token.
pub(super) fn with_token(requests: &[Request], token: &str) -> Vec<Request> {
    let mut requests = requests.to_vec();
    for (name, value) in requests.iter_mut().flat_map(|request| &mut request.headers) {
        if *name == "Authorization" {
            *value = format!("Bearer {token}");
        }
    }
    requests
}

/// A token of the client `demo` of a service.
pub(super) fn token(address: &str, secret: &str) -> Result<String> {
    let form = format!("grant_type=client_credentials&client_id=demo&client_secret={secret}");
    let mut curl = Command::new("curl");
    curl.args(["--fail", "--silent", "--max-time", "5", "--data", &form, &format!("{address}/oauth/token")]);
    let answer = json_of(&printed(curl)?)?;
    Ok(answer["access_token"].as_str().context("no token")?.to_owned())
}

pub(super) fn get(address: &str, token: Option<&str>) -> Result<String> {
    let mut curl = Command::new("curl");
    curl.args(["--fail", "--silent", "--max-time", "5", address]);
    if let Some(token) = token {
        curl.args(["--header", &format!("Authorization: Bearer {token}")]);
    }
    printed(curl).with_context(|| format!("from {address}"))
}

/// Unlike any other command, its error does not repeat it: its arguments hold a secret.
fn printed(mut command: Command) -> Result<String> {
    let output = command.output().context("cannot run curl")?;
    ensure!(output.status.success(), "curl: {}", output.status);
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn json_of(text: &str) -> Result<Value> {
    serde_json::from_str(text).context("the answer is not JSON")
}

/// The port before the model API's.
fn data_api(model_api: &str) -> Result<String> {
    let (host, port) = model_api.rsplit_once(':').context("an address has a port")?;
    Ok(format!("{host}:{}", port.parse::<u16>().context("a port is a number")? - 1))
}

fn post(path: &str, token: &str, body: Vec<u8>, kind: &str, header: Option<usize>) -> Request {
    let mut headers = vec![("Authorization", format!("Bearer {token}")), ("Content-Type", kind.to_owned())];
    headers.extend(header.map(|length| ("Inference-Header-Content-Length", length.to_string())));
    Request { method: "POST", path: path.to_owned(), headers, body }
}

/// The features of the last rows of the file that `filrouge model features` writes, and how many they are.
fn last_rows(path: &Path, rows: usize) -> Result<(Vec<f32>, usize)> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let length: [u8; 2] = bytes.get(8..10).context("not a file of NumPy")?.try_into().context("no length")?;
    let start = 10 + usize::from(u16::from_le_bytes(length));
    let header = String::from_utf8_lossy(bytes.get(10..start).context("a header cut short")?).into_owned();
    let columns = header.matches("'<f4'").count();
    let values: Vec<f32> = bytes[start..].as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    let first = values.len().checked_sub(rows * columns).context("not enough rows")?;
    let features = values[first..].chunks(columns).flat_map(|row| &row[COLUMNS_BEFORE_FEATURES..]);
    Ok((features.copied().collect(), columns - COLUMNS_BEFORE_FEATURES))
}
