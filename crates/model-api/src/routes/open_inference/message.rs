//! Requests and answers of the protocol, tensors in JSON or in binary after it.

use std::borrow::Cow;

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use filrouge_http::{Object, Problem, read_json};
use filrouge_model::{CORRECTION, FEATURE_COUNT, LEVEL, Prediction, SCALE};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problems::IMPOSSIBLE;

/// Length of the JSON part of a message whose tensors are binary.
pub(super) const HEADER_LENGTH: &str = "inference-header-content-length";

/// Rows of one request, at most.
const MOST_ROWS: usize = 4_096;

const OUTPUTS: [&str; 3] = ["demand", "demand_p10", "demand_p90"];

/// Une demande d’inférence.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ModelInferRequest {
    /// Rappelé dans la réponse.
    #[serde(default)]
    id: Option<String>,
    /// `binary_data_output` : rendre les sorties en binaire ; les autres paramètres sont ignorés.
    #[serde(default)]
    #[schema(value_type = Object)]
    parameters: Parameters,
    /// Le tenseur `features`, float32 `[N, F]`.
    #[schema(value_type = Vec<InputTensor>, min_items = 1, max_items = 1)]
    inputs: Vec<Object<InputTensor>>,
    /// Les sorties voulues ; toutes quand rien n’est dit.
    #[serde(default)]
    #[schema(value_type = Vec<RequestedOutput>)]
    outputs: Vec<Object<RequestedOutput>>,
}

/// Un tenseur d’entrée.
#[derive(Debug, Deserialize, ToSchema)]
struct InputTensor {
    /// `features`.
    #[schema(example = "features")]
    name: String,
    /// Lignes, puis colonnes.
    #[schema(value_type = Vec<i64>, min_items = 2, max_items = 2)]
    shape: Vec<f64>,
    /// `FP32`.
    #[schema(example = "FP32")]
    datatype: String,
    /// `binary_data_size` : octets du tenseur après le JSON.
    #[serde(default)]
    #[schema(value_type = Object)]
    parameters: Parameters,
    /// Les valeurs, ligne après ligne, à plat ou en listes ; `null` pour une valeur absente.
    #[serde(default)]
    #[schema(value_type = Option<Vec<f32>>, nullable = false)]
    data: Option<Values>,
}

/// Une sortie voulue.
#[derive(Debug, Deserialize, ToSchema)]
struct RequestedOutput {
    /// `demand`, `demand_p10` ou `demand_p90`.
    #[schema(example = "demand")]
    name: String,
    /// `binary_data` : rendre cette sortie en binaire.
    #[serde(default)]
    #[schema(value_type = Object)]
    parameters: Parameters,
}

/// Parameters of any kind: the protocol lets a server ignore those it does not understand.
#[derive(Debug, Default, Deserialize)]
struct Parameters(serde_json::Map<String, serde_json::Value>);

impl Parameters {
    fn size(&self, name: &str) -> Option<usize> {
        self.0.get(name)?.as_u64()?.try_into().ok()
    }

    fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }
}

/// Numbers, flat or in lists.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Values {
    Flat(Vec<Option<f32>>),
    Rows(Vec<Vec<Option<f32>>>),
}

/// A request that is known to be sound.
#[derive(Debug)]
pub(super) struct Inference {
    pub(super) rows: Vec<f32>,
    id: Option<String>,
    outputs: Vec<(&'static str, bool)>,
}

/// La réponse d’une inférence.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelInferResponse<'a> {
    /// Nom du modèle.
    model_name: &'a str,
    /// Version qui a répondu.
    model_version: &'a str,
    /// L’identifiant de la demande.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    id: Option<&'a str>,
    /// Les sorties, dans l’ordre de la demande.
    outputs: Vec<OutputTensor>,
}

/// Un tenseur de sortie, float32 `[N, 1]`.
#[derive(Debug, Serialize, ToSchema)]
struct OutputTensor {
    name: &'static str,
    #[schema(value_type = Vec<u64>)]
    shape: [usize; 2],
    datatype: &'static str,
    /// `binary_data_size` quand les valeurs suivent le JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object, nullable = false)]
    parameters: Option<BinarySize>,
    /// Les valeurs, quand elles sont en JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    data: Option<Vec<f32>>,
}

#[derive(Debug, Serialize)]
struct BinarySize {
    binary_data_size: usize,
}

impl Inference {
    /// Reads a request: JSON alone, or JSON followed by tensors.
    pub(super) fn read(headers: &HeaderMap, body: &Bytes) -> Result<Self, Problem> {
        let (json, binary) = split(headers, body)?;
        let request: ModelInferRequest = read_json(json)?;
        let [Object(input)] = request.inputs.as_slice() else {
            let detail = "une seule entrée est attendue, `features`";
            return Err(refused("inputs", detail));
        };

        let rows = values(input, binary)?;
        let is_binary = request.parameters.flag("binary_data_output");
        let outputs = outputs(&request.outputs, is_binary.unwrap_or(false))?;
        Ok(Self {
            rows,
            id: request.id,
            outputs,
        })
    }

    /// The answer, in the form that was asked for.
    pub(super) fn answer(
        &self,
        model: &str,
        version: &str,
        predictions: &[Prediction],
    ) -> Result<Response, Problem> {
        let mut binary = Vec::new();
        let tensor = |(name, is_binary): &(&'static str, bool)| {
            let values = predictions
                .iter()
                .map(|prediction| output(prediction, name))
                .collect();
            OutputTensor::new(name, values, is_binary.then_some(&mut binary))
        };
        let outputs = self.outputs.iter().map(tensor).collect();

        let response = ModelInferResponse {
            model_name: model,
            model_version: version,
            id: self.id.as_deref(),
            outputs,
        };
        let mut body = serde_json::to_vec(&response).map_err(|error| Problem::internal(&error))?;
        if binary.is_empty() {
            return Ok(([(CONTENT_TYPE, "application/json")], body).into_response());
        }

        let length = body.len().to_string();
        let headers = [
            (CONTENT_TYPE.as_str(), "application/octet-stream"),
            (HEADER_LENGTH, &length),
        ];
        body.extend(binary);
        Ok((headers, body).into_response())
    }
}

impl OutputTensor {
    /// A tensor whose values are in JSON, or in `binary` after it.
    fn new(name: &'static str, values: Vec<f32>, binary: Option<&mut Vec<u8>>) -> Self {
        let shape = [values.len(), 1];
        let (parameters, data) = match binary {
            None => (None, Some(values)),
            Some(binary) => {
                // Little endian, as the protocol says.
                binary.extend(values.iter().flat_map(|value| value.to_le_bytes()));
                let binary_data_size = size_of_val(values.as_slice());
                (Some(BinarySize { binary_data_size }), None)
            }
        };

        Self {
            name,
            shape,
            datatype: "FP32",
            parameters,
            data,
        }
    }
}

/// The JSON part of a body and the rest.
fn split<'a>(headers: &HeaderMap, body: &'a Bytes) -> Result<(&'a [u8], &'a [u8]), Problem> {
    let Some(length) = headers.get(HEADER_LENGTH) else {
        return Ok((body, &[]));
    };
    let length: Option<usize> = length.to_str().ok().and_then(|text| text.parse().ok());
    length
        .and_then(|length| body.split_at_checked(length))
        .ok_or_else(|| {
            Problem::invalid_parameter(
                HEADER_LENGTH,
                "un nombre d’octets qui ne dépasse pas le corps est attendu",
            )
        })
}

fn values(input: &InputTensor, binary: &[u8]) -> Result<Vec<f32>, Problem> {
    if input.name != "features" {
        let detail = format!("« {} » n’est pas une entrée : `features` l’est", input.name);
        return Err(refused("inputs[0].name", detail));
    }
    if input.datatype != "FP32" {
        let detail = format!("« {} » n’est pas pris : FP32 l’est", input.datatype);
        return Err(refused("inputs[0].datatype", detail));
    }

    let rows = rows(&input.shape)?;
    let values = match (&input.data, input.parameters.size("binary_data_size")) {
        (Some(values), None) => values.to_flat(),
        (None, Some(size)) if size == binary.len() && size.is_multiple_of(4) => binary
            .as_chunks()
            .0
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes))
            .collect(),
        _ => {
            let detail = "des valeurs sont attendues : `data`, ou des octets après le JSON";
            return Err(refused("inputs[0].data", detail));
        }
    };

    check(&values, rows)?;
    Ok(values)
}

/// Number of rows of a shape `[N, F]`.
fn rows(shape: &[f64]) -> Result<usize, Problem> {
    match *shape {
        [rows, columns]
            if columns == FEATURE_COUNT as f64 && (1.0..=MOST_ROWS as f64).contains(&rows) =>
        {
            Ok(rows as usize)
        }
        _ => {
            let detail =
                format!("la forme attendue est [N, {FEATURE_COUNT}], N de 1 à {MOST_ROWS}");
            Err(refused("inputs[0].shape", detail))
        }
    }
}

/// As many values as the shape says, none infinite, none below zero where a root or a power is
/// taken.
fn check(values: &[f32], rows: usize) -> Result<(), Problem> {
    if values.len() != rows * FEATURE_COUNT {
        let detail = format!(
            "{} valeurs pour une forme de {rows} × {FEATURE_COUNT}",
            values.len()
        );
        return Err(refused("inputs[0].data", detail));
    }

    // A row at a time, without stopping inside one: the compiler then looks at many values at once.
    let is_infinite = |row: &[f32]| {
        row.iter()
            .fold(false, |any, value| any | value.is_infinite())
    };
    if values.chunks(FEATURE_COUNT).any(is_infinite) {
        let index = values.iter().position(|value| value.is_infinite());
        let detail = format!("la valeur {} est infinie", index.unwrap_or_default());
        return Err(refused("inputs[0].data", detail));
    }

    let is_negative = |row: &[f32]| [LEVEL, SCALE, CORRECTION].iter().any(|at| row[*at] < 0.0);
    if values.chunks(FEATURE_COUNT).any(is_negative) {
        let detail = "`level`, `usual_demand` et `counted_over_forecast`, les trois premières colonnes, ne peuvent être négatives";
        return Err(refused("inputs[0].data", detail));
    }
    Ok(())
}

fn outputs(
    requested: &[Object<RequestedOutput>],
    binary_by_default: bool,
) -> Result<Vec<(&'static str, bool)>, Problem> {
    if requested.is_empty() {
        return Ok(OUTPUTS.map(|name| (name, binary_by_default)).to_vec());
    }

    if requested.len() > OUTPUTS.len() {
        return Err(refused("outputs", "il n’y a que trois sorties"));
    }
    requested
        .iter()
        .enumerate()
        .map(|(index, Object(output))| {
            let name = OUTPUTS.into_iter().find(|name| *name == output.name);
            let name = name.ok_or_else(|| {
                let detail = format!("« {} » n’est pas une sortie", output.name);
                refused(format!("outputs[{index}].name"), detail)
            })?;
            let is_binary = output.parameters.flag("binary_data");
            Ok((name, is_binary.unwrap_or(binary_by_default)))
        })
        .collect()
}

fn output(prediction: &Prediction, name: &str) -> f32 {
    match name {
        "demand_p10" => prediction.demand_p10,
        "demand_p90" => prediction.demand_p90,
        _ => prediction.demand,
    }
}

impl Values {
    fn to_flat(&self) -> Vec<f32> {
        // The protocol knows no missing value: `null` stands for it in JSON.
        let number = |value: &Option<f32>| value.unwrap_or(f32::NAN);
        match self {
            Self::Flat(values) => values.iter().map(number).collect(),
            Self::Rows(rows) => rows.iter().flatten().map(number).collect(),
        }
    }
}

/// A message that JSON and the protocol allow, and that the signature of the model in service does
/// not.
fn refused(field: impl Into<Cow<'static, str>>, detail: impl Into<Cow<'static, str>>) -> Problem {
    Problem::new(&IMPOSSIBLE, detail).with_field(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_cannot_be_read_is_told_in_french() {
        for (body, expected) in [
            (r#"{"inputs": 1e999}"#, "ce nombre est trop grand"),
            (r#"{"inputs": "#, "le corps s’arrête trop tôt"),
            (r#"{"inputs": 3}"#, "la valeur n’est pas du type attendu"),
            (r#"{"id": "a"}"#, "le champ « inputs » manque"),
        ] {
            let read = Inference::read(&HeaderMap::new(), &Bytes::from(body));
            let problem = read.unwrap_err();
            let told = serde_json::to_value(problem.body()).unwrap();
            let detail = told["detail"].as_str().unwrap().replace('\u{a0}', " ");
            assert!(detail.ends_with(expected), "{body}: {detail}");
        }
    }
}
