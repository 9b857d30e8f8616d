use std::process::Command;

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use filrouge_model::FEATURE_COUNT;
use filrouge_prerequisites as prerequisites;
use serde_json::{Value, json};

use crate::support::{Service, this_hour};

const INFER: &str = "/v2/models/demand/infer";

fn request_of(rows: &[f32]) -> Value {
    let shape = [rows.len() / FEATURE_COUNT, FEATURE_COUNT];
    json!({"id": "7", "inputs": [{"name": "features", "shape": shape, "datatype": "FP32", "data": rows}]})
}

/// Two rows whose level, and so whose demand in the model of the tests, is 3 and 5.
fn rows() -> Vec<f32> {
    let mut rows = vec![1.0; 2 * FEATURE_COUNT];
    (rows[0], rows[FEATURE_COUNT]) = (3.0, 5.0);
    rows
}

// Preuve: C9.2 le protocole d’inférence ouvert, version 2 : le service et le modèle s’y décrivent comme il le demande
#[tokio::test]
async fn the_server_and_the_model_describe_themselves_as_the_protocol_says() {
    let service = Service::ready().await;
    let server = service.open("/v2").await.json();
    assert_eq!(
        (&server["name"], &server["extensions"]),
        (&json!("filrouge"), &json!(["binary_tensor_data"]))
    );
    assert_eq!(
        service.open("/v2/health/live").await.json(),
        json!({"live": true})
    );
    assert_eq!(
        service.open("/v2/health/ready").await.json(),
        json!({"ready": true})
    );
    for address in ["/v2/models/demand", "/v2/models/demand/versions/v1"] {
        let model = service.get(address).await.json();
        assert_eq!(
            (&model["name"], &model["versions"]),
            (&json!("demand"), &json!(["v1"]))
        );
        let input = json!([{"name": "features", "datatype": "FP32", "shape": [-1, FEATURE_COUNT]}]);
        assert_eq!(model["inputs"], input);
        assert_eq!(
            model["outputs"][2],
            json!({"name": "demand_p90", "datatype": "FP32", "shape": [-1, 1]})
        );
        assert_eq!(
            service.get(&format!("{address}/ready")).await.json()["ready"],
            true
        );
    }
    for address in [
        "/v2/models/other",
        "/v2/models/demand/versions/v0",
        "/v2/models/demand/versions/v0/ready",
    ] {
        let answer = service.get(address).await;
        assert_eq!(answer.status, 404, "{address}");
        assert_eq!(
            answer.json()["error"],
            answer.json()["detail"],
            "the protocol's message"
        );
    }
}

#[tokio::test]
async fn rows_of_features_are_inferred_in_json() {
    let service = Service::ready().await;
    let answer = service
        .post_to(INFER, request_of(&rows()).to_string())
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let body = answer.json();
    assert_eq!(
        (&body["model_name"], &body["model_version"], &body["id"]),
        (&json!("demand"), &json!("v1"), &json!("7"))
    );
    assert_eq!(
        body["outputs"][0],
        json!({"name": "demand", "shape": [2, 1], "datatype": "FP32", "data": [3.0, 5.0]})
    );
    assert_eq!(body["outputs"][2]["data"], json!([6.0, 10.0]));

    let mut nested = request_of(&rows());
    nested["inputs"][0]["data"] = json!(rows().chunks(FEATURE_COUNT).collect::<Vec<_>>());
    nested["inputs"][0]["data"][1][3] = Value::Null;
    nested["outputs"] = json!([{"name": "demand_p10"}]);
    let body = service
        .post_to("/v2/models/demand/versions/v1/infer", nested.to_string())
        .await
        .json();
    assert_eq!(
        body["outputs"],
        json!([{"name": "demand_p10", "shape": [2, 1], "datatype": "FP32", "data": [1.5, 2.5]}])
    );
}

#[tokio::test]
async fn tensors_travel_in_binary_both_ways() {
    let service = Service::ready().await;
    let rows = rows();
    let mut header = request_of(&rows);
    header["inputs"][0].as_object_mut().unwrap().remove("data");
    header["inputs"][0]["parameters"] = json!({"binary_data_size": rows.len() * 4});
    header["parameters"] = json!({"binary_data_output": true});
    let json = header.to_string();

    let mut body = json.clone().into_bytes();
    body.extend(rows.iter().flat_map(|value| value.to_le_bytes()));

    let request = Request::post(INFER)
        .header(
            AUTHORIZATION,
            format!("Bearer {}", service.token("demo").await),
        )
        .header(CONTENT_TYPE, "application/octet-stream")
        .header("Inference-Header-Content-Length", json.len());

    let (headers, bytes) = service
        .send_for_bytes(request.body(Body::from(body)).unwrap())
        .await;
    let length: usize = headers["inference-header-content-length"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();

    let (json, tensors) = bytes.split_at(length);
    let answer: Value = serde_json::from_slice(json).unwrap();

    assert_eq!(
        answer["outputs"][1]["parameters"],
        json!({"binary_data_size": 8})
    );

    let values: Vec<f32> = tensors
        .as_chunks()
        .0
        .iter()
        .map(|bytes| f32::from_le_bytes(*bytes))
        .collect();

    assert_eq!(values, [3.0, 5.0, 1.5, 2.5, 6.0, 10.0]);
}

#[tokio::test]
async fn what_is_not_the_model_s_input_is_refused_and_named() {
    let service = Service::ready().await;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut request = request_of(&rows());
        change(&mut request);
        request.to_string()
    };
    let cases: [(String, u16, &str); 9] = [
        (with(&|r| r["inputs"] = json!([])), 409, "inputs"),
        (
            with(&|r| r["inputs"][0]["name"] = "x".into()),
            409,
            "inputs[0].name",
        ),
        (
            with(&|r| r["inputs"][0]["datatype"] = "INT64".into()),
            409,
            "inputs[0].datatype",
        ),
        (
            with(&|r| r["inputs"][0]["shape"] = json!([2, 3])),
            409,
            "inputs[0].shape",
        ),
        (
            with(&|r| r["inputs"][0]["shape"] = json!([1, FEATURE_COUNT])),
            409,
            "inputs[0].data",
        ),
        (
            with(&|r| r["inputs"][0]["data"][0] = json!(-1.0)),
            409,
            "inputs[0].data",
        ),
        (
            with(&|r| r["inputs"][0]["data"][0] = json!(1e300)),
            409,
            "inputs[0].data",
        ),
        (
            with(&|r| r["outputs"] = json!([{"name": "x"}])),
            409,
            "outputs[0].name",
        ),
        (
            with(&|r| r["inputs"][0]["data"][0] = json!(3.0e38)),
            409,
            "inputs[0].data",
        ),
    ];
    for (body, status, field) in cases {
        let answer = service.post_to(INFER, body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["field"].as_str()),
            (status, Some(field)),
            "{}",
            answer.text
        );
        assert!(answer.json()["error"].is_string());
    }
    for (body, status) in [
        ("{", 400),
        (
            r#"{"inputs": [["features", [1, 1], "FP32", {}, [0]]]}"#,
            422,
        ),
        ("[]", 422),
    ] {
        assert_eq!(service.post_to(INFER, body).await.status, status, "{body}");
    }
}

const TRITON: &str = "
import sys, numpy, tritonclient.http as triton
address, token, columns = sys.argv[1:4]
# The client adds headers of its own to the dictionary it is given: each call gets a fresh one.
class Fresh:
    def __call__(self):
        return {'Authorization': 'Bearer ' + token}
headers = Fresh()
client = triton.InferenceServerClient(address)
assert client.is_server_live() and client.is_server_ready()
assert client.get_server_metadata()['extensions'] == ['binary_tensor_data']
assert client.is_model_ready('demand', headers=headers())
metadata = client.get_model_metadata('demand', headers=headers())
assert metadata['inputs'][0]['shape'] == [-1, int(columns)], metadata
rows = numpy.ones((2, int(columns)), dtype=numpy.float32)
rows[:, 0] = [3, 5]
for binary in (True, False):
    features = triton.InferInput('features', list(rows.shape), 'FP32')
    features.set_data_from_numpy(rows, binary_data=binary)
    outputs = [triton.InferRequestedOutput('demand', binary_data=binary)]
    for wanted in (None, outputs):
        answer = client.infer('demand', [features], outputs=wanted, headers=headers())
        assert answer.as_numpy('demand').ravel().tolist() == [3, 5], answer.get_response()
try:
    client.infer('other', [features], headers=headers())
    raise SystemExit('a model that does not exist answered')
except triton.InferenceServerException as error:
    assert 'other' in error.message(), error
";

// Preuve: C9.2 un client d’un autre serveur marche sans y toucher : `tritonclient`, publié sur PyPI, lit les métadonnées et infère, en JSON et en binaire
#[tokio::test(flavor = "multi_thread")]
async fn the_client_of_another_server_reads_metadata_and_infers() {
    let packages = ["numpy", "tritonclient.http"];
    let Some(python) = prerequisites::python(&packages, ".ci/install") else {
        return;
    };

    let service = Service::ready().await;
    let address = service.listen().await;
    let token = service.token("demo").await;
    let run = tokio::task::spawn_blocking(move || {
        let arguments = ["-c", TRITON, &address, &token, &FEATURE_COUNT.to_string()];
        Command::new(python).args(arguments).output().unwrap()
    });

    let run = run.await.unwrap();

    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
}

// Preuve: C9.2 POST /v1/explanations : les contributions s’additionnent jusqu’à la prévision
#[tokio::test]
async fn the_contributions_of_an_explanation_add_up_to_the_prediction() {
    let service = Service::ready().await;
    let key = json!({"station_id": "A", "hour": this_hour() + 3});
    let answer = service.post_to("/v1/explanations", key.to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let body = answer.json();
    let contributions = body["contributions"].as_array().unwrap();
    assert_eq!(contributions.len(), FEATURE_COUNT);
    let sum: f64 = contributions
        .iter()
        .map(|one| one["contribution"].as_f64().unwrap())
        .sum();
    let (base, demand) = (
        body["base"].as_f64().unwrap(),
        body["demand"].as_f64().unwrap(),
    );
    assert!(
        (base + sum - demand).abs() < 1e-6,
        "{base} + {sum} = {demand}"
    );
    assert_eq!(
        contributions[0]["feature"], "level",
        "the model of the tests reads nothing else"
    );

    let unknown = service
        .post_to(
            "/v1/explanations",
            json!({"station_id": "Z", "hour": this_hour()}).to_string(),
        )
        .await;
    assert_eq!(
        (unknown.status.as_u16(), unknown.json()["field"].as_str()),
        (409, Some("station_id"))
    );
}
