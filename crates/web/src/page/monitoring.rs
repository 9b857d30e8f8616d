use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;

use super::availability::Report;
use super::{assets, render};
use crate::monitoring::{Monitoring, WatchedDay, WatchedLimits};
use crate::routes::Web;
use crate::trend::{self, Trend};
use crate::wording::{count, decimal, decimals, machine_time};

/// The page on which the model is watched.
#[derive(Template)]
#[template(path = "monitoring.html")]
struct MonitoringPage {
    /// Nothing when the model API does not answer or is not ready.
    watch: Option<Watch>,
}

/// The watch in words, tables and drawings.
struct Watch {
    verdict: String,
    is_calm: bool,
    alarms: Vec<String>,
    window: Day,
    rows: Vec<Day>,
    error: Trend,
    error_sentence: String,
    coverage: Trend,
    coverage_sentence: String,
    inputs: Vec<InputRow>,
    counted: Report,
    model_version: String,
}

/// One day, in words.
struct Day {
    instant: String,
    day: String,
    rows: String,
    mae: String,
    last_week: String,
    skill: String,
    relative_bias: String,
    coverage: String,
}

/// One input, in words.
struct InputRow {
    name: &'static str,
    samples: String,
    missing: String,
    psi: String,
    threshold: String,
    verdict: &'static str,
}

/// `GET /monitoring`.
pub(crate) async fn show_monitoring(State(web): State<Web>) -> Response {
    let monitoring = web.model_api().monitoring().await;
    render(&MonitoringPage {
        watch: monitoring.map(|monitoring| Watch::new(&monitoring, web.now())),
    })
}

impl Watch {
    fn new(monitoring: &Monitoring, now: DateTime<Utc>) -> Self {
        let days = &monitoring.days;
        let highest = days
            .iter()
            .flat_map(|day| [day.mae, day.last_week_mae])
            .flatten()
            .fold(0.1, f64::max);
        let errors: Vec<_> = days
            .iter()
            .map(|day| (label(day), day.mae, day.last_week_mae))
            .collect();

        let wanted = |day: &WatchedDay| (label(day), day.coverage, Some(0.8));
        let coverages: Vec<_> = days.iter().map(wanted).collect();

        Self {
            verdict: verdict(monitoring),
            is_calm: monitoring.alarms.is_empty(),
            alarms: monitoring
                .alarms
                .iter()
                .map(|alarm| alarm_sentence(&alarm.metric, alarm.observed, alarm.center))
                .collect(),
            window: Day::new(&monitoring.window),
            rows: days.iter().rev().map(Day::new).collect(),
            error: Trend::new(&errors, highest * 1.1, decimal),
            error_sentence: error_sentence(days),
            coverage: Trend::new(&coverages, 1.0, percent),
            coverage_sentence: coverage_sentence(&monitoring.window, &monitoring.control_limits),
            inputs: monitoring.inputs.iter().map(InputRow::new).collect(),
            counted: Report::new(monitoring.last_counted_hour, now),
            model_version: monitoring.model_version.clone(),
        }
    }
}

impl Day {
    fn new(day: &WatchedDay) -> Self {
        let text = |value: Option<f64>, write: fn(f64) -> String| {
            value.map_or_else(|| "inconnu".to_owned(), write)
        };

        Self {
            instant: machine_time(day.from),
            day: label(day),
            rows: count(day.rows, "prévision"),
            mae: text(day.mae, |value| decimals(value, 2)),
            last_week: text(day.last_week_mae, |value| decimals(value, 2)),
            skill: text(day.skill, percent),
            relative_bias: text(day.relative_bias, signed_percent),
            coverage: text(day.coverage, percent),
        }
    }
}

impl InputRow {
    fn new(input: &crate::monitoring::WatchedInput) -> Self {
        let number = |value: Option<f64>| {
            value.map_or_else(|| "inconnu".to_owned(), |value| decimals(value, 2))
        };
        Self {
            name: input_name(&input.input),
            samples: count(input.samples, "valeur"),
            missing: percent(input.missing_share),
            psi: number(input.psi),
            threshold: number(input.psi_threshold),
            verdict: match input.warning.as_deref() {
                None => "ordinaire",
                Some("frozen") => "figée\u{a0}: la même valeur pendant des heures",
                Some("missing") => "absente plus que d’habitude",
                Some(_) => "déplacée par rapport aux quatre semaines d’avant",
            },
        }
    }
}

fn verdict(monitoring: &Monitoring) -> String {
    let odd = monitoring
        .inputs
        .iter()
        .filter(|input| input.warning.is_some())
        .count() as u64;
    let inputs = match odd {
        0 => "Aucune entrée n’est étrange.".to_owned(),
        1 => "Une entrée est étrange\u{a0}: voir plus bas.".to_owned(),
        odd => format!("{odd} entrées sont étranges\u{a0}: voir plus bas."),
    };

    let quality = match (
        monitoring.alarms.len(),
        monitoring.control_limits.is_empty(),
    ) {
        (_, true) => "Cette version n’a pas de seuils\u{a0}: rien ne peut être jugé.",
        (0, false) => "Le modèle prévoit comme lors de ses répétitions.",
        (_, false) => {
            "Le modèle ne prévoit plus comme lors de ses répétitions\u{a0}: il faut agir."
        }
    };

    format!("{quality} {inputs}")
}

fn alarm_sentence(metric: &str, observed: f64, center: f64) -> String {
    match metric {
        "coverage" => format!(
            "L’intervalle à 80\u{a0}% n’a contenu que {} des comptages, contre {} un jour ordinaire.",
            percent(observed),
            percent(center)
        ),
        "relative_bias" => {
            let direction = if observed > 0.0 { "plus" } else { "moins" };
            format!(
                "On a compté {} de départs en {direction} que prévu.",
                percent(observed.abs())
            )
        }
        "hourly_dispersion" => {
            "Les départs ne se partagent plus entre les heures de la journée comme prévu."
                .to_owned()
        }
        "system_residual" => {
            let direction = if observed > 0.0 { "plus" } else { "moins" };
            format!(
                "Toute la ville compte {} de départs en {direction} que le calendrier et la météo n’en font attendre.",
                percent(observed.abs())
            )
        }
        _ => format!(
            "L’erreur vaut {} de celle d’un jour ordinaire, à demande égale.",
            percent(if center > 0.0 {
                observed / center
            } else {
                observed
            })
        ),
    }
}

fn error_sentence(days: &[WatchedDay]) -> String {
    let measured = || days.iter().filter(|day| day.skill.is_some());
    let better = measured()
        .filter(|day| day.skill.unwrap_or_default() > 0.0)
        .count();
    format!(
        "Sur {}, le modèle s’est moins trompé que « la même heure, une semaine plus tôt » {better} fois.",
        count(measured().count() as u64, "jour")
    )
}

fn coverage_sentence(window: &WatchedDay, limits: &[WatchedLimits]) -> String {
    let observed = window
        .coverage
        .map_or_else(|| "une part inconnue".to_owned(), percent);
    let limits = limits.iter().find(|limits| limits.metric == "coverage");
    let limits = limits.map_or_else(String::new, |limits| {
        let (center, lower) = (percent(limits.center), percent(limits.lower));
        format!(" Un jour ordinaire en contient {center}\u{a0}; sous {lower}, c’est une alarme.")
    });

    format!(
        "Sur les 24 dernières heures comptées, l’intervalle à 80\u{a0}% contenait {observed} des comptages.{limits}"
    )
}

fn label(day: &WatchedDay) -> String {
    day.from.with_timezone(&Paris).format("%d/%m").to_string()
}

fn input_name(input: &str) -> &'static str {
    match input {
        "temperature" => "Température",
        "relative_humidity" => "Humidité",
        "wind_speed" => "Vent",
        "precipitation" => "Pluie",
        _ => "Autre entrée",
    }
}

fn percent(share: f64) -> String {
    format!("{:.0}\u{a0}%", 100.0 * share)
}

fn signed_percent(share: f64) -> String {
    format!("{:+.0}\u{a0}%", 100.0 * share).replace('-', "−")
}

#[cfg(test)]
pub(crate) fn sample(monitoring: Option<&Monitoring>) -> String {
    let watch = monitoring.map(|monitoring| Watch::new(monitoring, crate::data_api::SAMPLE_TIME));
    MonitoringPage { watch }.render().unwrap()
}
