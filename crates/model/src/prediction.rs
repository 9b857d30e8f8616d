use serde::{Deserialize, Serialize};

/// Forecast of one station's hour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// Expected departures.
    pub demand: f32,
    /// Lower end of the 80 % interval.
    pub demand_p10: f32,
    /// Upper end of the 80 % interval.
    pub demand_p90: f32,
}

impl Prediction {
    /// True when the interval holds `actual`, bounds included.
    pub fn holds(&self, actual: f32) -> bool {
        self.demand_p10 <= actual && actual <= self.demand_p90
    }
}
