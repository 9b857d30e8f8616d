/// The vehicle of a rider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vehicle {
    Classic,
    Electric,
}

impl Vehicle {
    /// As GBFS and the trip files name it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Classic => "classic_bike",
            Self::Electric => "electric_bike",
        }
    }
}

/// One trip. Instants are in milliseconds since 1970, UTC; stations are indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Trip {
    pub(crate) started_at: i64,
    pub(crate) ended_at: i64,
    pub(crate) origin: usize,
    pub(crate) destination: usize,
    pub(crate) vehicle: Vehicle,
    pub(crate) is_member: bool,
}
