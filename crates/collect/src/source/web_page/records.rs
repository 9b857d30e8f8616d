//! From the texts of a page to records: instants in UTC, dates, numbers. A text that cannot be read
//! becomes null and is told; the page as received still has it.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::dates;
use super::page::{Field, Item, Named, Shape};

/// Selectors of an event's fields.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventFields {
    /// Without one, an identifier is made from the title, the place and the start.
    event_id: Option<Field>,
    title: Field,
    place: Option<Field>,
    starts_at: Field,
    ends_at: Option<Field>,
    attendance: Option<Field>,
}

/// Something that draws a crowd.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Event {
    event_id: String,
    title: Option<String>,
    place: Option<String>,
    starts_at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
    attendance: Option<u32>,
    source_page: String,
}

impl Shape for EventFields {
    type Record = Event;

    fn fields(&self) -> Vec<Named<'_>> {
        let optional = [
            ("event_id", &self.event_id),
            ("place", &self.place),
            ("ends_at", &self.ends_at),
            ("attendance", &self.attendance),
        ];

        let optional = optional
            .into_iter()
            .filter_map(|(name, field)| Some(Named(name, field.as_ref()?)));

        [
            Named("title", &self.title),
            Named("starts_at", &self.starts_at),
        ]
        .into_iter()
        .chain(optional)
        .collect()
    }

    fn records(&self, items: &[Item], time_zone: Tz) -> (Vec<Event>, Vec<String>) {
        read_each(items, |reader| {
            let instant = |text: &str| dates::instant(text, time_zone);
            let starts_at = reader.field("starts_at", instant);
            let title = reader.text("title");
            let place = reader.text("place");

            Event {
                event_id: reader
                    .text("event_id")
                    .unwrap_or_else(|| identifier(&title, &place, starts_at)),
                starts_at,
                ends_at: reader.field("ends_at", instant),
                attendance: reader.field("attendance", number),
                title,
                place,
                source_page: reader.item.page.to_string(),
            }
        })
    }
}

/// Selectors of a public holiday's fields.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PublicHolidayFields {
    date: Field,
    name: Field,
}

/// A day on which most people do not work.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct PublicHoliday {
    date: Option<NaiveDate>,
    name: Option<String>,
}

impl Shape for PublicHolidayFields {
    type Record = PublicHoliday;

    fn fields(&self) -> Vec<Named<'_>> {
        vec![Named("date", &self.date), Named("name", &self.name)]
    }

    fn records(&self, items: &[Item], _: Tz) -> (Vec<PublicHoliday>, Vec<String>) {
        read_each(items, |reader| PublicHoliday {
            date: reader.field("date", dates::date),
            name: reader.text("name"),
        })
    }
}

/// Selectors of a school holiday's fields.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchoolHolidayFields {
    starts_on: Field,
    ends_on: Field,
    name: Field,
}

/// Days without school, the first and the last included.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct SchoolHoliday {
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
    name: Option<String>,
}

impl Shape for SchoolHolidayFields {
    type Record = SchoolHoliday;

    fn fields(&self) -> Vec<Named<'_>> {
        vec![
            Named("starts_on", &self.starts_on),
            Named("ends_on", &self.ends_on),
            Named("name", &self.name),
        ]
    }

    fn records(&self, items: &[Item], _: Tz) -> (Vec<SchoolHoliday>, Vec<String>) {
        read_each(items, |reader| SchoolHoliday {
            starts_on: reader.field("starts_on", dates::date),
            ends_on: reader.field("ends_on", dates::date),
            name: reader.text("name"),
        })
    }
}

/// Reads the fields of one item and remembers those that are unreadable.
struct Reader<'a> {
    item: &'a Item,
    notes: Vec<String>,
}

impl Reader<'_> {
    fn text(&self, name: &str) -> Option<String> {
        self.item.field(name).map(str::to_owned)
    }

    fn field<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.item.field(name)?;
        let value = read(text);
        if value.is_none() {
            self.notes.push(format!(
                "{name} `{text}` of {} cannot be read",
                self.item.page
            ));
        }
        value
    }
}

fn read_each<T>(items: &[Item], read: impl Fn(&mut Reader<'_>) -> T) -> (Vec<T>, Vec<String>) {
    let mut notes = Vec::new();
    let records = items.iter().map(|item| {
        let mut reader = Reader {
            item,
            notes: Vec::new(),
        };
        let record = read(&mut reader);
        notes.append(&mut reader.notes);
        record
    });
    (records.collect(), notes)
}

fn identifier(
    title: &Option<String>,
    place: &Option<String>,
    starts_at: Option<DateTime<Utc>>,
) -> String {
    // The same event on the next run has the same identifier.
    hex::encode(&Sha256::digest(format!("{title:?} {place:?} {starts_at:?}"))[..8])
}

/// The first whole number of a text: `12 000 personnes`, with any kind of space between thousands.
fn number(text: &str) -> Option<u32> {
    let start = text.find(|sign: char| sign.is_ascii_digit())?;
    // French thousands are separated by a space, often a narrow no-break one.
    let signs = text[start..]
        .chars()
        .take_while(|sign| sign.is_ascii_digit() || sign.is_whitespace());
    signs
        .filter(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_french_write_them() {
        for (text, expected) in [
            ("12 000 personnes", Some(12_000)),
            ("environ 1\u{202f}500", Some(1_500)),
            ("300", Some(300)),
            ("foule", None),
        ] {
            assert_eq!(number(text), expected, "{text}");
        }
    }
}
