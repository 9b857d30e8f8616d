//! From the figures and the weights to the recommendation: nothing else decides.

use super::eco::EcoInterval;
use super::figures::ServiceFigures;
use super::protocol::{BenchmarkProtocol, EnergyFactors};
use crate::{Hosting, Preset};

/// A service, judged by the protocol.
#[derive(Debug, Clone)]
pub struct Assessment<'a> {
    /// The service.
    pub preset: &'a Preset,
    /// Its figures, when it was measured.
    pub figures: Option<&'a ServiceFigures>,
    /// The value of each criterion, in the order of the protocol; `None` when nobody knows it.
    pub values: Vec<Option<f64>>,
    /// Σ weight × grade over the criteria that are known.
    pub grade: f64,
    /// Σ weight of the criteria that are known.
    pub known_weight: f64,
    /// The judgement of the protocol.
    pub verdict: Verdict,
}

/// The end of a judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every limit holds, and the grade is the highest.
    Recommended,
    /// Every limit holds.
    Fit,
    /// These limits are passed.
    Unfit(Vec<String>),
    /// Not measured here: no limit that is known is passed, and nothing more can be said.
    NotMeasured,
}

/// Judges all services. The first of the highest grade is recommended.
pub fn assess<'a>(
    presets: &'a [Preset],
    figures: &'a [ServiceFigures],
    intervals: &'a [EcoInterval],
    protocol: &BenchmarkProtocol,
) -> Vec<Assessment<'a>> {
    let mut assessments: Vec<Assessment<'a>> = presets
        .iter()
        .map(|preset| assess_one(preset, figures, intervals, protocol))
        .collect();

    let best = assessments
        .iter_mut()
        .filter(|assessment| assessment.verdict == Verdict::Fit)
        .reduce(|best, other| {
            if other.grade > best.grade {
                other
            } else {
                best
            }
        });
    if let Some(best) = best {
        best.verdict = Verdict::Recommended;
    }
    assessments
}

fn assess_one<'a>(
    preset: &'a Preset,
    all: &'a [ServiceFigures],
    intervals: &'a [EcoInterval],
    protocol: &BenchmarkProtocol,
) -> Assessment<'a> {
    let evidence = ServiceEvidence::gather(preset, all, intervals);
    let values: Vec<Option<f64>> = protocol
        .criteria
        .iter()
        .map(|criterion| evidence.value(&criterion.name, protocol))
        .collect();

    let weighed = protocol
        .criteria
        .iter()
        .zip(&values)
        .filter_map(|(criterion, value)| Some((criterion, (*value)?)));
    let (grade, known_weight) = weighed.fold((0.0, 0.0), |(grade, weight), (criterion, value)| {
        (
            grade + criterion.weight * criterion.grade(value),
            weight + criterion.weight,
        )
    });

    let passed = passed_limits(&values, protocol);
    let verdict = match (passed.is_empty(), evidence.figures) {
        (false, _) => Verdict::Unfit(passed),
        (true, Some(_)) => Verdict::Fit,
        (true, None) => Verdict::NotMeasured,
    };

    Assessment {
        preset,
        figures: evidence.figures,
        values,
        grade,
        known_weight,
        verdict,
    }
}

/// The evidence on one service: declared, measured, estimated.
struct ServiceEvidence<'a> {
    preset: &'a Preset,
    figures: Option<&'a ServiceFigures>,
    /// A measured service, whose tokens price those that were not measured.
    priced_as: Option<&'a ServiceFigures>,
    carbon: Option<&'a EcoInterval>,
}

impl<'a> ServiceEvidence<'a> {
    fn gather(
        preset: &'a Preset,
        all: &'a [ServiceFigures],
        intervals: &'a [EcoInterval],
    ) -> ServiceEvidence<'a> {
        let figures = all.iter().find(|figures| figures.service == preset.name);
        let measured = || all.iter().find(|figures| figures.prompt_tokens > 0.0);
        let mut intervals = intervals.iter();

        Self {
            preset,
            figures,
            priced_as: figures.or_else(measured),
            carbon: intervals.find(|interval| interval.service == preset.name),
        }
    }

    /// The value of a criterion; `None` when nobody knows it.
    fn value(&self, criterion: &str, protocol: &BenchmarkProtocol) -> Option<f64> {
        let task = |name: &str| self.figures.and_then(|figures| figures.tasks.get(name));

        match criterion {
            "categorie" | "urgence" => task(criterion).map(|task| task.macro_f1),
            "abstention" | "hostile" => task(criterion).map(|task| task.accuracy),
            "latence" => self.figures.map(|figures| figures.timings.p95_seconds),
            "prix" => self.monthly_price(protocol.volume.reports_per_month),
            "carbone" => self.grams_of_carbon(&protocol.energy),
            "droit" => Some(self.preset.law_grade()),
            _ => None,
        }
    }

    /// tokens of a report × price of a token × reports of a month, in euros.
    fn monthly_price(&self, reports_per_month: u32) -> Option<f64> {
        if matches!(
            self.preset.hosting,
            Hosting::InProcess | Hosting::OurMachines
        ) {
            // The machine is there already: its own price is in the page, not in the grade.
            return Some(0.0);
        }

        let (tokens, prices) = (self.priced_as?, &self.preset.prices);
        let per_million_reports = tokens.prompt_tokens * prices.prompt_per_million
            + tokens.completion_tokens * prices.completion_per_million;
        Some(per_million_reports * f64::from(reports_per_month) / 1e6)
    }

    /// Grams of CO2 equivalent of a thousand reports: measured, or the high end of EcoLogits'
    /// interval.
    fn grams_of_carbon(&self, factors: &EnergyFactors) -> Option<f64> {
        let measured = self
            .figures
            .and_then(|figures| figures.timings.cpu_seconds)
            .map(|seconds| 1000.0 * factors.grams(seconds));

        measured.or_else(|| self.carbon.map(|interval| 1e6 * interval.highest_kg))
    }
}

fn passed_limits(values: &[Option<f64>], protocol: &BenchmarkProtocol) -> Vec<String> {
    let limits = &protocol.limits;
    let value = |name: &str| {
        let named = protocol.criteria.iter().zip(values);
        named
            .filter(|(criterion, _)| criterion.name == name)
            .find_map(|(_, value)| *value)
    };
    let below = |name: &str, limit: f64, says: &str| {
        let value = value(name).filter(|value| *value < limit)?;
        Some(format!(
            "{says} : {} au lieu de {} au moins",
            decimal(value),
            decimal(limit)
        ))
    };
    let above = |name: &str, limit: f64, says: &str| {
        let value = value(name).filter(|value| *value > limit)?;
        Some(format!(
            "{says} : {} au lieu de {} au plus",
            decimal(value),
            decimal(limit)
        ))
    };

    [
        below(
            "categorie",
            limits.lowest_category_macro_f1,
            "macro-F1 de la catégorie",
        ),
        below(
            "hostile",
            limits.lowest_hostile_accuracy,
            "exactitude face aux textes hostiles",
        ),
        above(
            "latence",
            limits.longest_p95_seconds,
            "latence, 95e centile en secondes",
        ),
        above(
            "prix",
            limits.highest_monthly_price,
            "prix d’un mois en euros",
        ),
        below("droit", limits.lowest_law, "note d’hébergement et de droit"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A number with a comma, as French writes it: two significant decimals.
pub(super) fn decimal(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 1.0 || size == 0.0 => 2,
        size if size >= 0.01 => 3,
        _ => 6,
    };

    format!("{value:.digits$}").replace('.', ",")
}
