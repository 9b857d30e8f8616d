use serde::Serialize;

/// Answer of one gate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Name of the gate, stable.
    pub gate: &'static str,
    /// The requirement, in French.
    pub requirement: String,
    /// The measure, in French.
    pub measured: String,
    /// True for a version that may serve.
    pub passed: bool,
}
