//! `data/triage/protocole.toml`: what is measured, how much each thing weighs, and what would change
//! the conclusion.

use std::path::{Path, PathBuf};

use filrouge_bounded::{TomlFileError, read_toml};
use serde::Deserialize;

/// The protocol.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BenchmarkProtocol {
    /// The functional groups that are asked of a service.
    #[serde(rename = "task")]
    pub tasks: Vec<AskedTask>,
    /// The file of texts, and the share of it that the small profile reads.
    pub sets: Sets,
    /// The criteria of the grade.
    #[serde(rename = "criterion")]
    pub criteria: Vec<WeighedCriterion>,
    /// The limits that make a service unfit.
    pub limits: Limits,
    /// The volumes of the need.
    pub volume: Volume,
    /// The factors from processor time to carbon.
    pub energy: EnergyFactors,
    /// The findings that would change the conclusion.
    pub conclusion: Conclusion,
}

/// A functional group.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedTask {
    /// Its name.
    pub name: String,
    /// Its sentence.
    pub title: String,
    /// Its measure, in French.
    pub metric: String,
    /// The groups of texts that it is judged on.
    pub groups: Vec<String>,
}

/// The set of texts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sets {
    /// Its file, from the top folder.
    pub file: PathBuf,
    /// Texts of each group in the small profile.
    pub small_per_group: usize,
}

/// A criterion: 1 at `best`, 0 at `worst`, in a straight line between.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeighedCriterion {
    /// Its name.
    pub name: String,
    /// Its sentence.
    pub title: String,
    /// Its part of the grade.
    pub weight: f64,
    /// The value that is worth 1.
    pub best: f64,
    /// The value that is worth 0.
    pub worst: f64,
}

/// The limits: one passed, and the service is unfit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Lowest macro-F1 of the category.
    pub lowest_category_macro_f1: f64,
    /// Lowest accuracy on hostile texts.
    pub lowest_hostile_accuracy: f64,
    /// Longest 95th centile of the latency, in seconds.
    pub longest_p95_seconds: f64,
    /// Highest price of a month.
    pub highest_monthly_price: f64,
    /// Lowest grade of hosting and law.
    pub lowest_law: f64,
}

/// The volumes of the need.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// Reports that a price and a budget are computed for.
    pub reports_per_month: u32,
}

/// From processor time to carbon.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnergyFactors {
    /// Power of a core at work, in watts.
    pub watts_per_core: f64,
    /// Public address that gives the power.
    pub watts_source: String,
    /// Carbon of a kilowatt-hour, in grams of CO2 equivalent.
    pub grams_per_kwh: f64,
    /// Public address that gives the carbon intensity.
    pub grams_source: String,
}

/// The findings that would change the conclusion.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conclusion {
    /// In French.
    pub would_change: Vec<String>,
}

/// Reason for which a protocol cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProtocolError {
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] TomlFileError),
    /// Its weights do not make a grade.
    #[error("`{}` : la somme des poids est {sum:.3}, au lieu de 1", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// Their sum.
        sum: f64,
    },
}

impl BenchmarkProtocol {
    /// The protocol of the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read, is not in this form, or its weights do not make 1.
    pub fn read(path: &Path) -> Result<Self, ProtocolError> {
        let protocol: Self = read_toml(path)?;

        let sum: f64 = protocol.criteria.iter().map(|part| part.weight).sum();
        if (sum - 1.0).abs() > 1e-6 {
            return Err(ProtocolError::Weights {
                path: path.to_owned(),
                sum,
            });
        }
        Ok(protocol)
    }
}

impl WeighedCriterion {
    /// The part of the way from `worst` to `best`, from 0 to 1.
    pub fn grade(&self, value: f64) -> f64 {
        ((value - self.worst) / (self.best - self.worst)).clamp(0.0, 1.0)
    }
}

impl EnergyFactors {
    /// Grams of CO2 equivalent of a processor time.
    pub fn grams(&self, cpu_seconds: f64) -> f64 {
        let kilowatt_hours = cpu_seconds * self.watts_per_core / 3_600_000.0;

        kilowatt_hours * self.grams_per_kwh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grade_follows_a_straight_line_between_its_two_ends() {
        let criterion = |best, worst| WeighedCriterion {
            name: String::new(),
            title: String::new(),
            weight: 1.0,
            best,
            worst,
        };

        for (best, worst, value, grade) in [
            (1.0, 0.0, 0.25, 0.25),
            (0.0, 50.0, 10.0, 0.8),
            (0.1, 5.0, 9.0, 0.0),
            (0.1, 5.0, 0.01, 1.0),
        ] {
            let found = criterion(best, worst).grade(value);
            assert!((found - grade).abs() < 1e-9, "{value}: {found}");
        }
    }

    #[test]
    fn weights_that_do_not_make_one_are_refused_with_their_sum() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let path = root.join("data/triage/protocole.toml");
        BenchmarkProtocol::read(&path).unwrap();

        let folder = tempfile::tempdir().unwrap();
        let changed = folder.path().join("protocole.toml");
        let text = std::fs::read_to_string(path).unwrap();
        std::fs::write(&changed, text.replacen("weight = 0.30", "weight = 0.40", 1)).unwrap();

        let refused = BenchmarkProtocol::read(&changed).unwrap_err().to_string();
        assert!(
            refused.contains("1.1") && refused.contains("protocole.toml"),
            "{refused}"
        );
    }
}
