//! Demand of the whole system: a Poisson regression on the calendar, the weather and the events.
//!
//! One station's hour is mostly noise; the sum of all of them is not. A change of demand shows
//! there within a day, long before it shows in the errors of single forecasts.

mod design_row;
mod expected;
mod poisson;

pub use design_row::{DESIGN_COLUMNS, DesignRow};
pub use expected::Expected;
pub use poisson::{SystemDemandModel, SystemResidual};
