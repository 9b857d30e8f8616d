use std::sync::Arc;

use axum::extract::State;
use filrouge_http::{Path, Problem, Require};
use filrouge_model::FEATURE_COUNT;
use serde::Serialize;
use utoipa::ToSchema;

use crate::loaded_model::LoadedModel;
use crate::scopes::ModelPredict;
use crate::service::ModelApi;

/// The name under which the model is served.
pub(super) const MODEL: &str = "demand";

/// Qui répond.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Server {
    /// Nom du serveur.
    #[schema(example = "filrouge")]
    name: &'static str,
    /// Sa version.
    version: &'static str,
    /// Extensions du protocole qu’il comprend.
    #[schema(value_type = Vec<String>, example = json!(["binary_tensor_data"]))]
    extensions: [&'static str; 1],
}

/// Le serveur est vivant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Live {
    live: bool,
}

/// Le serveur, ou un modèle, peut prévoir.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Ready {
    ready: bool,
}

/// Un modèle prêt.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelReady {
    /// Nom du modèle.
    name: &'static str,
    ready: bool,
}

impl ModelReady {
    /// The only answer: a model that is not ready is a problem.
    const YES: Self = Self {
        name: MODEL,
        ready: true,
    };
}

/// Entrées et sorties d’un modèle.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Model {
    /// Nom du modèle.
    #[schema(example = "demand")]
    name: &'static str,
    /// Versions en service.
    versions: Vec<String>,
    /// Format du fichier et moteur.
    #[schema(example = "onnx_onnxv1")]
    platform: &'static str,
    /// Entrées.
    inputs: Vec<TensorDescription>,
    /// Sorties.
    outputs: Vec<TensorDescription>,
}

/// Nom, type et forme d’un tenseur ; −1 vaut « autant que l’on veut ».
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TensorDescription {
    name: &'static str,
    datatype: &'static str,
    #[schema(value_type = Vec<i64>)]
    shape: [i64; 2],
}

/// Présenter le serveur
///
/// Nom, version et extensions comprises (Open Inference Protocol v2).
#[utoipa::path(
    get, path = "/v2", tag = "Open Inference Protocol", security(()),
    responses((status = 200, description = "Le serveur", body = Server), filrouge_http::problem::Overload),
)]
pub(crate) async fn describe_server() -> axum::Json<Server> {
    let version = env!("CARGO_PKG_VERSION");
    axum::Json(Server {
        name: "filrouge",
        version,
        extensions: ["binary_tensor_data"],
    })
}

/// Savoir si le serveur est vivant
///
/// 200 dès que le processus répond.
#[utoipa::path(
    get, path = "/v2/health/live", tag = "Open Inference Protocol", security(()),
    responses((status = 200, description = "Vivant", body = Live), filrouge_http::problem::Overload),
)]
pub(crate) async fn read_liveness() -> axum::Json<Live> {
    axum::Json(Live { live: true })
}

/// Savoir si le serveur peut prévoir
///
/// 200 une fois qu’un modèle a prévu et que la demande récente est lue ; 503 avant.
#[utoipa::path(
    get, path = "/v2/health/ready", tag = "Open Inference Protocol", security(()),
    responses((status = 200, description = "Prêt", body = Ready), filrouge_http::problem::Overload),
)]
pub(crate) async fn read_readiness(
    State(service): State<ModelApi>,
) -> Result<axum::Json<Ready>, Problem> {
    service
        .champion()
        .map(|_| axum::Json(Ready { ready: true }))
}

/// Décrire un modèle
///
/// Ses versions en service, ses entrées et ses sorties.
#[utoipa::path(
    get, path = "/v2/models/{model_name}", tag = "Open Inference Protocol",
    // The route of version 1 has the name of the function.
    operation_id = "describe_inference_model",
    security(("oauth2" = ["model:predict"])),
    params(("model_name" = String, Path, description = "Nom du modèle", example = "demand")),
    responses(
        (status = 200, description = "Le modèle", body = Model),
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::NotFound, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn describe_model(
    _access: Require<ModelPredict>,
    State(service): State<ModelApi>,
    Path(name): Path<String>,
) -> Result<axum::Json<Model>, Problem> {
    find(&service, &name, None).map(|model| axum::Json(describe(&model)))
}

/// Décrire une version
///
/// Seules les versions en service sont décrites.
#[utoipa::path(
    get, path = "/v2/models/{model_name}/versions/{model_version}", tag = "Open Inference Protocol",
    security(("oauth2" = ["model:predict"])),
    params(
        ("model_name" = String, Path, description = "Nom du modèle", example = "demand"),
        ("model_version" = String, Path, description = "Version du modèle"),
    ),
    responses(
        (status = 200, description = "Le modèle", body = Model),
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::NotFound, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn describe_version(
    _access: Require<ModelPredict>,
    State(service): State<ModelApi>,
    Path((name, version)): Path<(String, String)>,
) -> Result<axum::Json<Model>, Problem> {
    find(&service, &name, Some(&version)).map(|model| axum::Json(describe(&model)))
}

/// Savoir si un modèle peut prévoir
///
/// 200 quand il a prévu et que la demande récente est lue ; 503 avant.
#[utoipa::path(
    get, path = "/v2/models/{model_name}/ready", tag = "Open Inference Protocol",
    security(("oauth2" = ["model:predict"])),
    params(("model_name" = String, Path, description = "Nom du modèle", example = "demand")),
    responses(
        (status = 200, description = "Prêt", body = ModelReady),
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::NotFound, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn read_model_readiness(
    _access: Require<ModelPredict>,
    State(service): State<ModelApi>,
    Path(name): Path<String>,
) -> Result<axum::Json<ModelReady>, Problem> {
    find(&service, &name, None).map(|_| axum::Json(ModelReady::YES))
}

/// Savoir si une version peut prévoir
///
/// 404 quand une autre version est en service.
#[utoipa::path(
    get, path = "/v2/models/{model_name}/versions/{model_version}/ready", tag = "Open Inference Protocol",
    security(("oauth2" = ["model:predict"])),
    params(
        ("model_name" = String, Path, description = "Nom du modèle", example = "demand"),
        ("model_version" = String, Path, description = "Version du modèle"),
    ),
    responses(
        (status = 200, description = "Prêt", body = ModelReady),
        filrouge_http::problem::InvalidParameter, filrouge_http::problem::NotFound, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn read_version_readiness(
    _access: Require<ModelPredict>,
    State(service): State<ModelApi>,
    Path((name, version)): Path<(String, String)>,
) -> Result<axum::Json<ModelReady>, Problem> {
    find(&service, &name, Some(&version)).map(|_| axum::Json(ModelReady::YES))
}

/// The champion, when it is the model `name`, in the version asked when one is.
pub(super) fn find(
    service: &ModelApi,
    name: &str,
    version: Option<&str>,
) -> Result<Arc<LoadedModel>, Problem> {
    if name != MODEL {
        return Err(Problem::not_found(format!(
            "le modèle « {name} » n’existe pas : il n’y a que « {MODEL} »"
        )));
    }

    let champion = service.champion()?;
    let in_service = champion.model().version();

    match version {
        Some(version) if version != in_service => Err(Problem::not_found(format!(
            "la version « {version} » n’est pas en service : c’est « {in_service} »"
        ))),
        _ => Ok(Arc::clone(champion.model())),
    }
}

fn describe(model: &LoadedModel) -> Model {
    let tensor = |name, columns| TensorDescription {
        name,
        datatype: "FP32",
        // Any number of rows.
        shape: [-1, columns],
    };

    Model {
        name: MODEL,
        versions: vec![model.version().to_owned()],
        // The name that the protocol gives to ONNX files run by ONNX Runtime.
        platform: "onnx_onnxv1",
        inputs: vec![tensor("features", FEATURE_COUNT as i64)],
        outputs: ["demand", "demand_p10", "demand_p90"]
            .map(|name| tensor(name, 1))
            .into(),
    }
}
