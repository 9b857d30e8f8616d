use super::calendar::Moment;
use super::demand::View;
use super::layout::Features;
use crate::history::Known;

/// Weather and events: those of the hour, of the hours before, and of the hours that the lags were
/// counted in.
pub(super) fn fill(features: &mut Features, moment: &Moment, known: &Known, view: &View<'_>) {
    let (day, week) = (
        view.known(moment.hours_since(1)),
        view.known(moment.hours_since(7)),
    );

    features.temperature = known.temperature_c;
    features.apparent_temperature = known.apparent_temperature_c;
    features.relative_humidity = known.relative_humidity_pct;
    features.wind_speed = known.wind_speed_kmh;
    features.precipitation = known.precipitation_mm;
    features.weather_kind = weather_kind(known.weather_code);
    features.precipitation_before = (1..=3).map(|lag| view.known(lag).precipitation_mm).sum();

    features.precipitation_lag_24 = day.precipitation_mm;
    features.precipitation_lag_168 = week.precipitation_mm;
    features.temperature_change_24 = known.temperature_c - day.temperature_c;
    features.temperature_anomaly = known.temperature_c - usual_temperature(moment, view);
    features.event_count = known.event_count;
    features.event_count_lag_24 = day.event_count;
    features.event_count_lag_168 = week.event_count;
}

/// Mean temperature at this hour over the last seven days, °C.
fn usual_temperature(moment: &Moment, view: &View<'_>) -> f32 {
    let temperatures = (1..=7)
        .map(|days| view.known(moment.hours_since(days)).temperature_c)
        .filter(|value| !value.is_nan());
    let (count, sum) = temperatures.fold((0.0_f32, 0.0_f32), |(count, sum), value| {
        (count + 1.0, sum + value)
    });
    if count > 0.0 { sum / count } else { f32::NAN }
}

/// WMO 4677 codes in the order in which they keep riders at home: clear, mainly clear, partly
/// cloudy, overcast, fog, drizzle, rain, snow, showers, thunderstorm.
fn weather_kind(code: f32) -> f32 {
    if code.is_nan() {
        return f32::NAN;
    }
    match code as u32 {
        0..=3 => code,
        4..=49 => 4.0,
        50..=59 => 5.0,
        60..=69 => 6.0,
        70..=79 => 7.0,
        80..=89 => 8.0,
        _ => 9.0,
    }
}
