use chrono::{NaiveDate, TimeDelta};

use super::date;

/// A day off for all, article L3133-1 of the Labour code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicHoliday {
    /// The day.
    pub date: NaiveDate,
    /// Its name, French.
    pub name: &'static str,
}

/// The eleven public holidays of metropolitan France, in order.
pub fn public_holidays(year: i32) -> Vec<PublicHoliday> {
    let easter = easter_sunday(year);
    let after_easter = |days| easter + TimeDelta::days(days);

    let mut holidays = [
        (date(year, 1, 1), "1er janvier"),
        (after_easter(1), "Lundi de Pâques"),
        (date(year, 5, 1), "1er mai"),
        (date(year, 5, 8), "8 mai"),
        (after_easter(39), "Ascension"),
        (after_easter(50), "Lundi de Pentecôte"),
        (date(year, 7, 14), "14 juillet"),
        (date(year, 8, 15), "Assomption"),
        (date(year, 11, 1), "Toussaint"),
        (date(year, 11, 11), "11 novembre"),
        (date(year, 12, 25), "Jour de Noël"),
    ]
    .map(|(date, name)| PublicHoliday { date, name });

    // 1 or 8 May may fall on Ascension or before it: the order moves with Easter.
    holidays.sort_by_key(|holiday| holiday.date);
    holidays.to_vec()
}

/// Easter Sunday in the Gregorian calendar (the anonymous algorithm, as J. Meeus gives it,
/// *Astronomical Algorithms*, ch. 8).
pub fn easter_sunday(year: i32) -> NaiveDate {
    let golden = year.rem_euclid(19);
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let correction = century - century / 4 - (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + correction + 15).rem_euclid(30);

    let weekday =
        (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4).rem_euclid(7);
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    date(year, days.unsigned_abs() / 31, days.unsigned_abs() % 31 + 1)
}
