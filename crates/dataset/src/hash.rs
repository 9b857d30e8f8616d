use sha2::{Digest, Sha256};

use crate::{ConditionTable, Dataset};

impl Dataset {
    /// SHA-256 of the rows, in hexadecimal: the same rows give the same text, in any file, format or
    /// order.
    pub fn content_sha256(&self) -> String {
        let mut hash = Sha256::new();
        // A later layout of the bytes must not give the sums of this one.
        hash.update(b"station-hours 1");

        hash_conditions(&mut hash, &self.conditions);
        hash.update((self.departures.len() as u64).to_le_bytes());
        for value in &self.departures {
            hash.update(value.to_le_bytes());
        }

        hex::encode(hash.finalize())
    }
}

/// Hashes the sorted columns one after the other, little endian, lengths first, so that no two
/// different tables feed the same bytes.
fn hash_conditions(hash: &mut Sha256, table: &ConditionTable) {
    hash.update((table.stations.len() as u64).to_le_bytes());
    for station in &table.stations {
        hash.update((station.as_str().len() as u64).to_le_bytes());
        hash.update(station.as_str());
    }

    hash.update((table.len() as u64).to_le_bytes());
    for value in &table.station {
        hash.update(value.to_le_bytes());
    }
    for hour in &table.hour {
        hash.update(hour.hours_since_epoch().to_le_bytes());
    }

    for value in float_columns(table).into_iter().flatten() {
        hash.update(canonical_bits(*value).to_le_bytes());
    }
    for code in &table.weather_code {
        // No code and no count is negative.
        hash.update(code.map_or(-1, i32::from).to_le_bytes());
    }

    for flag in table
        .is_public_holiday
        .iter()
        .chain(&table.is_school_holiday)
    {
        // Missing is neither false nor true.
        hash.update([flag.map_or(2, u8::from)]);
    }
    for count in &table.event_count {
        hash.update(count.map_or(-1, i32::from).to_le_bytes());
    }
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

/// One pattern for every missing value, and one for zero of either sign.
fn canonical_bits(value: f32) -> u32 {
    match value {
        value if value.is_nan() => f32::NAN.to_bits(),
        // IEEE 754: −0 + 0 is +0, and any other number stays itself.
        value => (value + 0.0).to_bits(),
    }
}
