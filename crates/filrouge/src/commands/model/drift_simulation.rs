//! `filrouge model simulate-drift`: false alarms of stable months, and delays until a drift is
//! detected.

pub(crate) mod city_rows;
mod production;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use anyhow::Result;
use filrouge_city::IncidentKind;
use filrouge_model::History;
use filrouge_model::monitoring::Metric;
use filrouge_types::Hour;
use serde::Serialize;

use crate::cli::DriftSimulationArguments;
use crate::print;
use crate::progress::{Progress, table};

use city_rows::SimulatedCity;
use production::{Production, history_of};

/// Days during which nothing changes and no alarm should ring.
const STABLE_DAYS: i64 = 30;

/// Beginning of each drift: days after the last one learnt, and hour of that day, so that no time
/// of the day is spared.
const BEGINNINGS: [(i64, i64); 3] = [(8, 0), (17, 9), (27, 17)];

/// Hours within which a drift should be detected.
const DETECTION_HOURS: i64 = 24;

/// Quiet hours after which an alarm that rings again is another one; `docker/alerts.yaml` keeps it
/// firing as long.
const QUIET_HOURS: usize = 24;

/// Sums over all the seeds.
#[derive(Debug, Default, Serialize)]
struct Report {
    seeds: usize,
    stable_days: i64,
    /// Times that an alarm began to ring without a cause.
    false_alarms: usize,
    /// Hours during which each metric rang without a cause.
    hours_in_alarm: BTreeMap<Metric, usize>,
    /// Times that a drift warning about an input began without a cause.
    false_warnings: usize,
    /// By drift: the hours until each was detected, nothing for one that was not.
    delays_hours: BTreeMap<&'static str, Vec<Option<i64>>>,
}

pub(crate) fn run(arguments: &DriftSimulationArguments) -> Result<()> {
    let mut report = Report::default();

    for seed in &arguments.seeds {
        let step = Progress::default().step(&format!("Ville {seed}"));
        let city = SimulatedCity::new(*seed, arguments.days);
        let production = Production::train(&city)?;

        report.seeds += 1;
        report.add_stable_days(&city, &production)?;
        report.add_drifts(&city, &production)?;

        let alarms = report.false_alarms;
        step.done(&format!("{alarms} fausses alarmes jusqu'ici"));
    }

    print::line(&if arguments.json {
        serde_json::to_string(&report)?
    } else {
        text(&report)
    });

    Ok(())
}

impl Report {
    fn add_stable_days(&mut self, city: &SimulatedCity, production: &Production) -> Result<()> {
        let history = history_of(&city.stable(STABLE_DAYS))?;
        // The first window judged lies wholly in the stable days.
        let hours = DETECTION_HOURS..=STABLE_DAYS * 24;
        let ends: Vec<Hour> = hours.map(|hours| city.split() + hours - 1).collect();
        let alarms = production.alarms(&history, &ends)?;

        self.stable_days += STABLE_DAYS;
        self.false_alarms += beginnings(&rings(&alarms));
        self.false_warnings += beginnings(&warnings(production, &history, &ends));

        for metric in alarms.into_iter().flatten() {
            *self.hours_in_alarm.entry(metric).or_default() += 1;
        }

        Ok(())
    }

    fn add_drifts(&mut self, city: &SimulatedCity, production: &Production) -> Result<()> {
        for (name, kind) in drifts() {
            for (day, hour) in BEGINNINGS {
                let from = city.split() + 24 * day + hour;
                let delay = detection_delay(city, production, kind.clone(), from)?;
                self.delays_hours.entry(name).or_default().push(delay);
            }
        }

        Ok(())
    }
}

/// Hours until the drift is detected: by an alarm when riders change, by a warning when a sensor
/// does.
fn detection_delay(
    city: &SimulatedCity,
    production: &Production,
    kind: IncidentKind,
    from: Hour,
) -> Result<Option<i64>> {
    let is_of_riders = matches!(
        kind,
        IncidentKind::DemandShift { .. } | IncidentKind::NewHabit
    );
    let history = history_of(&city.changed(kind, from, DETECTION_HOURS))?;
    let ends: Vec<Hour> = (0..DETECTION_HOURS).map(|hours| from + hours).collect();

    let detected = if is_of_riders {
        rings(&production.alarms(&history, &ends)?)
    } else {
        warnings(production, &history, &ends)
    };

    let first = detected.iter().position(|detected| *detected);
    // An hour is judged once it is over.
    Ok(first.map(|position| position as i64 + 1))
}

fn drifts() -> [(&'static str, IncidentKind); 4] {
    [
        ("demande +30 %", IncidentKind::DemandShift { factor: 1.3 }),
        ("nouvelle habitude", IncidentKind::NewHabit),
        ("capteur figé", IncidentKind::FrozenSensor),
        ("unité changée", IncidentKind::UnitChange),
    ]
}

/// For each hour, tells whether an alarm rings.
fn rings(alarms: &[Vec<Metric>]) -> Vec<bool> {
    alarms.iter().map(|alarms| !alarms.is_empty()).collect()
}

fn warnings(production: &Production, history: &History, ends: &[Hour]) -> Vec<bool> {
    let warns = |end: &Hour| production.warns(history, *end);

    ends.iter().map(warns).collect()
}

/// Times that something begins to be true after a whole day without: closer, the two days judged
/// share hours, and whoever was called knows already.
fn beginnings(hours: &[bool]) -> usize {
    let begins =
        |hour: usize| hours[hour] && !hours[hour.saturating_sub(QUIET_HOURS)..hour].contains(&true);

    (0..hours.len()).filter(|hour| begins(*hour)).count()
}

fn text(report: &Report) -> String {
    let in_alarm = report.hours_in_alarm.iter();
    let causes: Vec<String> = in_alarm
        .map(|(metric, hours)| format!("{metric:?} {hours} h"))
        .collect();
    let causes = if causes.is_empty() {
        "rien n'a sonné".to_owned()
    } else {
        causes.join(", ")
    };

    let delays = report.delays_hours.iter();
    let rows: Vec<Vec<String>> = delays.map(|(name, delays)| row(name, delays)).collect();

    format!(
        "{} jours stables : {} fausse(s) alarme(s) ({causes}), {} avertissement(s) de dérive sans cause\n{}",
        report.stable_days,
        report.false_alarms,
        report.false_warnings,
        table(&["Dérive", "Vue en 24 h", "Au plus tard"], &rows)
    )
}

fn row(name: &str, delays: &[Option<i64>]) -> Vec<String> {
    let detected = delays.iter().flatten();
    let longest = detected.clone().max();

    vec![
        name.to_owned(),
        format!("{} sur {}", detected.count(), delays.len()),
        longest.map_or_else(|| "—".to_owned(), |hours| format!("{hours} h")),
    ]
}
