//! The plan of a night: which stations to empty a little, which to fill, in which order.
//!
//! A pure function of what is known in the evening: the bikes and, hour by hour, the departures and the
//! arrivals of the morning. A station which fills by itself is not served for nothing.

/// Share of its docks that a station never has more bikes than: the last docks are for those who come.
const FULLEST: f64 = 0.8;
/// Share of its docks above which a station gives bikes.
const GIVES_ABOVE: f64 = 0.7;
/// Standard deviations from the mean to the value that one in ten exceeds, of a normal distribution.
const ONE_IN_TEN: f64 = 1.2816;

/// A station in the evening.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EveningStation<Id> {
    pub(crate) id: Id,
    /// WGS 84, degrees.
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    pub(crate) capacity: u32,
    pub(crate) bikes: u32,
    pub(crate) morning: Swing,
}

/// One hour of the morning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct MorningHour {
    /// Departures expected.
    pub(crate) departures: f64,
    /// Departures that the hour exceeds one time in ten.
    pub(crate) departures_p90: f64,
    /// Arrivals expected.
    pub(crate) arrivals: f64,
}

/// How far the number of bikes goes down and up during the morning, nine times out of ten no further.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Swing {
    /// Bikes that it takes away at the lowest, arrivals deducted.
    pub(crate) down: f64,
    /// Bikes that it brings at the highest, departures deducted.
    pub(crate) up: f64,
}

impl Swing {
    /// The extremes of the balance of departures and arrivals, with their margin: the root of the sum
    /// of the squares of that of each hour, as for hours that vary apart. Arrivals vary as a Poisson
    /// distribution does.
    pub(crate) fn of(hours: &[MorningHour]) -> Self {
        let (mut balance, mut variance) = (0.0, 0.0);
        let mut swing = Self::default();

        for hour in hours {
            balance += hour.departures - hour.arrivals;
            variance += (hour.departures_p90 - hour.departures).powi(2);
            variance += ONE_IN_TEN.powi(2) * hour.arrivals;

            let margin = f64::sqrt(variance);
            swing.down = swing.down.max(margin + balance);
            swing.up = swing.up.max(margin - balance);
        }
        swing
    }
}

/// The work of the truck at a station.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handling {
    /// Takes that many bikes.
    Take(u32),
    /// Leaves that many bikes.
    Leave(u32),
}

/// One stop of the truck.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stop<Id> {
    pub(crate) id: Id,
    pub(crate) handling: Handling,
    /// Bikes in the truck when it leaves.
    pub(crate) load: u32,
}

/// A station that the plan has not served yet.
struct Open<'a, Id> {
    station: &'a EveningStation<Id>,
    /// Bikes that it lacks, or has too many.
    bikes: u32,
}

impl<Id> EveningStation<Id> {
    /// Bikes that it should have in the morning.
    fn wanted(&self) -> u32 {
        let most = (FULLEST * f64::from(self.capacity)).floor();
        self.morning.down.ceil().clamp(0.0, most) as u32
    }

    /// Bikes that it lacks.
    pub(crate) fn lacking(&self) -> u32 {
        self.wanted().saturating_sub(self.bikes)
    }

    /// Bikes that it can give: those of a station that is nearly full, or that the morning will fill,
    /// and that nobody will ask for.
    pub(crate) fn spare(&self) -> u32 {
        let keeps = (GIVES_ABOVE * f64::from(self.capacity)).floor() as u32;
        let leaves_room = self.capacity.saturating_sub(self.morning.up.ceil() as u32);
        self.bikes
            .saturating_sub(keeps.min(leaves_room).max(self.wanted()))
    }
}

/// The stops of a truck that holds `truck` bikes and starts empty. Each is the nearest station at
/// which something can be done; as many bikes are left as were taken.
pub(crate) fn plan<Id: Clone>(stations: &[EveningStation<Id>], truck: u32) -> Vec<Stop<Id>> {
    let mut giving = open(stations, EveningStation::spare);
    let mut lacking = open(stations, EveningStation::lacking);
    let mut to_take = sum(&giving).min(sum(&lacking));

    let mut stops = Vec::new();
    let mut load = 0;
    let mut place: Option<&EveningStation<Id>> = None;

    while to_take > 0 || load > 0 {
        let donor = nearest(&giving, place).filter(|_| to_take > 0 && load < truck);
        let needy = nearest(&lacking, place).filter(|_| load > 0);
        let takes = match (donor, needy) {
            (Some(donor), Some(needy)) => {
                distance(place, giving[donor].station) < distance(place, lacking[needy].station)
            }
            (donor, _) => donor.is_some(),
        };

        let (open, index, most) = match (takes, donor, needy) {
            (true, Some(index), _) => (&mut giving, index, to_take.min(truck - load)),
            (_, _, Some(index)) => (&mut lacking, index, load),
            // A truck without room moves nothing.
            _ => break,
        };
        let (station, bikes) = serve(open, index, most);
        let handling = if takes {
            (load, to_take) = (load + bikes, to_take - bikes);
            Handling::Take(bikes)
        } else {
            load -= bikes;
            Handling::Leave(bikes)
        };

        place = Some(station);
        stops.push(Stop {
            id: station.id.clone(),
            handling,
            load,
        });
    }

    stops
}

fn open<'a, Id>(
    stations: &'a [EveningStation<Id>],
    bikes: impl Fn(&EveningStation<Id>) -> u32,
) -> Vec<Open<'a, Id>> {
    let open = stations.iter().map(|station| Open {
        station,
        bikes: bikes(station),
    });
    open.filter(|open| open.bikes > 0).collect()
}

fn sum<Id>(open: &[Open<'_, Id>]) -> u32 {
    open.iter().map(|open| open.bikes).sum()
}

/// Moves up to `most` bikes of an open station, which closes once it is served.
fn serve<'a, Id>(
    open: &mut Vec<Open<'a, Id>>,
    index: usize,
    most: u32,
) -> (&'a EveningStation<Id>, u32) {
    let Open { station, bikes } = &mut open[index];
    let (station, moved) = (*station, most.min(*bikes));
    *bikes -= moved;
    if *bikes == 0 {
        open.remove(index);
    }
    (station, moved)
}

/// The place of the nearest open station; of the one with most bikes to move before the first stop.
fn nearest<Id>(open: &[Open<'_, Id>], place: Option<&EveningStation<Id>>) -> Option<usize> {
    let by_distance = |&one: &usize, &other: &usize| {
        let [one, other] = [&open[one], &open[other]];
        distance(place, one.station)
            .total_cmp(&distance(place, other.station))
            .then(other.bikes.cmp(&one.bikes))
    };
    (0..open.len()).min_by(by_distance)
}

/// Squared distance in degrees, longitudes shortened by the latitude: enough to compare stations of
/// one city. Zero before the first stop.
fn distance<Id>(place: Option<&EveningStation<Id>>, station: &EveningStation<Id>) -> f64 {
    let Some(place) = place else {
        return 0.0;
    };
    let north = station.latitude - place.latitude;
    let east = (station.longitude - place.longitude) * place.latitude.to_radians().cos();
    north * north + east * east
}

#[cfg(test)]
mod tests;
