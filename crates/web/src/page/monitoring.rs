mod limits;

use askama::Template;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::REFRESH;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use filrouge_api_client::model::{
    ControlLimits, MonitoredDay, MonitoredInput, Monitoring, RaisedAlarm,
};

use limits::Limit;

use super::availability::Report;
use super::refreshing::{RefreshQuery, refreshing};
use super::render::render;
use crate::assets;
use crate::chart::{self, Chart, RULES, Scale, path};
use crate::frame::Frame;
use crate::markup::Markup;
use crate::web::Web;
use crate::wording::machine_time;

/// Address of the page.
const PATH: &str = "/monitoring";

/// Size of a picture: narrow enough to be read whole on a telephone.
const HEIGHT: f64 = 220.0;
const WIDTH: f64 = 360.0;

/// Days named under the drawing, at most.
const MOST_LABELS: usize = 5;

/// A day with a smaller share of the forecasts of the fullest one is a part of a day.
const WHOLE_DAY: f64 = 0.9;

/// Share of the counts that the interval is made to hold.
const AIM: f64 = 0.8;

/// The page on which the model is monitored.
#[derive(Template)]
#[template(path = "monitoring.html")]
struct MonitoringPage {
    t: Frame,
    refreshing: Markup,
    /// Nothing when the model API does not answer or is not ready.
    content: Option<Content>,
}

/// The monitoring in words, tables and drawings.
struct Content {
    verdict: String,
    alarms: Vec<String>,
    window: Day,
    limits: Vec<Limit>,
    days: Vec<Day>,
    error: Chart,
    error_sentence: String,
    coverage: Chart,
    coverage_sentence: String,
    inputs: Vec<Input>,
    origin: Markup,
}

/// One day, in words.
struct Day {
    instant: String,
    day: String,
    rows: String,
    mae: String,
    last_week: String,
    skill: String,
    bias: String,
    coverage: String,
    is_partial: bool,
}

/// One input, in words.
struct Input {
    name: String,
    samples: String,
    missing: String,
    psi: String,
    by_chance: String,
    verdict: String,
}

/// `GET /monitoring`: the present state, read again every so many seconds for who asks so.
// A page that moves by itself loses who reads it slowly or by ear (RGAA 13.1): the reader starts
// it, and stops it. The header needs no script, which the pages forbid.
pub(crate) async fn show_monitoring(
    State(web): State<Web>,
    Extension(t): Extension<Frame>,
    query: Result<Query<RefreshQuery>, QueryRejection>,
) -> Response {
    let seconds = query.map_or(None, |Query(query)| query.seconds());
    let monitoring = web.model_api().monitoring().await;

    let content = monitoring.map(|monitoring| Content::new(&t, &monitoring, web.now()));
    let refreshing = refreshing(&t, PATH, seconds, web.now());
    let page = render(&MonitoringPage {
        t,
        refreshing,
        content,
    });

    match seconds {
        Some(seconds) => ([(REFRESH, seconds.to_string())], page).into_response(),
        None => page,
    }
}

impl Content {
    fn new(t: &Frame, monitoring: &Monitoring, now: DateTime<Utc>) -> Self {
        let Monitoring {
            window,
            days,
            control_limits,
            alarms,
            inputs,
            ..
        } = monitoring;

        Self {
            verdict: verdict(t, monitoring),
            alarms: alarms
                .iter()
                .map(|alarm| alarm_sentence(t, alarm))
                .collect(),
            window: Day::new(t, window, false),
            limits: limits::limits(t, monitoring),
            // The latest day comes first in the table, last in the drawings.
            days: days
                .iter()
                .rev()
                .map(|day| Day::new(t, day, is_partial(day, monitoring)))
                .collect(),
            error: draw_error(t, days),
            error_sentence: error_sentence(t, days),
            coverage: draw_coverage(t, days),
            coverage_sentence: coverage_sentence(t, window, control_limits),
            inputs: inputs.iter().map(|input| Input::new(t, input)).collect(),
            origin: origin(t, monitoring, now),
        }
    }
}

impl Day {
    fn new(t: &Frame, day: &MonitoredDay, is_partial: bool) -> Self {
        let error = |value| t.known(value, |value| t.number(value, 2));
        let share = |value| t.known(value, |value| t.percent(value));

        Self {
            instant: machine_time(day.from.start()),
            day: t.short_date(day.from.start()),
            rows: t.count("count-forecasts", day.rows as u64),
            mae: error(day.mae),
            last_week: error(day.last_week_mae),
            skill: share(day.skill),
            bias: t.known(day.relative_bias, |value| t.signed_percent(value)),
            coverage: share(day.coverage),
            is_partial,
        }
    }

    fn error_sentence(&self, t: &Frame) -> String {
        let (mae, last_week) = (self.mae.clone(), self.last_week.clone());
        let variables = [("mae", mae.into()), ("last-week", last_week.into())];
        t.tell("window-error-value", variables)
    }

    fn bias_sentence(&self, t: &Frame) -> String {
        t.tell("window-bias-value", [("bias", self.bias.clone().into())])
    }

    fn coverage_sentence(&self, t: &Frame) -> String {
        let coverage = self.coverage.clone().into();
        t.tell("window-coverage-value", [("coverage", coverage)])
    }
}

/// True for the day under way, and for one of which hours are missing: its figures move still.
fn is_partial(day: &MonitoredDay, monitoring: &Monitoring) -> bool {
    let is_under_way = day.from + 24 > monitoring.last_counted_hour + 1;
    let most = monitoring.days.iter().map(|day| day.rows).max();
    is_under_way || (day.rows as f64) < WHOLE_DAY * most.unwrap_or_default() as f64
}

impl Input {
    fn new(t: &Frame, input: &MonitoredInput) -> Self {
        let number = |value| t.known(value, |value| t.number(value, 2));
        Self {
            name: t.say(input_name(&input.input)),
            samples: t.count("count-values", input.samples as u64),
            missing: t.percent(input.missing_share),
            psi: number(input.psi),
            by_chance: number(input.psi_threshold),
            verdict: t.say(drift(input.warning.as_deref())),
        }
    }
}

fn input_name(input: &str) -> &'static str {
    match input {
        "temperature" => "input-temperature",
        "relative_humidity" => "input-humidity",
        "wind_speed" => "input-wind",
        "precipitation" => "input-rain",
        _ => "input-other",
    }
}

fn drift(warning: Option<&str>) -> &'static str {
    match warning {
        None => "drift-none",
        Some("frozen") => "drift-frozen",
        Some("missing") => "drift-missing",
        // A warning that this page does not know yet is still a warning.
        Some(_) => "drift-moved",
    }
}

fn verdict(t: &Frame, monitoring: &Monitoring) -> String {
    let is_odd = |input: &&MonitoredInput| input.warning.is_some();
    let odd = monitoring.inputs.iter().filter(is_odd).count() as u64;

    let accuracy = match (
        monitoring.alarms.len(),
        monitoring.control_limits.is_empty(),
    ) {
        // Without limits, a calm day and a bad one look the same.
        (_, true) => "verdict-no-limit",
        (0, false) => "verdict-calm",
        (_, false) => "verdict-alarm",
    };

    format!("{} {}", t.say(accuracy), t.count("verdict-inputs", odd))
}

pub(super) fn alarm_sentence(t: &Frame, alarm: &RaisedAlarm) -> String {
    let &RaisedAlarm {
        ref metric,
        observed,
        center,
    } = alarm;
    let share = |value| t.percent(value).into();
    let direction = if observed > 0.0 { "more" } else { "less" };
    let departures = || {
        [
            ("observed", share(observed.abs())),
            ("direction", direction.into()),
        ]
    };

    match metric.as_str() {
        "coverage" => {
            let variables = [("observed", share(observed)), ("usual", share(center))];
            t.tell("alarm-coverage", variables)
        }
        "relative_bias" => t.tell("alarm-bias", departures()),
        "hourly_dispersion" => t.say("alarm-dispersion"),
        "system_residual" => t.tell("alarm-system", departures()),
        _ => {
            let ratio = if center > 0.0 {
                observed / center
            } else {
                observed
            };
            t.tell("alarm-error", [("observed", share(ratio))])
        }
    }
}

fn draw_error(t: &Frame, days: &[MonitoredDay]) -> Chart {
    let highest = days
        .iter()
        .flat_map(|day| [day.mae, day.last_week_mae])
        .flatten()
        // Without error, or without days, the axis still needs a length.
        .fold(0.1, f64::max);
    let write = |value| t.number(value, 1);

    // A tenth more, so that the line does not touch the edge.
    draw(t, days, 1.1 * highest, write, |day| {
        (day.mae, day.last_week_mae)
    })
}

fn draw_coverage(t: &Frame, days: &[MonitoredDay]) -> Chart {
    draw(
        t,
        days,
        1.0,
        |value| t.percent(value),
        |day| (day.coverage, Some(AIM)),
    )
}

/// Draws a measure and its reference day by day; a day without measure is skipped.
fn draw(
    t: &Frame,
    days: &[MonitoredDay],
    top: f64,
    write: impl Fn(f64) -> String,
    measure: fn(&MonitoredDay) -> (Option<f64>, Option<f64>),
) -> Chart {
    let scale = Scale {
        count: days.len(),
        top,
        height: HEIGHT,
        width: WIDTH,
    };
    let stroke = |values: Vec<Option<f64>>| {
        let known = values.into_iter().enumerate();
        let known = known.filter_map(|(index, value)| Some((index, value?)));
        path(known.map(|place| scale.point(place)))
    };
    let (measures, references) = days.iter().map(measure).unzip();

    // Every label of a month would cover its neighbours.
    let step = days.len().div_ceil(MOST_LABELS).max(1);
    let named = days.iter().enumerate().step_by(step);
    let moment =
        |(index, day): (usize, &MonitoredDay)| scale.moment(index, t.short_date(day.from.start()));

    Chart {
        height: HEIGHT,
        width: WIDTH,
        band: None,
        line: stroke(measures),
        reference: Some(stroke(references)),
        points: Vec::new(),
        rules: scale.rules(RULES, write),
        moments: named.map(moment).collect(),
    }
}

fn error_sentence(t: &Frame, days: &[MonitoredDay]) -> String {
    let skills: Vec<_> = days.iter().filter_map(|day| day.skill).collect();
    let better = skills.iter().filter(|skill| **skill > 0.0).count();
    let days = t.count("count-days", skills.len() as u64);

    let variables = [("days", days.into()), ("better", better.into())];
    t.tell("error-sentence", variables)
}

fn coverage_sentence(t: &Frame, window: &MonitoredDay, limits: &[ControlLimits]) -> String {
    let observed = match window.coverage {
        None => t.say("coverage-unknown"),
        Some(share) => t.percent(share),
    };
    let sentence = t.tell("coverage-sentence", [("observed", observed.into())]);

    let limits = limits.iter().find(|limits| limits.metric == "coverage");
    let Some(ControlLimits { center, lower, .. }) = limits else {
        return sentence;
    };

    let (usual, lowest) = (t.percent(*center), t.percent(*lower));
    let variables = [("usual", usual.into()), ("lowest", lowest.into())];
    format!("{sentence} {}", t.tell("coverage-bounds", variables))
}

fn origin(t: &Frame, monitoring: &Monitoring, now: DateTime<Utc>) -> Markup {
    let counted = Report::new(t, monitoring.last_counted_hour.start(), now);
    t.markup(
        "monitoring-origin",
        [
            ("version", Markup::text(&monitoring.model_version)),
            ("age", counted.element()),
        ],
    )
}

#[cfg(test)]
pub(super) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let now = crate::data_api::SAMPLE_TIME;
    let page = |monitoring: Option<&Monitoring>, seconds| {
        let content = monitoring.map(|monitoring| Content::new(t, monitoring, now));
        let page = MonitoringPage {
            t: t.clone(),
            refreshing: refreshing(t, PATH, seconds, now),
            content,
        };
        page.render().unwrap()
    };

    vec![
        ("monitoring", page(Some(&tests::sample()), None)),
        ("monitoring_without_answer", page(None, Some(60))),
    ]
}

#[cfg(test)]
pub(super) use tests::sample;

#[cfg(test)]
mod tests;
