//! Chances of finding a bike, or a free dock, in the hours to come.
//!
//! A station is a queue: each departure takes a bike away while there is one, each arrival brings
//! one while there is a dock. With departures and arrivals that come by Poisson processes, the number
//! of bikes is a Markov chain, whose distribution is known at each instant. Method and its limits: N. Gast,
//! G. Massonnet, D. Reijsbergen and M. Tribastone, « Probabilistic Forecasts of Bike-Sharing Systems for
//! Journey Planning », CIKM 2015.
//!
//! Departures are those that the demand model forecasts. Arrivals, for which there is no model, are the
//! usual ones of the hour, as much above or below them as the forecast departures are. The passage of
//! trucks is learnt as well: a share of the stations, at each hour of the day, is put back to
//! its usual number of bikes.

mod chances;
mod distribution;
mod learning;
mod profile;
mod score;

pub use chances::{HourChances, HourDemand, Stock};
pub use distribution::StockDistribution;
pub use learning::{ObservedHour, learn_availability};
pub use profile::{AvailabilityProfile, ProfileError, UsualHour};
pub use score::{BrierScore, RELIABILITY_BINS, ReliabilityBin, ReliabilityTable};

#[cfg(test)]
mod tests;
