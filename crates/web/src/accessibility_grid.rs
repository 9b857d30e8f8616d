//! The 106 criteria of the RGAA, and the verdict on each.

use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Deserialize;

static GRID: LazyLock<Grid> = LazyLock::new(|| {
    let text = include_str!("../../../data/accessibility/rgaa.toml");
    // The tests read the same text: a mistake in it never reaches a reader.
    toml::from_str(text).unwrap_or_else(|error| {
        tracing::error!(%error, "the grid of the RGAA cannot be read");
        Grid::default()
    })
});

/// The grid.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grid {
    /// Version of the RGAA.
    pub(crate) version: String,
    pub(crate) review: Review,
    #[serde(rename = "criterion")]
    pub(crate) criteria: Vec<Criterion>,
}

/// The last time that a person went through the grid.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Review {
    pub(crate) date: Day,
    /// A role, never a name.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the statement says it in each language")
    )]
    pub(crate) by: String,
    /// True once somebody from outside, or who uses an assistive technology, has audited the pages.
    pub(crate) is_audited: bool,
}

/// A criterion, and the verdict on it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Criterion {
    pub(crate) number: String,
    pub(crate) says: String,
    pub(crate) decided: Decided,
    pub(crate) verdict: Option<Conformity>,
    /// Why it does not apply, or fails.
    pub(crate) why: Option<String>,
    /// The pages that a person looked at.
    #[cfg_attr(not(test), expect(dead_code, reason = "for who reads the grid"))]
    pub(crate) seen: Option<String>,
}

/// Who decides of a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Decided {
    /// A rule on the markup of each page.
    Page,
    /// A rule in a real browser.
    Browser,
    /// A person.
    Person,
    /// Nobody yet.
    Nobody,
}

/// The verdict on a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Conformity {
    Conform,
    Fails,
    NotApplicable,
}

/// The state that a statement declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Full,
    Partial,
    None,
}

/// A date as TOML writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "toml::value::Datetime")]
pub(crate) struct Day(pub(crate) NaiveDate);

impl Grid {
    /// The grid of this version of the application.
    pub(crate) fn read() -> &'static Self {
        &GRID
    }

    /// Number of criteria whose verdict is that one; `None` for those that nobody checked.
    pub(crate) fn count(&self, verdict: Option<Conformity>) -> usize {
        let same = |criterion: &&Criterion| criterion.verdict == verdict;
        self.criteria.iter().filter(same).count()
    }

    /// Number of criteria that a test decides.
    pub(crate) fn tested(&self) -> usize {
        let is_tested =
            |criterion: &&Criterion| matches!(criterion.decided, Decided::Page | Decided::Browser);
        self.criteria.iter().filter(is_tested).count()
    }

    /// Conform criteria of those that apply, 0 to 1: one that nobody checked is not conform.
    pub(crate) fn rate(&self) -> f64 {
        let conform = self.count(Some(Conformity::Conform));
        let applicable = self.criteria.len() - self.count(Some(Conformity::NotApplicable));
        conform as f64 / applicable.max(1) as f64
    }

    /// The state to declare: decree no. 2019-768 of 24 July 2019, and at most partial without an audit.
    pub(crate) fn state(&self) -> State {
        match self.rate() {
            rate if rate >= 1.0 && self.review.is_audited => State::Full,
            rate if rate >= 0.5 => State::Partial,
            _ => State::None,
        }
    }

    /// The criteria that a statement names: those that fail, and those that nobody checked.
    pub(crate) fn open(&self) -> impl Iterator<Item = &Criterion> {
        let is_open =
            |criterion: &&Criterion| matches!(criterion.verdict, None | Some(Conformity::Fails));
        self.criteria.iter().filter(is_open)
    }
}

impl TryFrom<toml::value::Datetime> for Day {
    type Error = String;

    fn try_from(datetime: toml::value::Datetime) -> Result<Self, String> {
        let date = datetime.date.ok_or("a date is expected")?;
        let (year, month, day) = (date.year.into(), date.month.into(), date.day.into());
        NaiveDate::from_ymd_opt(year, month, day)
            .map(Self)
            .ok_or_else(|| format!("{datetime} does not exist"))
    }
}

#[cfg(test)]
mod tests;
