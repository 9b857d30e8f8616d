use chrono::{DateTime, Days, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;

use super::availability::Report;
use crate::chart::Chart;
use crate::model_api::{Forecast, HourForecast};
use crate::wording::{count, decimal, machine_time};

/// The riders' clock: every hour on a page is written in it.
const TIME_ZONE: Tz = chrono_tz::Europe::Paris;

/// The next hours of a station, ready to be written and drawn.
pub(crate) struct NextHours {
    pub(crate) chart: Chart,
    pub(crate) rows: Vec<HourRow>,
    pub(crate) summary: String,
    pub(crate) model_version: String,
    pub(crate) generated: Report,
    /// Until when the model knew the demand, in words.
    pub(crate) known_until: Option<String>,
}

/// One line of the table.
pub(crate) struct HourRow {
    pub(crate) moment: String,
    pub(crate) instant: String,
    pub(crate) demand: String,
    pub(crate) low: String,
    pub(crate) high: String,
}

impl NextHours {
    pub(crate) fn new(forecast: &Forecast, now: DateTime<Utc>) -> Self {
        let today = now.with_timezone(&TIME_ZONE).date_naive();

        Self {
            chart: Chart::new(&forecast.items, TIME_ZONE),
            rows: forecast
                .items
                .iter()
                .map(|item| HourRow::new(item, today))
                .collect(),
            summary: summary(forecast, today),
            model_version: forecast.model_version.clone(),
            generated: Report::new(forecast.generated_at, now),
            known_until: forecast
                .last_counted_hour
                .map(|hour| moment((hour + 1).start(), today)),
        }
    }
}

impl HourRow {
    fn new(item: &HourForecast, today: NaiveDate) -> Self {
        Self {
            moment: moment(item.hour.start(), today),
            instant: machine_time(item.hour.start()),
            demand: decimal(item.demand),
            low: decimal(item.demand_p10),
            high: decimal(item.demand_p90),
        }
    }
}

/// What a rider needs of the drawing, in two sentences.
fn summary(forecast: &Forecast, today: NaiveDate) -> String {
    let Some(peak) = forecast.peak().filter(|peak| peak.demand >= 0.5) else {
        return "Presque aucun départ n’est attendu dans les prochaines heures.".to_owned();
    };
    let total: f64 = forecast.items.iter().map(|item| item.demand).sum();

    format!(
        "La pointe est attendue {}\u{a0}: environ {} (entre {} et {}). En tout, environ {} sur {}.",
        peak_moment(peak.hour.start(), today),
        count(whole(peak.demand), "départ"),
        whole(peak.demand_p10.floor()),
        whole(peak.demand_p90.ceil()),
        count(whole(total), "départ"),
        count(forecast.items.len() as u64, "heure"),
    )
}

/// `à 18 h` today, else `demain à 8 h`.
fn peak_moment(instant: DateTime<Utc>, today: NaiveDate) -> String {
    let local = instant.with_timezone(&TIME_ZONE);
    let day = if local.date_naive() == today {
        String::new()
    } else {
        format!("{} ", day(local.date_naive(), today))
    };
    format!("{day}à {}\u{a0}h", local.hour())
}

/// `aujourd’hui, 18 h`.
fn moment(instant: DateTime<Utc>, today: NaiveDate) -> String {
    let local = instant.with_timezone(&TIME_ZONE);
    format!(
        "{}, {}\u{a0}h",
        day(local.date_naive(), today),
        local.hour()
    )
}

fn day(date: NaiveDate, today: NaiveDate) -> String {
    let is_next = |days| today.checked_add_days(Days::new(days)) == Some(date);
    match date {
        _ if date == today => "aujourd’hui".to_owned(),
        _ if is_next(1) => "demain".to_owned(),
        _ if is_next(2) => "après-demain".to_owned(),
        _ => date.format("%d/%m/%Y").to_string(),
    }
}

/// The forecast was checked: its numbers are neither negative nor huge.
fn whole(number: f64) -> u64 {
    number.round().max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data_api::SAMPLE_TIME;
    use crate::model_api::sample;

    #[test]
    fn the_summary_names_the_peak_its_interval_and_the_total() {
        assert_eq!(
            NextHours::new(&sample(), SAMPLE_TIME).summary,
            "La pointe est attendue à 18\u{a0}h\u{a0}: environ 12\u{a0}départs (entre 8 et 17). \
             En tout, environ 142\u{a0}départs sur 24\u{a0}heures."
        );
    }

    #[test]
    fn a_peak_of_tomorrow_says_so_and_a_dead_calm_has_no_peak() {
        let mut forecast = sample();
        forecast.items[23].demand = 13.0;
        let summary = NextHours::new(&forecast, SAMPLE_TIME).summary;

        assert!(
            summary.starts_with("La pointe est attendue demain à 8\u{a0}h"),
            "{summary}"
        );

        for item in &mut forecast.items {
            item.demand = 0.1;
        }

        assert!(
            NextHours::new(&forecast, SAMPLE_TIME)
                .summary
                .starts_with("Presque aucun départ")
        );
    }

    #[test]
    fn rows_are_in_the_time_of_paris_and_name_their_day() {
        let rows = NextHours::new(&sample(), SAMPLE_TIME).rows;
        let moments: Vec<_> = rows.iter().map(|row| row.moment.as_str()).collect();
        assert_eq!(moments[0], "aujourd’hui, 9\u{a0}h");
        assert_eq!(moments[15], "demain, 0\u{a0}h");
        assert_eq!(
            (rows[9].low.as_str(), rows[9].high.as_str()),
            ("8,0", "16,6")
        );
    }

    #[test]
    fn the_model_knew_the_demand_until_the_end_of_its_last_hour() {
        assert_eq!(
            NextHours::new(&sample(), SAMPLE_TIME)
                .known_until
                .as_deref(),
            Some("aujourd’hui, 9\u{a0}h")
        );
    }
}
