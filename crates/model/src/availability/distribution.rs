/// Probability of each number of bikes at a station, from none to its number of docks.
#[derive(Debug, Clone, PartialEq)]
pub struct StockDistribution(Vec<f64>);

/// Jumps that one step may hold: beyond, `e^-jumps` would come near the smallest number.
const MOST_JUMPS: f64 = 300.0;

/// Probability that a sum of jumps may leave out.
const NEGLIGIBLE: f64 = 1e-9;

impl StockDistribution {
    /// Exactly `bikes` bikes, at a station of `docks` docks, taken or free.
    pub fn certain(bikes: u32, docks: u32) -> Self {
        let mut shares = vec![0.0; docks.max(bikes) as usize + 1];
        shares[bikes as usize] = 1.0;
        Self(shares)
    }

    /// About `mean` bikes, give or take `deviation`: a normal distribution cut at an empty and at a full
    /// station.
    pub fn around(mean: f64, deviation: f64, docks: u32) -> Self {
        // Half a bike at least: a distribution without a width would call every other number impossible.
        let deviation = deviation.max(0.5);
        let share = |bikes: u32| (-0.5 * ((f64::from(bikes) - mean) / deviation).powi(2)).exp();
        let shares: Vec<f64> = (0..=docks).map(share).collect();

        let total: f64 = shares.iter().sum();
        // A mean far outside of the station leaves no share above zero.
        if total < f64::MIN_POSITIVE {
            return Self::certain(mean.clamp(0.0, f64::from(docks)) as u32, docks);
        }
        Self(shares.iter().map(|share| share / total).collect())
    }

    /// The distribution after `hours` hours, with so many departures and arrivals an hour wanted.
    ///
    /// The transient distribution of a birth and death process, by uniformisation (A. Jensen, 1953):
    /// a Poisson number of jumps, each up, down, or against a limit of the station.
    #[must_use]
    pub fn after(&self, departures: f64, arrivals: f64, hours: f64) -> Self {
        let jumps = (departures + arrivals) * hours;
        if jumps <= 0.0 {
            return self.clone();
        }
        if jumps > MOST_JUMPS {
            let half = self.after(departures, arrivals, hours / 2.0);
            return half.after(departures, arrivals, hours / 2.0);
        }

        let up = arrivals / (departures + arrivals);
        let mut state = self.0.clone();
        let mut weight = (-jumps).exp();
        let mut left_out = 1.0 - weight;
        let mut sum: Vec<f64> = state.iter().map(|share| weight * share).collect();

        for jump in 1.. {
            state = after_a_jump(&state, up);
            weight *= jumps / f64::from(jump);
            left_out -= weight;
            sum.iter_mut()
                .zip(&state)
                .for_each(|(sum, share)| *sum += weight * share);

            if left_out < NEGLIGIBLE && f64::from(jump) > jumps {
                break;
            }
        }
        Self(sum)
    }

    /// This distribution, and `other` in the place of a share of it.
    #[must_use]
    pub fn mixed(&self, other: &Self, share: f64) -> Self {
        let both = self.0.iter().zip(&other.0);
        Self(
            both.map(|(own, other)| (1.0 - share) * own + share * other)
                .collect(),
        )
    }

    /// Chance of one bike at least.
    pub fn chance_of_a_bike(&self) -> f64 {
        self.0.iter().skip(1).sum::<f64>().clamp(0.0, 1.0)
    }

    /// Chance of one free dock at least.
    pub fn chance_of_a_dock(&self) -> f64 {
        let (_, rest) = self.0.split_last().unwrap_or((&0.0, &[]));
        rest.iter().sum::<f64>().clamp(0.0, 1.0)
    }

    /// Expected number of bikes.
    pub fn mean(&self) -> f64 {
        let weighted = self.0.iter().enumerate();
        weighted.map(|(bikes, share)| bikes as f64 * share).sum()
    }

    /// The smallest number of bikes that is exceeded with a probability of `1 - share` at most.
    pub fn quantile(&self, share: f64) -> u32 {
        let mut sum = 0.0;
        let reached = self.0.iter().position(|probability| {
            sum += probability;
            sum >= share
        });
        reached.unwrap_or(self.0.len() - 1) as u32
    }

    /// Probability of exactly `bikes` bikes.
    pub fn share(&self, bikes: u32) -> f64 {
        self.0.get(bikes as usize).copied().unwrap_or_default()
    }
}

/// One rider more: with the probability `up` it is one who arrives. An empty station gives no bike, a full
/// one takes none.
fn after_a_jump(state: &[f64], up: f64) -> Vec<f64> {
    let last = state.len() - 1;
    let share = |bikes: usize| {
        let arrived = if bikes > 0 {
            up * state[bikes - 1]
        } else {
            0.0
        };
        let left = if bikes < last {
            (1.0 - up) * state[bikes + 1]
        } else {
            0.0
        };
        let turned_away = if bikes == 0 {
            (1.0 - up) * state[0]
        } else {
            0.0
        };
        let sent_elsewhere = if bikes == last { up * state[last] } else { 0.0 };

        arrived + left + turned_away + sent_elsewhere
    };

    (0..state.len()).map(share).collect()
}
