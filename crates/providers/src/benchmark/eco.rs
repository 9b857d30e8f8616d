//! `data/triage/ecologits.json`, written by `tests/llama/ecologits`.

use serde::Deserialize;

/// The interval of EcoLogits for one answer of a service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EcoInterval {
    /// The service.
    pub service: String,
    /// The model that the interval is for.
    pub model: String,
    /// Version of EcoLogits.
    pub version: String,
    /// Zone of the electricity mix.
    pub zone: String,
    /// Tokens of the answer.
    pub output_tokens: u32,
    /// Lowest energy, in kilowatt-hours.
    pub lowest_kwh: f64,
    /// Highest energy.
    pub highest_kwh: f64,
    /// Lowest carbon, in kilograms of CO2 equivalent.
    pub lowest_kg: f64,
    /// Highest carbon.
    pub highest_kg: f64,
}
