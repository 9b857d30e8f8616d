use filrouge_model::ConditionValues;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

/// La météo que le client connaît de cette heure : chaque valeur donnée remplace celle que le
/// service connaît.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GivenWeather {
    /// Température de l’air, °C.
    #[serde(default, deserialize_with = "between::<-90, 60, _>")]
    #[schema(minimum = -90, maximum = 60, nullable = false, example = 21.5)]
    temperature_c: Option<f32>,
    /// Température ressentie, °C.
    #[serde(default, deserialize_with = "between::<-120, 90, _>")]
    #[schema(minimum = -120, maximum = 90, nullable = false, example = 20.0)]
    apparent_temperature_c: Option<f32>,
    /// Humidité relative, %.
    #[serde(default, deserialize_with = "between::<0, 100, _>")]
    #[schema(minimum = 0, maximum = 100, nullable = false, example = 60.0)]
    relative_humidity_pct: Option<f32>,
    /// Vent, km/h.
    #[serde(default, deserialize_with = "between::<0, 500, _>")]
    #[schema(minimum = 0, maximum = 500, nullable = false, example = 12.0)]
    wind_speed_kmh: Option<f32>,
    /// Eau tombée pendant l’heure, mm.
    #[serde(default, deserialize_with = "between::<0, 500, _>")]
    #[schema(minimum = 0, maximum = 500, nullable = false, example = 0.4)]
    precipitation_mm: Option<f32>,
    /// Temps présent, code OMM (table 4677).
    #[serde(default, deserialize_with = "code")]
    #[schema(minimum = 0, maximum = 99, nullable = false, example = 61)]
    weather_code: Option<u32>,
}

impl GivenWeather {
    /// The model's input; a value that was not given is missing.
    pub(super) fn values(&self) -> ConditionValues {
        let number = |value: Option<f32>| value.unwrap_or(f32::NAN);
        ConditionValues {
            temperature_c: number(self.temperature_c),
            apparent_temperature_c: number(self.apparent_temperature_c),
            relative_humidity_pct: number(self.relative_humidity_pct),
            wind_speed_kmh: number(self.wind_speed_kmh),
            precipitation_mm: number(self.precipitation_mm),
            weather_code: self.weather_code.map_or(f32::NAN, |code| code as f32),
            ..ConditionValues::MISSING
        }
    }
}

fn between<'de, const LOWEST: i32, const HIGHEST: i32, D>(
    deserializer: D,
) -> Result<Option<f32>, D::Error>
where
    D: Deserializer<'de>,
{
    // Compared before it is rounded to `f32`.
    let number = f64::deserialize(deserializer)?;
    if (f64::from(LOWEST)..=f64::from(HIGHEST)).contains(&number) {
        return Ok(Some(number as f32));
    }
    Err(serde::de::Error::custom(format!(
        "`{number}` is not between {LOWEST} and {HIGHEST}"
    )))
}

fn code<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let code = super::schema::whole(deserializer)?;
    if code > 99 {
        return Err(serde::de::Error::custom(format!(
            "`{code}` is not a code of the table 4677"
        )));
    }
    Ok(Some(code))
}
