//! `filrouge model drill`: what the watch sees of months that are stable and of days that are not.

mod production;
mod world;

use std::collections::BTreeMap;

use anyhow::Result;
use filrouge_city::IncidentKind;
use filrouge_model::monitoring::Metric;
use filrouge_types::Hour;
use serde::Serialize;

use crate::cli::DrillArguments;
use crate::print;
use crate::progress::{Progress, table};

use production::Production;
use world::World;

/// Days during which nothing changes and no alarm should ring.
const STABLE_DAYS: i64 = 30;

/// When a change begins: days after the last one learnt from, and hour of that day, so that no time
/// of the day is spared.
const BEGINNINGS: [(i64, i64); 3] = [(8, 0), (17, 9), (27, 17)];

/// How long a change has to be noticed, hours.
const PATIENCE_HOURS: i64 = 24;

/// Quiet hours after which an alarm that rings again is another one; `docker/alerts.yaml` keeps it
/// firing as long.
const QUIET_HOURS: usize = 24;

/// What was seen over all the seeds.
#[derive(Debug, Default, Serialize)]
struct Report {
    seeds: usize,
    stable_days: i64,
    /// Times that an alarm began to ring without a cause.
    false_alarms: usize,
    /// Hours during which each quality rang without a cause.
    hours_in_alarm: BTreeMap<Metric, usize>,
    /// Times that a notice about an input began without a cause.
    false_notices: usize,
    /// By change: the hours until each was noticed, nothing for one that was not.
    delays_hours: BTreeMap<&'static str, Vec<Option<i64>>>,
}

pub(crate) fn run(arguments: &DrillArguments) -> Result<()> {
    let mut report = Report::default();

    for seed in &arguments.seeds {
        let step = Progress::default().step(&format!("Ville {seed}"));
        play(&World::new(*seed, arguments.days), &mut report)?;
        step.done(&format!(
            "{} fausses alarmes jusqu'ici",
            report.false_alarms
        ));
    }

    print::line(&if arguments.json {
        serde_json::to_string(&report)?
    } else {
        text(&report)
    });

    Ok(())
}

fn play(world: &World, report: &mut Report) -> Result<()> {
    let production = Production::train(world)?;
    let stable = production.remember(&world.stable(STABLE_DAYS))?;
    let hours = PATIENCE_HOURS..=STABLE_DAYS * 24;
    let lasts: Vec<Hour> = hours.map(|hours| world.split() + hours - 1).collect();

    report.seeds += 1;
    report.stable_days += STABLE_DAYS;
    let alarms = production.alarms(&stable, &lasts)?;

    report.false_alarms += beginnings(
        &alarms
            .iter()
            .map(|alarms| !alarms.is_empty())
            .collect::<Vec<_>>(),
    );

    alarms
        .into_iter()
        .flatten()
        .for_each(|quality| *report.hours_in_alarm.entry(quality).or_default() += 1);

    report.false_notices += beginnings(
        &lasts
            .iter()
            .map(|last| production.notices(&stable, *last))
            .collect::<Vec<_>>(),
    );

    for (name, kind) in changes() {
        for (day, hour) in BEGINNINGS {
            let from = world.split() + 24 * day + hour;
            let delay = notice(world, &production, kind.clone(), from)?;
            report.delays_hours.entry(name).or_default().push(delay);
        }
    }

    Ok(())
}

/// Hours until the change is noticed: by an alarm when riders change, by a notice when a sensor
/// does.
fn notice(
    world: &World,
    production: &Production,
    kind: IncidentKind,
    from: Hour,
) -> Result<Option<i64>> {
    let of_riders = matches!(
        kind,
        IncidentKind::DemandShift { .. } | IncidentKind::NewHabit
    );
    let history = production.remember(&world.changed(kind, from, PATIENCE_HOURS))?;
    let lasts: Vec<Hour> = (0..PATIENCE_HOURS).map(|hours| from + hours).collect();

    let seen: Vec<bool> = if of_riders {
        production
            .alarms(&history, &lasts)?
            .iter()
            .map(|alarms| !alarms.is_empty())
            .collect()
    } else {
        lasts
            .iter()
            .map(|last| production.notices(&history, *last))
            .collect()
    };

    Ok(seen
        .iter()
        .position(|seen| *seen)
        .map(|position| position as i64 + 1))
}

fn changes() -> [(&'static str, IncidentKind); 4] {
    [
        ("demande +30 %", IncidentKind::DemandShift { factor: 1.3 }),
        ("nouvelle habitude", IncidentKind::NewHabit),
        ("capteur figé", IncidentKind::FrozenSensor),
        ("unité changée", IncidentKind::UnitChange),
    ]
}

/// How many times something begins to be true after a whole day without: closer, the two days
/// judged share hours, and whoever was called knows already.
fn beginnings(hours: &[bool]) -> usize {
    let begins =
        |hour: usize| hours[hour] && !hours[hour.saturating_sub(QUIET_HOURS)..hour].contains(&true);
    (0..hours.len()).filter(|hour| begins(*hour)).count()
}

fn text(report: &Report) -> String {
    let row = |(name, delays): (&&str, &Vec<Option<i64>>)| {
        let seen: Vec<i64> = delays.iter().flatten().copied().collect();
        let longest = seen
            .iter()
            .max()
            .map_or_else(|| "—".to_owned(), |hours| format!("{hours} h"));

        vec![
            (*name).to_owned(),
            format!("{} sur {}", seen.len(), delays.len()),
            longest,
        ]
    };

    let hours = |(quality, hours): (&Metric, &usize)| format!("{quality:?} {hours} h");
    let causes: Vec<String> = report.hours_in_alarm.iter().map(hours).collect();
    let rows: Vec<Vec<String>> = report.delays_hours.iter().map(row).collect();

    format!(
        "{} jours stables : {} fausse(s) alarme(s) ({}), {} signe(s) d'entrée sans cause\n{}",
        report.stable_days,
        report.false_alarms,
        if causes.is_empty() {
            "rien n'a sonné".to_owned()
        } else {
            causes.join(", ")
        },
        report.false_notices,
        table(&["Changement", "Vu en 24 h", "Au plus tard"], &rows)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_that_goes_on_is_one_alarm() {
        let then = |quiet| [vec![false, true, true], vec![false; quiet], vec![true]].concat();
        assert_eq!(beginnings(&then(0)), 1);
        assert_eq!(beginnings(&then(23)), 1, "the two days judged share hours");
        assert_eq!(beginnings(&then(24)), 2);
        assert_eq!(beginnings(&[true]), 1);
        assert_eq!(beginnings(&[]), 0);
    }

    #[test]
    fn a_change_that_is_missed_is_said() {
        let delays_hours = BTreeMap::from([("demande +30 %", vec![Some(7), None])]);
        let printed = text(&Report {
            stable_days: 30,
            delays_hours,
            ..Report::default()
        });

        assert!(
            printed.contains("30 jours stables : 0 fausse(s) alarme(s)"),
            "{printed}"
        );
        assert!(
            printed.contains("1 sur 2") && printed.contains("7 h"),
            "{printed}"
        );
    }
}
