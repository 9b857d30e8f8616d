//! Rights that a token may carry here.

use filrouge_http::Scope;

/// The right to ask for predictions.
#[derive(Debug, Clone, Copy)]
pub struct ModelPredict;

impl Scope for ModelPredict {
    const NAME: &'static str = "model:predict";
}

/// The right to choose the version in service.
#[derive(Debug, Clone, Copy)]
pub struct ModelAdmin;

impl Scope for ModelAdmin {
    const NAME: &'static str = "model:admin";
}

/// The right to give outcomes.
#[derive(Debug, Clone, Copy)]
pub struct ModelFeedback;

impl Scope for ModelFeedback {
    const NAME: &'static str = "model:feedback";
}

/// Meaning of each right, for the OpenAPI document.
pub(crate) const SCOPES: [(&str, &str); 3] = [
    (
        ModelPredict::NAME,
        "Demander des prévisions et leurs explications",
    ),
    (ModelFeedback::NAME, "Donner les départs réellement comptés"),
    (ModelAdmin::NAME, "Choisir la version en service"),
];
