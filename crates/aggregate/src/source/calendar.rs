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

    /// Whether `date` is a public holiday; `None` outside of the years that the source covers.
    pub(crate) fn is_public_holiday(&self, date: NaiveDate) -> Option<bool> {
        let days = self.public.as_ref()?;
        let covered = days.first()?.year()..=days.last()?.year();
        covered.contains(&date.year()).then(|| days.contains(&date))
    }

    /// Whether `date` falls in the school holidays; `None` before the first and after the last that
    /// are known.
    pub(crate) fn is_school_holiday(&self, date: NaiveDate) -> Option<bool> {
        let periods = self.school.as_ref()?;
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
    ledger.read(source, records.len());
    let mut dates = Vec::with_capacity(records.len());
    for (record, line) in records.iter().zip(1..) {
        match date(record) {
            Some(date) => dates.push(date),
            None => ledger.reject(source, Finding::unreadable_instant(&file, line)),
        }
    }
    ledger.keep(source, dates.len());
    dates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_outside_of_what_the_sources_cover_are_unknown() {
        let calendar = Calendar {
            public: Some([date("2025-01-01"), date("2026-05-01")].into()),
            school: Some(vec![
                (date("2025-12-20"), date("2026-01-04")),
                (date("2026-02-07"), date("2026-02-22")),
            ]),
        };

        for (day, public, school) in [
            ("2024-12-31", None, None),
            ("2025-01-01", Some(true), None),
            ("2025-12-31", Some(false), Some(true)),
            ("2026-01-04", Some(false), Some(true)),
            ("2026-01-05", Some(false), Some(false)),
            ("2026-05-01", Some(true), None),
            ("2027-01-01", None, None),
        ] {
            assert_eq!(calendar.is_public_holiday(date(day)), public, "{day}");
            assert_eq!(calendar.is_school_holiday(date(day)), school, "{day}");
        }
    }

    #[test]
    fn the_days_of_the_web_service_are_read_when_no_page_lists_them() {
        let run = tempfile::tempdir().unwrap();

        for (folder, day, expected) in [
            ("web_service", "2026-05-01", ["2026-05-01"]),
            // A page, once there is one, is what the profile's author chose.
            ("web_page", "2026-07-14", ["2026-07-14"]),
        ] {
            std::fs::create_dir(run.path().join(folder)).unwrap();
            let record = format!("{{\"date\": \"{day}\", \"name\": \"Fête\"}}\n");

            std::fs::write(
                run.path().join(folder).join("public_holidays.jsonl"),
                record,
            )
            .unwrap();
            let calendar =
                Calendar::read(run.path(), &mut Ledger::default(), &mut Vec::new()).unwrap();

            assert!(calendar.public.unwrap().into_iter().eq(expected.map(date)));
        }
    }

    #[test]
    fn an_absent_source_leaves_the_days_unknown() {
        let folder = tempfile::tempdir().unwrap();
        let mut absent = Vec::new();
        let calendar = Calendar::read(folder.path(), &mut Ledger::default(), &mut absent).unwrap();
        assert_eq!(absent, ["public_holidays", "school_holidays"]);
        assert_eq!(calendar.is_public_holiday(date("2026-01-01")), None);
        assert_eq!(calendar.is_school_holiday(date("2026-01-01")), None);
    }
}
