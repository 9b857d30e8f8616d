use askama::Template as _;

use super::{
    Frame, Hour, Mornings, OperationsPage, PlanQuery, StationHourAnswer, StationHourAnswers, Why,
    morning_hours,
};
use crate::data_api::SAMPLE_TIME;
use crate::model_api::{Chances, DemandExplanation, FeatureContribution, sample_chances};

/// A night with something to do and its explanation; one in which the model says nothing.
pub(in crate::page) fn samples(t: &Frame) -> Vec<(&'static str, String)> {
    let mut latest = crate::data_api::sample();
    let list = std::sync::Arc::get_mut(&mut latest.stations).unwrap();
    list.list[0].bikes_available = Some(19);

    let hours = morning_hours(t, SAMPLE_TIME);
    let mornings = |arrivals: &Chances| {
        Mornings::new(&latest.stations, &hours, answers(hours.len()), arrivals)
    };
    let [with_arrivals, departures_alone] = [sample_chances(), Chances::default()];
    let hour = Hour::containing(SAMPLE_TIME) + 22;
    let why = Why::new(t, "Gare <centrale>", hour, &explanation(), SAMPLE_TIME);

    let query = PlanQuery::default();
    let page = |mornings, why| {
        let page = OperationsPage::new(t.clone(), &latest, mornings, &query, why, SAMPLE_TIME);
        page.render().unwrap()
    };
    vec![
        (
            "operations",
            page(Some(mornings(&with_arrivals)), Some(why)),
        ),
        (
            "operations_without_arrivals",
            page(Some(mornings(&departures_alone)), None),
        ),
        ("operations_without_model", page(None, None)),
    ]
}

/// Three stations: quiet, busy, quiet.
fn answers(hours: usize) -> StationHourAnswers {
    let demands = [0.4, 2.5, 0.2].into_iter();
    let items = demands.flat_map(|demand| {
        let answer = StationHourAnswer {
            demand,
            demand_p90: 2.0 * demand,
        };
        std::iter::repeat_n(answer, hours)
    });
    StationHourAnswers {
        model_version: "2026-02-28-4f1c9a2e".to_owned(),
        items: items.collect(),
    }
}

fn explanation() -> DemandExplanation {
    let contribution = |(feature, contribution): (&str, f64)| FeatureContribution {
        feature: feature.to_owned(),
        contribution,
    };

    let contributions = [
        ("lag_168", 1.25),
        ("system_lag_24", 0.5),
        ("temperature", -0.4),
        ("hour_of_day", 0.3),
        ("mean_7_days", -0.05),
    ];

    DemandExplanation {
        demand: 3.1,
        base: 1.5,
        contributions: contributions.map(contribution).into(),
    }
}
