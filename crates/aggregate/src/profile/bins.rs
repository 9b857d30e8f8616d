use serde::{Deserialize, Serialize};

/// One interval of a distribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bin {
    /// The interval, in French: `de 5 à 10`.
    pub label: String,
    /// Rows whose value falls in it.
    pub rows: u64,
}

/// Lower bounds of the intervals of a column; the first and the last interval are open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edges(&'static [f64]);

impl Edges {
    pub(super) const COUNT: Self = Self(&[1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0]);
    pub(super) const EVENTS: Self = Self(&[1.0, 2.0, 3.0]);
    pub(super) const FLAG: Self = Self(&[1.0]);
    pub(super) const TEMPERATURE: Self =
        Self(&[-10.0, -5.0, 0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0]);
    pub(super) const HUMIDITY: Self = Self(&[20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0]);
    pub(super) const WIND: Self = Self(&[5.0, 10.0, 15.0, 20.0, 30.0, 50.0]);
    pub(super) const RAIN: Self = Self(&[0.1, 0.5, 1.0, 2.0, 5.0, 10.0]);
    /// Clear or cloudy, fog, drizzle, rain, snow, showers, thunder: WMO table 4677.
    pub(super) const CODE: Self = Self(&[4.0, 50.0, 60.0, 70.0, 80.0, 95.0]);

    pub(super) fn bins(self) -> Vec<Bin> {
        (0..=self.0.len())
            .map(|index| Bin {
                label: self.label(index),
                rows: 0,
            })
            .collect()
    }

    /// The interval that a value falls in.
    pub(super) fn bin(self, value: f64) -> usize {
        self.0.partition_point(|edge| *edge <= value)
    }

    fn label(self, index: usize) -> String {
        // The sign of a negative number is U+2212: a screen reader says « moins ».
        let french = |edge: &f64| edge.to_string().replace('.', ",").replace('-', "−");
        match (
            index.checked_sub(1).and_then(|before| self.0.get(before)),
            self.0.get(index),
        ) {
            (None, Some(after)) => format!("moins de {}", french(after)),
            (Some(from), Some(after)) => format!("de {} à {}", french(from), french(after)),
            (Some(from), None) => format!("{} et plus", french(from)),
            (None, None) => "toutes".to_owned(),
        }
    }
}
