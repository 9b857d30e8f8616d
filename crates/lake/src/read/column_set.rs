use crate::LakeError;

/// A field of the canonical trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    TripId,
    StartedAt,
    EndedAt,
    StartStationId,
    StartStationName,
    EndStationId,
    EndStationName,
    StartLatitude,
    StartLongitude,
    EndLatitude,
    EndLongitude,
    Duration,
    RiderType,
    /// Read past, told in the report.
    Ignored,
    /// Never read: it describes a person.
    Personal,
}

use Field::{
    Duration, EndLatitude, EndLongitude, EndStationId, EndStationName, EndedAt, Ignored, Personal, RiderType,
    StartLatitude, StartLongitude, StartStationId, StartStationName, StartedAt, TripId,
};

/// The columns of one family of public trip histories.
#[derive(Debug)]
pub struct ColumnSet {
    /// The systems and years that publish it.
    pub name: &'static str,
    /// The columns without which the set is not recognised.
    pub required: &'static [&'static str],
    columns: &'static [(&'static str, Field)],
}

/// Every column set that is read, in the order they are tried.
///
/// Names are compared without capitals, spaces, underscores and punctuation, so that
/// `Start Time`, `starttime` and `start_time` are one.
pub static COLUMN_SETS: [ColumnSet; 6] = [LYFT, URBAN_SHARING, CITI_BIKE, CAPITAL_BIKESHARE, GO_BIKE, DIVVY];

const LYFT: ColumnSet = ColumnSet {
    name: "Lyft systems since 2020 (ride_id, started_at, …, member_casual)",
    required: &["ride_id", "started_at", "ended_at", "start_station_id", "end_station_id"],
    columns: &[
        ("ride_id", TripId),
        ("started_at", StartedAt),
        ("ended_at", EndedAt),
        ("start_station_id", StartStationId),
        ("start_station_name", StartStationName),
        ("end_station_id", EndStationId),
        ("end_station_name", EndStationName),
        ("start_lat", StartLatitude),
        ("start_lng", StartLongitude),
        ("end_lat", EndLatitude),
        ("end_lng", EndLongitude),
        ("member_casual", RiderType),
    ],
};

const URBAN_SHARING: ColumnSet = ColumnSet {
    name: "Urban Sharing systems (started_at, ended_at, duration, start_station_id, …)",
    required: &["started_at", "ended_at", "duration", "start_station_id", "end_station_id"],
    columns: &[
        ("started_at", StartedAt),
        ("ended_at", EndedAt),
        ("duration", Duration),
        ("start_station_id", StartStationId),
        ("start_station_name", StartStationName),
        ("start_station_latitude", StartLatitude),
        ("start_station_longitude", StartLongitude),
        ("end_station_id", EndStationId),
        ("end_station_name", EndStationName),
        ("end_station_latitude", EndLatitude),
        ("end_station_longitude", EndLongitude),
    ],
};

const CITI_BIKE: ColumnSet = ColumnSet {
    name: "Citi Bike and others until 2021 (tripduration, starttime, stoptime, start station id, …)",
    required: &["starttime", "stoptime", "start station id", "end station id"],
    columns: &[
        ("tripduration", Duration),
        ("starttime", StartedAt),
        ("stoptime", EndedAt),
        ("start station id", StartStationId),
        ("start station name", StartStationName),
        ("start station latitude", StartLatitude),
        ("start station longitude", StartLongitude),
        ("end station id", EndStationId),
        ("end station name", EndStationName),
        ("end station latitude", EndLatitude),
        ("end station longitude", EndLongitude),
        ("usertype", RiderType),
        ("birth year", Personal),
        ("gender", Personal),
        ("postal code", Personal),
    ],
};

const CAPITAL_BIKESHARE: ColumnSet = ColumnSet {
    name: "Capital Bikeshare until 2020 (Duration, Start date, End date, Start station number, …)",
    required: &["start date", "end date", "start station number", "end station number"],
    columns: &[
        ("duration", Duration),
        ("duration ms", Duration),
        ("total duration ms", Duration),
        ("start date", StartedAt),
        ("end date", EndedAt),
        ("start station number", StartStationId),
        ("start station", StartStationName),
        ("end station number", EndStationId),
        ("end station", EndStationName),
        ("member type", RiderType),
        ("account type", RiderType),
        ("subscriber type", RiderType),
    ],
};

const GO_BIKE: ColumnSet = ColumnSet {
    name: "Ford GoBike until 2020 (duration_sec, start_time, end_time, start_station_id, …)",
    required: &["start_time", "end_time", "start_station_id", "end_station_id"],
    columns: &[
        ("duration_sec", Duration),
        ("start_time", StartedAt),
        ("end_time", EndedAt),
        ("start_station_id", StartStationId),
        ("start_station_name", StartStationName),
        ("start_station_latitude", StartLatitude),
        ("start_station_longitude", StartLongitude),
        ("end_station_id", EndStationId),
        ("end_station_name", EndStationName),
        ("end_station_latitude", EndLatitude),
        ("end_station_longitude", EndLongitude),
        ("user_type", RiderType),
        ("member_birth_year", Personal),
        ("member_gender", Personal),
    ],
};

const DIVVY: ColumnSet = ColumnSet {
    name: "Divvy until 2019 (trip_id, start_time, end_time, from_station_id, …)",
    required: &["trip_id", "end_time", "from_station_id", "to_station_id"],
    columns: &[
        ("trip_id", TripId),
        ("start_time", StartedAt),
        ("end_time", EndedAt),
        ("tripduration", Duration),
        ("from_station_id", StartStationId),
        ("from_station_name", StartStationName),
        ("to_station_id", EndStationId),
        ("to_station_name", EndStationName),
        ("usertype", RiderType),
        ("birthyear", Personal),
        ("birthday", Personal),
        ("gender", Personal),
    ],
};

/// The set that a header bears, and what each of its columns is.
pub(super) fn recognise(path: &str, header: &[String]) -> Result<(&'static ColumnSet, Vec<Field>), LakeError> {
    let names: Vec<String> = header.iter().map(|name| squeeze(name)).collect();
    match COLUMN_SETS.iter().find(|set| set.missing(&names).is_empty()) {
        Some(set) => Ok((set, names.iter().map(|name| set.field(name)).collect())),
        None => Err(unknown(path, header, &names)),
    }
}

impl ColumnSet {
    fn missing(&self, names: &[String]) -> Vec<&'static str> {
        self.required.iter().copied().filter(|column| !names.contains(&squeeze(column))).collect()
    }

    fn field(&self, name: &str) -> Field {
        self.columns.iter().find(|(column, _)| squeeze(column) == name).map_or(Ignored, |&(_, field)| field)
    }
}

fn unknown(path: &str, header: &[String], names: &[String]) -> LakeError {
    let shared = |set: &&ColumnSet| names.iter().filter(|name| set.field(name) != Ignored).count();
    // `rev` because the last of equals wins, and the sets are tried in their order.
    let closest = COLUMN_SETS.iter().rev().max_by_key(shared).unwrap_or(&LYFT);
    LakeError::UnknownColumns {
        path: path.to_owned(),
        found: list(header.iter().map(String::as_str)),
        closest: closest.name,
        missing: list(closest.missing(names).into_iter()),
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names
        .take(40)
        .map(|name| format!("`{}`", name.escape_debug().take(60).collect::<String>()))
        .collect::<Vec<_>>()
        .join(", ")
}

fn squeeze(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(header: &str) -> Vec<Field> {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        recognise("a.csv", &header).unwrap().1
    }

    #[test]
    fn a_set_is_recognised_whatever_the_order_and_the_capitals() {
        assert_eq!(
            fields("End Station ID,Start Time,Stop Time,Start Station ID,Birth Year,Bike ID"),
            [EndStationId, StartedAt, EndedAt, StartStationId, Personal, Ignored]
        );
        assert_eq!(
            fields("Duration,Start date,End date,Start station number,Start station,End station number,Member type"),
            [Duration, StartedAt, EndedAt, StartStationId, StartStationName, EndStationId, RiderType]
        );
    }

    #[test]
    fn an_unknown_header_is_told_with_the_closest_set_and_what_it_lacks() {
        let header = ["ride_id", "started_at", "ended_at", "colour"].map(str::to_owned);
        let error = recognise("a.csv", &header).unwrap_err().to_string();
        assert_eq!(
            error,
            "a.csv: unknown columns `ride_id`, `started_at`, `ended_at`, `colour`; the closest known set is \
             Lyft systems since 2020 (ride_id, started_at, …, member_casual), \
             which needs `start_station_id`, `end_station_id`"
        );
    }
}
