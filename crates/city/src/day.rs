//! One operating day, from 03:00 to 03:00 local: a pure function of the seed and the date.
//!
//! At 03:00 trucks put the bikes back where the next day begins, and every trip is over: so no day
//! depends on the one before, and the world at any instant is one day simulated up to that instant.
//! Clocks never change between 03:00 and 03:00 in a way that makes the bounds ambiguous: they
//! change at 02:00 or 03:00, and 03:00 exists once every day.

mod bikes;
mod bounds;
mod riders;
mod simulation;
mod trip;

pub(crate) use bikes::Bikes;
pub(crate) use bounds::{opening, operating_date};
pub(crate) use simulation::Day;
pub(crate) use trip::{Trip, Vehicle};

#[cfg(test)]
mod tests;
