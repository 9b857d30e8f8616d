//! The numbers of the RGAA's criteria, and the success criteria of WCAG that each one checks.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use serde::Deserialize;

use super::declared;

const LIST: &str = "data/framing/rgaa.toml";

/// The criteria by number: `11.1` checks the WCAG's `1.3.1` and others.
pub(super) struct RgaaGrid {
    wcag: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Topics {
    #[serde(rename = "version")]
    _version: String,
    topic: Vec<Topic>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    number: u8,
    #[serde(rename = "title")]
    _title: String,
    criteria: Vec<RgaaCriterion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RgaaCriterion {
    number: u8,
    wcag: Vec<String>,
}

impl RgaaGrid {
    pub(super) fn read(root: &Path) -> Result<Self> {
        let topics: Topics = declared(root, LIST)?;
        Ok(Self::from(topics))
    }

    pub(super) fn has(&self, number: &str) -> bool {
        self.wcag.contains_key(number)
    }

    /// The fault of an objective that names a criterion and the success criteria of WCAG.
    pub(super) fn fault(&self, number: &str, wcag: &[String]) -> Option<String> {
        let Some(checked) = self.wcag.get(number) else {
            return Some(format!("RGAA {number} is no criterion"));
        };
        if wcag.is_empty() {
            return Some(format!("RGAA {number} stands without a criterion of WCAG"));
        }
        let other = wcag.iter().find(|wcag| !checked.contains(wcag))?;
        Some(format!(
            "RGAA {number} does not check WCAG {other}, but {}",
            checked.join(", ")
        ))
    }
}

impl From<Topics> for RgaaGrid {
    fn from(topics: Topics) -> Self {
        let criteria = topics.topic.into_iter().flat_map(|topic| {
            let named =
                move |RgaaCriterion { number, wcag }| (format!("{}.{number}", topic.number), wcag);
            topic.criteria.into_iter().map(named)
        });
        Self {
            wcag: criteria.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Criteria of each topic of the RGAA 4.1, 106 in all.
    const COUNTS: [usize; 13] = [9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12];

    fn grid() -> RgaaGrid {
        RgaaGrid::read(&crate::root()).unwrap()
    }

    #[test]
    fn the_grid_has_the_106_criteria_of_the_rgaa() {
        let grid = grid();
        assert_eq!(grid.wcag.len(), 106);
        for (topic, count) in (1..).zip(COUNTS) {
            assert!(grid.has(&format!("{topic}.{count}")), "{topic}.{count}");
            let next = format!("{topic}.{}", count + 1);
            assert!(!grid.has(&next), "{next}");
        }
    }

    #[test]
    fn a_number_that_is_no_criterion_or_checks_something_else_is_told() {
        let fault = |number, wcag: &[&str]| {
            let wcag: Vec<_> = wcag.iter().map(|wcag| (*wcag).to_owned()).collect();
            grid().fault(number, &wcag)
        };
        let told = |text: &str| Some(text.to_owned());

        assert_eq!(fault("3.1", &["1.4.1"]), None);
        assert_eq!(fault("3.9", &["1.4.1"]), told("RGAA 3.9 is no criterion"));
        assert_eq!(
            fault("3.1", &[]),
            told("RGAA 3.1 stands without a criterion of WCAG")
        );
        assert_eq!(
            fault("2.1", &["1.4.3"]),
            told("RGAA 2.1 does not check WCAG 1.4.3, but 4.1.2")
        );
    }
}
