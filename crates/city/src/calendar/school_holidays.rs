use chrono::{NaiveDate, TimeDelta};

use super::{date, first_saturday_from};

/// Two weeks or more without school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchoolHoliday {
    /// First day, a Saturday.
    pub starts_on: NaiveDate,
    /// Last day, included.
    pub ends_on: NaiveDate,
    /// Its name, French.
    pub name: &'static str,
}

/// The holidays of the school year that begins in September of `year`, in order. Zone A.
///
/// The ministry sets them by decree; these rules give the decreed dates of 2023 to 2026, and
/// plausible ones for other years. The three zones take turns in winter, and spring comes eight
/// weeks later.
pub fn school_holidays(year: i32) -> [SchoolHoliday; 5] {
    let winter = first_saturday_from(year + 1, 2, winter_from(year + 1));
    let summer = SchoolHoliday {
        starts_on: first_saturday_from(year + 1, 7, 3),
        ends_on: date(year + 1, 8, 31),
        name: "Vacances d’été",
    };

    [
        fortnight(
            first_saturday_from(year, 10, 16),
            "Vacances de la Toussaint",
        ),
        fortnight(first_saturday_from(year, 12, 18), "Vacances de Noël"),
        fortnight(winter, "Vacances d’hiver"),
        fortnight(winter + TimeDelta::weeks(8), "Vacances de printemps"),
        summer,
    ]
}

fn fortnight(starts_on: NaiveDate, name: &'static str) -> SchoolHoliday {
    SchoolHoliday {
        starts_on,
        // From a Saturday to the Sunday two weeks later.
        ends_on: starts_on + TimeDelta::days(15),
        name,
    }
}

/// The day of February from which the zone's turn is looked for.
fn winter_from(year: i32) -> u32 {
    match year.rem_euclid(3) {
        0 => 20,
        1 => 6,
        _ => 13,
    }
}
