use sha2::{Digest, Sha256};

use crate::{ConditionTable, Dataset};

/// Hashes the sorted columns one after the other, little endian, lengths first, so that no two
/// different tables feed the same bytes.
pub(crate) fn content_sha256(dataset: &Dataset) -> String {
    let mut hash = Sha256::new();
    hash.update(b"station-hours 1");
    hash_conditions(&mut hash, &dataset.conditions);
    hash.update((dataset.departures.len() as u64).to_le_bytes());
    dataset
        .departures
        .iter()
        .for_each(|value| hash.update(value.to_le_bytes()));
    hex::encode(hash.finalize())
}

fn hash_conditions(hash: &mut Sha256, table: &ConditionTable) {
    hash.update((table.stations.len() as u64).to_le_bytes());
    for station in &table.stations {
        hash.update((station.as_str().len() as u64).to_le_bytes());
        hash.update(station.as_str());
    }

    hash.update((table.len() as u64).to_le_bytes());
    table
        .station
        .iter()
        .for_each(|value| hash.update(value.to_le_bytes()));
    table
        .hour
        .iter()
        .for_each(|hour| hash.update(hour.hours_since_epoch().to_le_bytes()));

    for column in float_columns(table) {
        column
            .iter()
            .for_each(|&value| hash.update(canonical_bits(value).to_le_bytes()));
    }

    table
        .weather_code
        .iter()
        .for_each(|value| hash.update(value.map_or(-1, i32::from).to_le_bytes()));
    table
        .is_public_holiday
        .iter()
        .for_each(|value| hash.update([value.map_or(2, u8::from)]));

    table
        .is_school_holiday
        .iter()
        .for_each(|value| hash.update([value.map_or(2, u8::from)]));
    table
        .event_count
        .iter()
        .for_each(|value| hash.update(value.map_or(-1, i32::from).to_le_bytes()));
}

fn float_columns(table: &ConditionTable) -> [&Vec<f32>; 5] {
    [
        &table.temperature_c,
        &table.apparent_temperature_c,
        &table.relative_humidity_pct,
        &table.wind_speed_kmh,
        &table.precipitation_mm,
    ]
}

/// One pattern for every missing value, and one for zero whatever its sign.
fn canonical_bits(value: f32) -> u32 {
    match value {
        value if value.is_nan() => f32::NAN.to_bits(),
        value => (value + 0.0).to_bits(),
    }
}
