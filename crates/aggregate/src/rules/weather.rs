use std::ops::Range;

use polars::prelude::{
    Column, DataFrame, DataType, Expr, IntoColumn, IntoLazy, LazyFrame, NULL, NamedFrom,
    PolarsResult, Series, col, lit, when,
};

use super::{Known, Split, told};
use crate::source::weather::{FORECAST, VALUES};

/// No air on earth is that warm in degrees Celsius, none that cold in kelvins.
const LOWEST_KELVIN: f64 = 150.0;
const ZERO_CELSIUS: f64 = 273.15;
/// Hours over which a straight line is a fair guess of the weather.
const LONGEST_HOLE: usize = 3;

/// R20.
pub(super) fn kelvin_temperature(frame: LazyFrame, _: &Known) -> PolarsResult<Split> {
    let fault = col("temperature_c")
        .gt_eq(lit(LOWEST_KELVIN))
        .fill_null(lit(false));

    let celsius = |name: &str| {
        let is_kelvin = col(name).gt_eq(lit(LOWEST_KELVIN));
        // Sources give two decimals at most; the subtraction alone would leave 17.660000000000025.
        let repaired =
            (col(name) - lit(ZERO_CELSIUS)).round(2, polars::prelude::RoundMode::HalfAwayFromZero);
        when(fault.clone().and(is_kelvin))
            .then(repaired)
            .otherwise(col(name))
            .alias(name)
    };

    let repaired = ["temperature_c", "apparent_temperature_c"].map(celsius);
    let found = frame.clone().filter(fault.clone());

    Ok(Split {
        found: found_hours(found, told("temperature_c", col("temperature_c"))),
        frame: frame.with_columns(repaired),
    })
}

/// R21.
pub(super) fn missing_hour(frame: LazyFrame, _: &Known) -> PolarsResult<Split> {
    let mut frame = frame.collect()?;
    let archive = Hours::read(&frame, "")?;
    let fill = archive.fill(&Hours::read(&frame, FORECAST)?);
    let outcomes = Series::new("outcome".into(), fill.outcomes).into_column();
    fill.values.write(&mut frame)?;
    let told_frame = frame.clone().with_column(outcomes)?.clone().lazy();
    let found = told_frame.filter(col("outcome").neq(lit(KNOWN)));
    Ok(Split {
        frame: frame.lazy(),
        found: found_hours(found, told("values", col("outcome"))),
    })
}

fn found_hours(frame: LazyFrame, detail: Expr) -> LazyFrame {
    let line = lit(NULL).cast(DataType::UInt32).alias("source_line");
    let file = col("source").alias("source_file");
    frame.select([
        col("source"),
        file,
        line,
        col("hour"),
        detail.cast(DataType::String).alias("detail"),
    ])
}

const KNOWN: &str = "known";

/// The values of consecutive hours, one column a variable.
struct Hours([Vec<Option<f64>>; VALUES.len()]);

struct Filled {
    values: Hours,
    /// For each hour: known, or where its values come from now.
    outcomes: Vec<&'static str>,
}

impl Hours {
    fn read(frame: &DataFrame, prefix: &str) -> PolarsResult<Self> {
        let mut hours = Self(Default::default());
        for (name, values) in VALUES.iter().zip(&mut hours.0) {
            *values = frame
                .column(&format!("{prefix}{name}"))?
                .f64()?
                .iter()
                .collect();
        }
        Ok(hours)
    }

    fn write(self, frame: &mut DataFrame) -> PolarsResult<()> {
        for (name, values) in VALUES.iter().zip(self.0) {
            frame.with_column(Column::new((*name).into(), values))?;
        }
        Ok(())
    }

    fn len(&self) -> usize {
        self.0[0].len()
    }

    fn is_missing(&self, hour: usize) -> bool {
        self.0.iter().all(|values| values[hour].is_none())
    }

    /// Fills the missing hours from `forecast`, or else the short holes from their edges.
    fn fill(mut self, forecast: &Self) -> Filled {
        let mut outcomes = vec![KNOWN; self.len()];
        for hour in (0..self.len())
            .filter(|&hour| self.is_missing(hour))
            .collect::<Vec<_>>()
        {
            let is_forecast = !forecast.is_missing(hour);
            outcomes[hour] = if is_forecast { "forecast" } else { "unknown" };
            for (values, forecast) in self.0.iter_mut().zip(&forecast.0) {
                values[hour] = forecast[hour];
            }
        }
        for hole in self.short_holes() {
            outcomes[hole.clone()].fill("interpolated");
            for (name, values) in VALUES.iter().zip(&mut self.0) {
                interpolate(values, hole.clone(), *name == "weather_code");
            }
        }
        Filled {
            values: self,
            outcomes,
        }
    }

    /// The runs of missing hours with a known hour on either side.
    fn short_holes(&self) -> Vec<Range<usize>> {
        let mut holes = Vec::new();
        let mut start = 0;
        for hour in 0..self.len() {
            if !self.is_missing(hour) {
                if (1..=LONGEST_HOLE).contains(&(hour - start)) && start > 0 {
                    holes.push(start..hour);
                }
                start = hour + 1;
            }
        }
        holes
    }
}

/// A straight line from the hour before the hole to the hour after; a code is no quantity and stays
/// that of the hour before.
fn interpolate(values: &mut [Option<f64>], hole: Range<usize>, is_code: bool) {
    let (before, after) = (values[hole.start - 1], values[hole.end]);
    let steps = (hole.len() + 1) as f64;
    for (step, hour) in (1_u32..).zip(hole) {
        let line = |(from, to): (f64, f64)| from + (to - from) * f64::from(step) / steps;
        values[hour] = if is_code {
            before
        } else {
            before.zip(after).map(line)
        };
    }
}

#[cfg(test)]
mod tests;
