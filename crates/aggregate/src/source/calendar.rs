//! Public and school holidays, by local day.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::AggregateError;
use crate::ledger::{Finding, Ledger};

/// The days off that a run knows.
#[derive(Debug, Default)]
pub(crate) struct Calendar {
    public: Option<BTreeSet<NaiveDate>>,
    school: Option<Vec<(NaiveDate, NaiveDate)>>,
}

#[derive(Deserialize)]
struct PublicHoliday {
    date: Option<NaiveDate>,
}

#[derive(Deserialize)]
struct SchoolHoliday {
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
}

impl Calendar {
    /// Reads the days off of a run: from its pages or, when no page lists the public holidays, from
    /// the web service.
    pub(crate) fn read(
        run: &Path,
        ledger: &mut Ledger,
        absent: &mut Vec<&'static str>,
    ) -> Result<Self, AggregateError> {
        let public = match super::read_json_lines::<PublicHoliday>(
            &run.join("web_page/public_holidays.jsonl"),
        )? {
            None => super::read_json_lines(&run.join("web_service/public_holidays.jsonl"))?,
            days => days,
        };

        let school =
            super::read_json_lines::<SchoolHoliday>(&run.join("web_page/school_holidays.jsonl"))?;

        absent.extend(public.is_none().then_some("public_holidays"));
        absent.extend(school.is_none().then_some("school_holidays"));
        let public = public.map(|days| dated(days, "public_holidays", |day| day.date, ledger));
        let period = |holiday: &SchoolHoliday| holiday.starts_on.zip(holiday.ends_on);
        let school = school.map(|periods| dated(periods, "school_holidays", period, ledger));

        Ok(Self {
            public: public.map(|days| days.into_iter().collect()),
            school,
        })
    }

    /// Tells a public holiday; `None` outside of the years that the source covers.
    pub(crate) fn is_public_holiday(&self, date: NaiveDate) -> Option<bool> {
        let days = self.public.as_ref()?;
        // A list of the holidays of 2026 says nothing of 2027.
        let covered = days.first()?.year()..=days.last()?.year();
        covered.contains(&date.year()).then(|| days.contains(&date))
    }

    /// Tells a day of the school holidays; `None` before the first and after the last that are known.
    pub(crate) fn is_school_holiday(&self, date: NaiveDate) -> Option<bool> {
        let periods = self.school.as_ref()?;
        // Between two periods there is school; before the first and after the last, nobody knows.
        let first = periods.iter().map(|(starts_on, _)| starts_on).min()?;
        let last = periods.iter().map(|(_, ends_on)| ends_on).max()?;
        let is_off = || {
            periods
                .iter()
                .any(|(starts_on, ends_on)| (starts_on..=ends_on).contains(&&date))
        };
        (first..=last).contains(&&date).then(is_off)
    }
}

/// The records that have a date; the others are set aside by the rule of unreadable instants.
fn dated<R, D>(
    records: Vec<R>,
    source: &'static str,
    date: impl Fn(&R) -> Option<D>,
    ledger: &mut Ledger,
) -> Vec<D> {
    let file = format!("{source}.jsonl");
    let mut dates = Vec::with_capacity(records.len());

    for (record, line) in records.iter().zip(1..) {
        match date(record) {
            Some(date) => dates.push(date),
            None => ledger.find(source, Finding::unreadable_instant(&file, line)),
        }
    }

    ledger.read(source, records.len());
    ledger.keep(source, dates.len());
    dates
}

#[cfg(test)]
mod tests;
