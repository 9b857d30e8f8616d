//! The wire format of `POST /v1/chat/completions`, as far as it is used here.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::TokenUsage;

/// The body of a request.
#[derive(Debug, Serialize)]
pub(crate) struct ChatRequest<'a> {
    pub(crate) model: &'a str,
    pub(crate) messages: Vec<ChatMessage<'a>>,
    /// Zero: the same report has the same answer.
    pub(crate) temperature: f32,
    pub(crate) max_tokens: u32,
    pub(crate) stream: bool,
    pub(crate) response_format: Value,
}

/// One message of the conversation.
#[derive(Debug, Serialize)]
pub(crate) struct ChatMessage<'a> {
    pub(crate) role: &'static str,
    pub(crate) content: &'a str,
}

/// The body of an answer. Fields that some servers leave out are optional.
#[derive(Debug, Deserialize)]
pub(crate) struct ChatCompletion {
    pub(crate) model: Option<String>,
    pub(crate) choices: Vec<ChatChoice>,
    pub(crate) usage: Option<TokenUsage>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ChatChoice {
    pub(crate) finish_reason: Option<String>,
    pub(crate) message: ChatAnswer,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ChatAnswer {
    pub(crate) content: Option<String>,
    pub(crate) refusal: Option<String>,
}
