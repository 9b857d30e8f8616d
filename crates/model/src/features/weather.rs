use super::layout::Features;
use super::moment::Moment;
use super::view::View;
use crate::history::ConditionValues;

/// Weather and events: those of the hour, of the hours before, and of the hours that the lags were
/// counted in.
pub(super) fn fill(
    features: &mut Features,
    moment: &Moment,
    conditions: &ConditionValues,
    view: &View<'_>,
) {
    let day_before = view.conditions(moment.hours_since(1));
    let week_before = view.conditions(moment.hours_since(7));
    // The rain of the hours before keeps riders at home after it has stopped.
    let before = |lag| view.conditions(lag).precipitation_mm;

    features.temperature = conditions.temperature_c;
    features.apparent_temperature = conditions.apparent_temperature_c;
    features.relative_humidity = conditions.relative_humidity_pct;
    features.wind_speed = conditions.wind_speed_kmh;
    features.weather_kind = weather_kind(conditions.weather_code);
    features.temperature_change_24 = conditions.temperature_c - day_before.temperature_c;
    features.temperature_anomaly = conditions.temperature_c - usual_temperature(moment, view);

    features.precipitation = conditions.precipitation_mm;
    features.precipitation_before = (1..=3).map(before).sum();
    features.precipitation_lag_24 = day_before.precipitation_mm;
    features.precipitation_lag_168 = week_before.precipitation_mm;

    features.event_count = conditions.event_count;
    features.event_count_lag_24 = day_before.event_count;
    features.event_count_lag_168 = week_before.event_count;
}

/// Mean temperature at this hour over the last seven days, °C.
fn usual_temperature(moment: &Moment, view: &View<'_>) -> f32 {
    let (count, sum) = (1..=7)
        .map(|days| view.conditions(moment.hours_since(days)).temperature_c)
        .filter(|value| !value.is_nan())
        .fold((0.0_f32, 0.0_f32), |(count, sum), value| {
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
