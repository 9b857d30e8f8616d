//! The rules, one after the other, on trips that are read whole.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::rule::{Check, CleaningRule, ComparedFields, told};
use crate::trip::{ReceivedTrip, Trip};

/// A trip on its way through the rules.
#[derive(Debug, Clone)]
pub(crate) struct JudgedTrip<'a> {
    pub(crate) received: ReceivedTrip<'a>,
    pub(crate) is_kept: bool,
    /// The rules that found it, in order, each with the detail to tell.
    pub(crate) findings: Vec<(&'static CleaningRule, String)>,
}

/// Applies the rules in order: each judges the trips that those before it kept, and the first that
/// sets a trip aside is the only one to tell so.
pub(crate) fn judge<'a>(
    trips: Vec<ReceivedTrip<'a>>,
    rules: &'static [CleaningRule],
) -> Vec<JudgedTrip<'a>> {
    let mut judged: Vec<JudgedTrip> = trips.into_iter().map(JudgedTrip::new).collect();

    for rule in rules {
        match rule.check {
            Check::Trip(fault) => each_kept(&mut judged, |trip| {
                if let Some(told) = fault(trip.trip()) {
                    trip.set_aside(rule, told);
                }
            }),
            Check::Copies(compared) => set_copies_aside(&mut judged, rule, compared),
            Check::Name(meant) => each_kept(&mut judged, |trip| trip.mend_name(rule, meant)),
            Check::RepairWeather(_) | Check::ReportWeather(_) => {}
        }
    }

    judged
}

fn each_kept<'a>(trips: &mut [JudgedTrip<'a>], judge: impl FnMut(&mut JudgedTrip<'a>)) {
    trips.iter_mut().filter(|trip| trip.is_kept).for_each(judge);
}

/// Sets aside each trip whose key and compared fields are those of an earlier one.
fn set_copies_aside(
    trips: &mut [JudgedTrip],
    rule: &'static CleaningRule,
    compared: ComparedFields,
) {
    // Trips come in the order of files and lines: the first one seen is the one to keep.
    let mut seen = HashSet::new();
    let is_copy: Vec<bool> = trips
        .iter()
        .map(|trip| {
            let published = &trip.received.published;
            let key = (published.trip.copy_key(), compared(published));
            trip.is_kept && !seen.insert(key)
        })
        .collect();

    for (trip, _) in trips
        .iter_mut()
        .zip(is_copy)
        .filter(|&(_, is_copy)| is_copy)
    {
        let id = trip.trip().id.unwrap_or_default();
        trip.set_aside(rule, told("trip_id", id));
    }
}

impl<'a> JudgedTrip<'a> {
    fn new(received: ReceivedTrip<'a>) -> Self {
        Self {
            received,
            is_kept: true,
            findings: Vec::new(),
        }
    }

    /// The trip, repaired.
    pub(crate) fn trip(&self) -> &Trip<'a> {
        &self.received.published.trip
    }

    fn set_aside(&mut self, rule: &'static CleaningRule, told: String) {
        self.is_kept = false;
        self.findings.push((rule, told));
    }

    fn mend_name(&mut self, rule: &'static CleaningRule, meant: fn(&str) -> Option<String>) {
        let name = &mut self.received.published.trip.start_name;
        let Some((written, meant)) = name.as_deref().and_then(|name| Some((name, meant(name)?)))
        else {
            return;
        };

        self.findings
            .push((rule, told("start_station_name", written)));
        *name = Some(Cow::Owned(meant));
    }
}
