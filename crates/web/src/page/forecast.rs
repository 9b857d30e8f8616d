use chrono::{DateTime, NaiveDate, Timelike, Utc};

use super::availability::Report;
use crate::chart::{Chart, Mark, RULES, Scale, WIDTH, path, round_step};
use crate::frame::Frame;
use crate::markup::Markup;
use crate::model_api::{Forecast, HourForecast, peak};
use crate::usual_week::UsualWeek;
use crate::wording::machine_time;

/// Height of the picture.
const HEIGHT: f64 = 280.0;

/// One label under the hours every three hours of the clock.
const LABEL_EVERY: u32 = 3;

/// The next hours of a station, ready to be written and drawn.
pub(crate) struct NextHours {
    /// What the curve is: a forecast, or what is usual.
    pub(crate) words: Words,
    pub(crate) chart: Chart,
    pub(crate) rows: Vec<HourRow>,
    pub(crate) summary: String,
    pub(crate) caption: String,
    /// Model, age of the forecast, and until when the model knew the demand.
    pub(crate) origin: Markup,
}

/// The texts around a curve and its table, by their keys.
pub(crate) struct Words {
    pub(crate) title: &'static str,
    pub(crate) legend: &'static str,
    pub(crate) scroll_label: &'static str,
    /// Headers of the table, after the hour.
    pub(crate) columns: [&'static str; 3],
}

const OF_A_FORECAST: Words = Words {
    title: "forecast-chart-title",
    legend: "forecast-legend",
    scroll_label: "forecast-scroll-label",
    columns: [
        "forecast-column-demand",
        "forecast-column-low",
        "forecast-column-high",
    ],
};

const OF_A_USUAL_WEEK: Words = Words {
    title: "usual-chart-title",
    legend: "usual-legend",
    scroll_label: "usual-scroll-label",
    columns: [
        "usual-column-mean",
        "usual-column-fewest",
        "usual-column-most",
    ],
};

/// One line of the table.
pub(crate) struct HourRow {
    pub(crate) moment: String,
    pub(crate) instant: String,
    pub(crate) demand: String,
    pub(crate) low: String,
    pub(crate) high: String,
}

impl NextHours {
    pub(crate) fn new(t: &Frame, forecast: &Forecast, now: DateTime<Utc>) -> Self {
        let today = t.today(now);
        let row = |item| HourRow::new(t, item, today);

        Self {
            words: OF_A_FORECAST,
            chart: draw(t, &forecast.items),
            rows: forecast.items.iter().map(row).collect(),
            summary: summary(t, forecast, today),
            caption: t.tell("forecast-caption", [("zone", t.zone().into())]),
            origin: origin(t, forecast, now),
        }
    }

    /// The same hours of the weeks before, drawn as a forecast is: the mean, from the fewest to the
    /// most.
    pub(crate) fn usual(t: &Frame, week: &UsualWeek, now: DateTime<Utc>) -> Self {
        let today = t.today(now);
        let item = |usual: &crate::usual_week::UsualHour| HourForecast {
            hour: usual.hour,
            demand: usual.mean,
            demand_p10: usual.fewest as f32,
            demand_p90: usual.most as f32,
        };
        let items: Vec<_> = week.hours.iter().map(item).collect();
        let until = t.moment((week.last_counted_hour + 1).start(), today);

        Self {
            words: OF_A_USUAL_WEEK,
            chart: draw(t, &items),
            rows: items
                .iter()
                .map(|item| HourRow::new(t, item, today))
                .collect(),
            summary: usual_summary(t, &items, today),
            caption: t.tell("usual-caption", [("zone", t.zone().into())]),
            origin: t.markup("usual-origin", [("until", Markup::text(&until))]),
        }
    }
}

impl HourRow {
    fn new(t: &Frame, item: &HourForecast, today: NaiveDate) -> Self {
        let demand = |demand: f32| t.number(demand.into(), 1);
        Self {
            moment: t.moment(item.hour.start(), today),
            instant: machine_time(item.hour.start()),
            demand: demand(item.demand),
            low: demand(item.demand_p10),
            high: demand(item.demand_p90),
        }
    }
}

fn draw(t: &Frame, items: &[HourForecast]) -> Chart {
    let highest = items
        .iter()
        // Nothing promises that the demand lies inside its interval.
        .map(|item| item.demand_p90.max(item.demand).into())
        // One departure at least: a calm night must not look like a peak.
        .fold(1.0, f64::max);
    let step = round_step(highest / f64::from(RULES));
    let rules = (highest / step).ceil();
    let scale = Scale {
        count: items.len(),
        top: rules * step,
        height: HEIGHT,
        width: WIDTH,
    };

    let points = |of: fn(&HourForecast) -> f32| {
        let value = move |(index, item)| scale.point((index, f64::from(of(item))));
        items.iter().enumerate().map(value)
    };
    // The outline goes along the upper bound and comes back along the lower one.
    let lower = points(|item| item.demand_p10).rev();
    let outline = points(|item| item.demand_p90).chain(lower);
    let moments = items.iter().enumerate();

    Chart {
        height: HEIGHT,
        width: WIDTH,
        band: Some(path(outline) + "Z"),
        line: path(points(|item| item.demand)),
        reference: None,
        points: points(|item| item.demand).collect(),
        rules: scale.rules(rules as u32, |value| t.number(value, 0)),
        moments: moments
            .filter_map(|(index, item)| hour_label(t, scale, index, item))
            .collect(),
    }
}

fn hour_label(t: &Frame, scale: Scale, index: usize, item: &HourForecast) -> Option<Mark> {
    let hour = item.hour.start().with_timezone(&t.city().time_zone).hour();
    let label = || t.tell("hour", [("hour", hour.into())]);
    hour.is_multiple_of(LABEL_EVERY)
        .then(|| scale.moment(index, label()))
}

/// The drawing as a rider needs it, in two sentences.
fn summary(t: &Frame, forecast: &Forecast, today: NaiveDate) -> String {
    // Less would be rounded to a peak of no departure.
    let Some(peak) = peak(&forecast.items).filter(|peak| peak.demand >= 0.5) else {
        return t.say("forecast-calm");
    };
    let total: f64 = forecast
        .items
        .iter()
        .map(|item| f64::from(item.demand))
        .sum();

    t.tell(
        "forecast-summary",
        [
            ("moment", peak_moment(t, peak.hour.start(), today).into()),
            (
                "departures",
                t.count("count-departures", whole(peak.demand.into()))
                    .into(),
            ),
            // Rounded outwards: the interval in words is not narrower than the true one.
            ("low", whole(peak.demand_p10.floor().into()).into()),
            ("high", whole(peak.demand_p90.ceil().into()).into()),
            ("total", t.count("count-departures", whole(total)).into()),
            (
                "hours",
                t.count("count-hours", forecast.items.len() as u64).into(),
            ),
        ],
    )
}

/// What is usual, in two sentences.
fn usual_summary(t: &Frame, items: &[HourForecast], today: NaiveDate) -> String {
    let Some(peak) = peak(items).filter(|peak| peak.demand >= 0.5) else {
        return t.say("usual-calm");
    };
    let departures = t.count("count-departures", whole(peak.demand.into()));
    t.tell(
        "usual-summary",
        [
            ("moment", peak_moment(t, peak.hour.start(), today).into()),
            ("departures", departures.into()),
        ],
    )
}

/// `à 18 h` today, else `demain à 8 h`.
fn peak_moment(t: &Frame, instant: DateTime<Utc>, today: NaiveDate) -> String {
    let local = instant.with_timezone(&t.city().time_zone);
    let hour = local.hour().into();

    if local.date_naive() == today {
        return t.tell("forecast-peak-today", [("hour", hour)]);
    }
    let day = t.day(local.date_naive(), today);
    t.tell("forecast-peak-later", [("day", day.into()), ("hour", hour)])
}

fn origin(t: &Frame, forecast: &Forecast, now: DateTime<Utc>) -> Markup {
    let age = Report::new(t, forecast.generated_at, now).element();
    let version = Markup::text(&forecast.model_version);
    // The departures of an hour are known at its end.
    let until = t.moment((forecast.last_counted_hour + 1).start(), t.today(now));

    t.markup(
        "forecast-origin",
        [
            ("age", age),
            ("version", version),
            ("until", Markup::text(&until)),
        ],
    )
}

/// The forecast was checked: its numbers are neither negative nor huge.
fn whole(number: f64) -> u64 {
    number.round().max(0.0) as u64
}

#[cfg(test)]
mod tests;
