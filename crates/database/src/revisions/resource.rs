/// What a revision counts the changes of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resource {
    /// Stations and their status.
    Stations,
    /// Station-hours of the past.
    StationHours,
    /// Conditions of the hours to come.
    Conditions,
    /// Events of the agenda.
    Events,
    /// Trips from station to station.
    TripFlows,
    /// Collections.
    Runs,
    /// What cleaning did.
    Quality,
}

impl Resource {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Stations => "stations",
            Self::StationHours => "station_hours",
            Self::Conditions => "conditions",
            Self::Events => "events",
            Self::TripFlows => "trip_flows",
            Self::Runs => "runs",
            Self::Quality => "quality",
        }
    }
}
