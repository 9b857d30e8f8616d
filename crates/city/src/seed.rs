//! Chance that can be asked for at any index, so that no instant of the world depends on the order
//! of computation.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// The one number that, with the time, decides everything in the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seed(pub(crate) u64);

/// Independent streams of chance, one for each use.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    Warmth = 1,
    WarmthOfTheDay,
    Front,
    FrontOfTheHour,
    Wind,
    Storm,
    ForecastWarmth,
    ForecastFront,
    ForecastWind,
    ForecastStorm,
    Event,
    Day,
    Ride,
    TripDefect,
    TripDefectKind,
    WeatherDefect,
    WeatherDefectKind,
    Counter,
    Subscriber,
    Maintenance,
}

impl Seed {
    /// 64 bits, different for each index of a stream: `mix` is a bijection.
    pub(crate) fn bits(self, stream: Stream, index: i64) -> u64 {
        mix(mix(self.0.wrapping_add((stream as u64) << 48)) ^ index.cast_unsigned())
    }

    /// A number in [0, 1).
    pub(crate) fn unit(self, stream: Stream, index: i64) -> f64 {
        to_unit(self.bits(stream, index))
    }

    /// A generator of its own for the index of a stream.
    pub(crate) fn generator(self, stream: Stream, index: i64) -> ChaCha8Rng {
        ChaCha8Rng::seed_from_u64(self.bits(stream, index))
    }

    /// Smooth noise of mean 0 and standard deviation near 1, with one independent value at each
    /// integer.
    pub(crate) fn noise(self, stream: Stream, position: f64) -> f64 {
        let before = position.floor();
        let fraction = position - before;
        let ease = fraction * fraction * (3.0 - 2.0 * fraction);
        let index = before as i64;
        let mixed = self.bell(stream, index) * (1.0 - ease) + self.bell(stream, index + 1) * ease;
        // Between two lattice points the mean of two values varies less than one value: make up for
        // it.
        mixed / (ease * ease + (1.0 - ease) * (1.0 - ease)).sqrt()
    }

    /// Near to a standard normal: the sum of four uniform numbers, which needs no library of
    /// mathematics.
    fn bell(self, stream: Stream, index: i64) -> f64 {
        let mut bits = self.bits(stream, index);
        let mut sum = 0.0;
        for _ in 0..4 {
            bits = mix(bits);
            sum += to_unit(bits);
        }
        (sum - 2.0) * 3.0_f64.sqrt()
    }
}

fn to_unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood, 2014).
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests;
