use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use filrouge_http::{Path, Problem, Require, media_type, problem};
use filrouge_model::FEATURE_COUNT;

use super::super::cost::units;
use super::message::{HEADER_LENGTH, Inference, ModelInferRequest, ModelInferResponse};
use super::metadata::{MODEL, find};
use crate::scopes::ModelPredict;
use crate::service::ModelApi;

/// Inférer
///
/// Une prévision par ligne de caractéristiques. Les tenseurs sont en JSON, ou en binaire
/// (petit-boutiste) après le JSON, dont l’en-tête `Inference-Header-Content-Length` dit alors la
/// longueur (type `application/octet-stream`).
#[utoipa::path(
    post, path = "/v2/models/{model_name}/infer", tag = "Open Inference Protocol",
    security(("oauth2" = ["model:predict"])),
    params(("model_name" = String, Path, description = "Nom du modèle", example = "demand")),
    request_body = ModelInferRequest,
    responses(
        (status = 200, description = "Les prévisions", content(
            (ModelInferResponse = "application/json"),
            (Vec<u8> = "application/octet-stream"),
        )),
        crate::problems::NotPredictable,
        filrouge_http::problem::NotFound, filrouge_http::problem::InvalidBody, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn infer(
    access: Require<ModelPredict>,
    State(service): State<ModelApi>,
    Path(name): Path<String>,
    message: Message,
) -> Result<Response, Problem> {
    message.answer(access, &service, &name, None).await
}

/// Inférer avec une version
///
/// Comme sans version ; 404 quand une autre est en service.
#[utoipa::path(
    post, path = "/v2/models/{model_name}/versions/{model_version}/infer", tag = "Open Inference Protocol",
    security(("oauth2" = ["model:predict"])),
    params(
        ("model_name" = String, Path, description = "Nom du modèle", example = "demand"),
        ("model_version" = String, Path, description = "Version du modèle"),
    ),
    request_body = ModelInferRequest,
    responses(
        (status = 200, description = "Les prévisions", content(
            (ModelInferResponse = "application/json"),
            (Vec<u8> = "application/octet-stream"),
        )),
        crate::problems::NotPredictable,
        filrouge_http::problem::NotFound, filrouge_http::problem::InvalidBody, filrouge_http::problem::Protected,
    ),
)]
pub(crate) async fn infer_version(
    access: Require<ModelPredict>,
    State(service): State<ModelApi>,
    Path((name, version)): Path<(String, String)>,
    message: Message,
) -> Result<Response, Problem> {
    message
        .answer(access, &service, &name, Some(&version))
        .await
}

/// The headers and the body of a request, whole.
#[derive(Debug)]
pub(crate) struct Message {
    headers: HeaderMap,
    body: Bytes,
}

impl Message {
    async fn answer(
        self,
        mut access: Require<ModelPredict>,
        service: &ModelApi,
        name: &str,
        version: Option<&str>,
    ) -> Result<Response, Problem> {
        let model = find(service, name, version)?;
        let mut inference = Inference::read(&self.headers, &self.body)?;
        // Moved, not copied: a request may hold thousands of rows.
        let rows = std::mem::take(&mut inference.rows);
        access.charge(units(rows.len() / FEATURE_COUNT))?;

        let predictions = service.predict_rows(Arc::clone(&model), rows).await?;
        inference.answer(MODEL, model.version(), &predictions)
    }
}

impl<S: Send + Sync> FromRequest<S> for Message {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let headers = request.headers().clone();
        if !is_readable(&headers) {
            let detail = "le corps doit être en application/json, ou en application/octet-stream après du JSON";
            return Err(Problem::new(&problem::UNSUPPORTED_MEDIA_TYPE, detail));
        }

        let body = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| unreadable(rejection.status()))?;

        Ok(Self { headers, body })
    }
}

fn unreadable(status: StatusCode) -> Problem {
    let kind = match status {
        status if status == problem::BODY_TOO_LARGE.status => &problem::BODY_TOO_LARGE,
        _ => &problem::MALFORMED_BODY,
    };
    let detail =
        "le corps n’a pas pu être lu : il dépasse la taille permise ou s’arrête avant la fin";
    Problem::new(kind, detail)
}

/// Clients of the protocol name no type when they send binary tensors.
fn is_readable(headers: &HeaderMap) -> bool {
    match media_type(headers).as_deref() {
        None | Some("application/json") => true,
        Some("application/octet-stream") => headers.contains_key(HEADER_LENGTH),
        Some(_) => false,
    }
}
