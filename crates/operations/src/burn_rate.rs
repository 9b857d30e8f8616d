//! Alarms on the burn rate of an error budget, by pairs of windows: the Site Reliability Workbook,
//! chapter 5, table 5-8. Burn rate = share that failed / share that may fail.

use crate::alert::{AlertRule, Urgency};
use crate::objective::Objective;

/// Length of an objective: the budget is counted over it.
pub(crate) const PERIOD: &str = "30d";

/// A pair of windows. The long one says that it matters, the short one that it still goes on.
struct Pair {
    name: &'static str,
    long: &'static str,
    short: &'static str,
    /// Share of the budget that is spent when the alarm rings, over the long window.
    spent: f64,
    urgency: Urgency,
}

const PAIRS: [Pair; 3] = [
    Pair {
        name: "BudgetConsommeEnDeuxJours",
        long: "1h",
        short: "5m",
        spent: 0.02,
        urgency: Urgency::Page,
    },
    Pair {
        name: "BudgetConsommeEnCinqJours",
        long: "6h",
        short: "30m",
        spent: 0.05,
        urgency: Urgency::Page,
    },
    Pair {
        name: "BudgetConsommeEnUnMois",
        long: "3d",
        short: "6h",
        spent: 0.1,
        urgency: Urgency::Ticket,
    },
];

/// The windows of all pairs.
pub(crate) const WINDOWS: [&str; 5] = ["5m", "30m", "1h", "6h", "3d"];

/// The series of the burn rate over a window.
pub(crate) fn series(window: &str) -> String {
    format!("slo:burn_rate:{window}")
}

/// The burn rate of an objective over a window, in PromQL.
pub(crate) fn burn_rate(objective: &Objective, window: &str) -> String {
    let budget = rounded(objective.error_budget());
    format!("({}) / {budget}", objective.error_ratio(window))
}

/// One alarm a pair of windows, for every objective.
pub(crate) fn alerts() -> impl Iterator<Item = AlertRule> {
    PAIRS.iter().map(Pair::alert)
}

impl Pair {
    /// spent × period / long window: 2 % of thirty days in one hour is 14.4 times the pace that
    /// spends all of it in thirty days.
    fn factor(&self) -> f64 {
        let seconds = |duration| crate::seconds(duration).unwrap_or(1) as f64;
        rounded(self.spent * seconds(PERIOD) / seconds(self.long))
    }

    fn alert(&self) -> AlertRule {
        let Self {
            name, long, short, ..
        } = *self;
        let (factor, percent) = (self.factor(), rounded(100.0 * self.spent));
        let [long_series, short_series] = [series(long), series(short)];

        AlertRule {
            name: name.to_owned(),
            // Both have the label `slo`, and nothing else; the value is that of the short window.
            watches: format!("{short_series} and {long_series} > {factor}"),
            fires: format!("> {factor}"),
            delay: None,
            keep_for: None,
            urgency: self.urgency,
            called: "exploitation".to_owned(),
            risk: "Une promesse faite aux cyclistes (SLO) ne sera pas tenue ce mois-ci si rien ne change.".to_owned(),
            why: format!(
                "{percent} % du budget d’un mois en {long}, soit {factor} fois la vitesse permise ; la fenêtre de {short} fait taire \
                 l’alarme dès que le mal est passé (Site Reliability Workbook, chapitre 5, tableau 5-8)."
            ),
            summary: "{{ $labels.slo }} consomme son budget d’erreur {{ $value | humanize }} fois trop vite".to_owned(),
            steps: vec![
                "Lire la promesse de l’étiquette `slo` plus bas, et l’alarme qui sonne avec elle : elle dit la cause.".to_owned(),
                "Aucune autre ne sonne : regarder les statuts et les durées par route, puis le journal.".to_owned(),
            ],
            stops: Vec::new(),
        }
    }
}

/// Binary fractions print as decimal ones.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factors_are_those_of_the_workbook() {
        let factors = PAIRS.each_ref().map(Pair::factor);
        assert_eq!(factors, [14.4, 6.0, 1.0]);
    }

    #[test]
    fn every_window_of_a_pair_is_recorded() {
        for pair in &PAIRS {
            assert!(WINDOWS.contains(&pair.long) && WINDOWS.contains(&pair.short));
        }
    }
}
