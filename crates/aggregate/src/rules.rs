//! The rules of cleaning, in the order in which they are applied.

mod trips;
mod weather;

use crate::rule::CleaningRule;

pub(crate) use trips::{TRIP_RULES, UNKNOWN_STATION, UNREADABLE_INSTANT};
pub(crate) use weather::WEATHER_RULES;

/// All rules, in the order in which they are applied: a row is set aside by the first that finds it
/// at fault.
pub fn rules() -> impl Iterator<Item = &'static CleaningRule> {
    TRIP_RULES.iter().chain(WEATHER_RULES)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_and_names_are_given_once_and_each_rule_has_a_reason() {
        let codes: BTreeSet<_> = rules().map(|rule| rule.code).collect();
        let names: BTreeSet<_> = rules().map(|rule| rule.name).collect();
        let count = rules().count();

        assert_eq!((codes.len(), names.len()), (count, count));
        assert!(rules().all(|rule| rule.reason.ends_with('.') && rule.reason.len() > 40));
    }
}
