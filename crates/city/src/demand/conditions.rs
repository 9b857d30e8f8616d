use chrono::NaiveDate;
use filrouge_types::Hour;

use crate::calendar::{is_public_holiday, is_school_holiday, is_working_day};
use crate::incidents::World;
use crate::weather::{self, HourWeather};

/// Conditions shared by all stations on one local date.
#[derive(Debug)]
pub(crate) struct DateConditions {
    pub(crate) date: NaiveDate,
    pub(crate) is_working: bool,
    pub(crate) is_public_holiday: bool,
    pub(crate) is_school_holiday: bool,
}

/// Conditions shared by all stations during one hour.
#[derive(Debug)]
pub(crate) struct HourConditions<'a> {
    pub(crate) date: &'a DateConditions,
    /// Local, 0 to 23: that of the habits which riders follow.
    pub(crate) hour_of_day: usize,
    /// By how much an incident multiplies demand.
    pub(crate) demand_factor: f64,
    pub(crate) weather: HourWeather,
}

impl DateConditions {
    pub(crate) fn new(date: NaiveDate) -> Self {
        Self {
            date,
            is_working: is_working_day(date),
            is_public_holiday: is_public_holiday(date),
            is_school_holiday: is_school_holiday(date),
        }
    }
}

/// The conditions of `hour`, which belongs to `date`.
pub(crate) fn conditions<'a>(
    world: &World,
    date: &'a DateConditions,
    hour: Hour,
) -> HourConditions<'a> {
    HourConditions {
        date,
        hour_of_day: world.habitual_hour(hour),
        demand_factor: world.demand_factor(hour),
        weather: weather::observed(world.seed, hour),
    }
}
