//! The hourly part of the Open-Meteo JSON API, <https://open-meteo.com/en/docs>.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use filrouge_types::Hour;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::town::Town;
use crate::calendar::date;
use crate::defects::{DefectKind, weather_defect};
use crate::weather::HourWeather;

mod variable;

use variable::Variable;

/// The first day of the archive.
const ARCHIVE_START: NaiveDate = date(2020, 1, 1);

/// The parameters of both addresses; each uses some. The weather is the same everywhere in
/// Rivemont.
#[derive(Debug, Deserialize)]
pub(super) struct Parameters {
    latitude: f64,
    longitude: f64,
    hourly: Option<String>,
    timezone: Option<String>,
    start_date: Option<NaiveDate>,
    end_date: Option<NaiveDate>,
    #[serde(default)]
    past_days: u64,
    #[serde(default = "seven")]
    forecast_days: u64,
}

/// A refusal, as Open-Meteo words it: status 400 and a reason.
#[derive(Debug)]
pub(super) struct Refusal(String);

/// The days of an answer, both included.
struct Period {
    first: NaiveDate,
    last: NaiveDate,
}

/// The weather observed from `start_date` to `end_date`, yesterday at the latest, with the defects
/// of the archive.
pub(super) async fn find_archive(
    State(town): State<Town>,
    parameters: Result<Query<Parameters>, QueryRejection>,
) -> Result<Json<Value>, Refusal> {
    let parameters = parameters.map_err(unreadable)?.0;
    // As the real archive: the day under way is not in it.
    let yesterday = town.now().date_naive() - Days::new(1);
    let period = parameters
        .dates()?
        .ok_or_else(|| Refusal::new("Parameter 'start_date' and 'end_date' must be set"))?;

    period.require_within(&Period {
        first: ARCHIVE_START,
        last: yesterday,
    })?;
    let (seed, rates) = (town.city.seed(), town.city.rates());

    parameters.answer(&period, |hour| match weather_defect(seed, rates, hour) {
        Some(DefectKind::MissingHour) => None,
        Some(_) => Some(
            town.city
                .published_weather(hour)
                .with_temperatures(|celsius| celsius + 273.15),
        ),
        None => Some(town.city.published_weather(hour)),
    })
}

/// The weather from `past_days` before today to `forecast_days` from today: observed until now,
/// forecast afterwards.
pub(super) async fn find_forecast(
    State(town): State<Town>,
    parameters: Result<Query<Parameters>, QueryRejection>,
) -> Result<Json<Value>, Refusal> {
    let parameters = parameters.map_err(unreadable)?.0;
    let now = town.now();
    let period = match parameters.dates()? {
        Some(period) => period,
        None => parameters.days_around(now.date_naive())?,
    };
    let reach = |days| now.date_naive() + Days::new(days);

    period.require_within(&Period {
        first: now.date_naive() - Days::new(92),
        // The bounds of the real service: 92 days behind, 16 with today ahead.
        last: reach(15),
    })?;

    parameters.answer(&period, |hour| {
        Some(town.city.weather_forecast(Hour::containing(now), hour))
    })
}

impl Parameters {
    fn dates(&self) -> Result<Option<Period>, Refusal> {
        match (self.start_date, self.end_date) {
            (Some(first), Some(last)) if first <= last => Ok(Some(Period { first, last })),
            (Some(_), Some(_)) => Err(Refusal::new(
                "End-date must be larger or equals than start-date",
            )),
            (None, None) => Ok(None),
            _ => Err(Refusal::new("Both 'start_date' and 'end_date' must be set")),
        }
    }

    fn days_around(&self, today: NaiveDate) -> Result<Period, Refusal> {
        for (name, days, most) in [
            ("past_days", self.past_days, 92),
            ("forecast_days", self.forecast_days, 16),
        ] {
            if days > most {
                return Err(Refusal(format!(
                    "{name} is invalid. Allowed range 0 to {most}. Given {days}."
                )));
            }
        }

        let last = today + Days::new(self.forecast_days) - Days::new(1);

        Ok(Period {
            first: today - Days::new(self.past_days),
            last,
        })
    }

    fn require_valid(&self) -> Result<Vec<Variable>, Refusal> {
        for (name, given, most) in [
            ("Latitude", self.latitude, 90.0),
            ("Longitude", self.longitude, 180.0),
        ] {
            if given.abs() > most || !given.is_finite() {
                return Err(Refusal(format!(
                    "{name} must be in range of -{most} to {most}°. Given: {given:?}."
                )));
            }
        }

        match self.timezone.as_deref() {
            None | Some("UTC" | "GMT") => {}
            Some(other) => {
                return Err(Refusal(format!(
                    "Invalid timezone '{other}': only UTC and GMT are served"
                )));
            }
        }

        let names = self
            .hourly
            .as_deref()
            .unwrap_or_default()
            .split(',')
            .filter(|name| !name.is_empty());

        names
            .map(|name| Variable::named(name).ok_or_else(|| unknown_variable(name)))
            .collect()
    }

    fn answer(
        &self,
        period: &Period,
        weather: impl Fn(Hour) -> Option<HourWeather>,
    ) -> Result<Json<Value>, Refusal> {
        let variables = self.require_valid()?;
        let hours: Vec<_> = period.hours().map(|hour| (hour, weather(hour))).collect();
        let times = hours
            .iter()
            .map(|(hour, _)| json!(hour.start().format("%Y-%m-%dT%H:%M").to_string()))
            .collect();
        let mut hourly = Map::from_iter([("time".to_owned(), Value::Array(times))]);

        let mut units = Map::from_iter([("time".to_owned(), json!("iso8601"))]);

        for variable in variables {
            let values = hours
                .iter()
                .map(|(_, weather)| weather.map_or(Value::Null, |weather| variable.of(&weather)));
            hourly.insert(variable.name.to_owned(), values.collect());
            units.insert(variable.name.to_owned(), json!(variable.unit));
        }

        let zone = self.timezone.as_deref().unwrap_or("GMT");

        Ok(Json(json!({
            "latitude": self.latitude,
            "longitude": self.longitude,
            // The real service tells its own time here: a constant keeps answers comparable.
            "generationtime_ms": 0.0,
            "utc_offset_seconds": 0,
            "timezone": zone,
            "timezone_abbreviation": zone,
            "elevation": 342.0,
            "hourly_units": units,
            "hourly": hourly,
        })))
    }
}

impl Period {
    fn require_within(&self, allowed: &Self) -> Result<(), Refusal> {
        for (name, date) in [("start_date", self.first), ("end_date", self.last)] {
            if !(allowed.first..=allowed.last).contains(&date) {
                let (first, last) = (allowed.first, allowed.last);
                return Err(Refusal(format!(
                    "Parameter '{name}' is out of allowed range from {first} to {last}"
                )));
            }
        }
        Ok(())
    }

    fn hours(&self) -> impl Iterator<Item = Hour> + use<> {
        let start = |date: NaiveDate| Hour::containing(midnight(date));
        let (first, after) = (start(self.first), start(self.last) + 24);
        (0..after - first).map(move |hours| first + hours)
    }
}

fn midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).and_utc()
}

fn unreadable(rejection: QueryRejection) -> Refusal {
    Refusal(rejection.body_text())
}

fn unknown_variable(name: &str) -> Refusal {
    Refusal(format!(
        "Data corrupted at path ''. Cannot initialize HourlyVariable from invalid String value {name}."
    ))
}

impl Refusal {
    fn new(reason: &str) -> Self {
        Self(reason.to_owned())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (
            StatusCode::BAD_REQUEST,
            Json(json!({ "error": true, "reason": self.0 })),
        )
            .into_response()
    }
}

const fn seven() -> u64 {
    7
}
