//! Taking personal data out of a text before anybody else reads it.

mod addresses;
mod context;
mod identifiers;
mod lists;
mod names;
mod online;
mod phones;
mod places;

use std::ops::Range;

/// Bytes of a text that are read; the rest is taken out whole, as a part nobody looked at.
const MAX_TEXT_BYTES: usize = 64 << 10;

/// A kind of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonalKind {
    /// A web address that identifies a person: a token, an account.
    Link,
    /// An e-mail address or the name of an account.
    Email,
    /// A bank account number (IBAN).
    Iban,
    /// A payment card number.
    Card,
    /// The number of a person at the French social security (NIR).
    SocialSecurity,
    /// A phone number.
    Phone,
    /// A vehicle registration plate.
    Plate,
    /// A postal address.
    Address,
    /// The name of a person.
    Name,
    /// The text beyond the part that is read.
    Unread,
}

/// A part of a text that tells of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalSpan {
    /// Bytes of the text, between two letters.
    pub range: Range<usize>,
    /// Of which kind it is.
    pub kind: PersonalKind,
}

/// A text without its personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted {
    /// The text, each part that was taken out replaced by its kind: `[nom]`, `[téléphone]`…
    pub text: String,
    /// Those parts, in the order of the original text.
    pub spans: Vec<PersonalSpan>,
}

impl PersonalKind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Link,
        Self::Email,
        Self::Iban,
        Self::Card,
        Self::SocialSecurity,
        Self::Phone,
        Self::Plate,
        Self::Address,
        Self::Name,
        Self::Unread,
    ];

    /// The word that stands for it in a redacted text.
    pub fn word(self) -> &'static str {
        match self {
            Self::Link => "lien",
            Self::Email => "courriel",
            Self::Iban => "iban",
            Self::Card => "carte",
            Self::SocialSecurity => "nir",
            Self::Phone => "téléphone",
            Self::Plate => "plaque",
            Self::Address => "adresse",
            Self::Name => "nom",
            Self::Unread => "suite",
        }
    }
}

/// Takes the personal data out of `text`. Numbers of bikes and of stations, and the streets that
/// stations are named after, stay.
pub fn redact(text: &str) -> Redacted {
    let spans = personal_spans(text);
    let mut redacted = String::with_capacity(text.len());
    let mut end = 0;

    for span in &spans {
        redacted.push_str(&text[end..span.range.start]);
        redacted.push('[');
        redacted.push_str(span.kind.word());
        redacted.push(']');
        end = span.range.end;
    }
    redacted.push_str(&text[end..]);
    Redacted {
        text: redacted,
        spans,
    }
}

/// Each finder leaves alone the finds of those before it: an e-mail address is not the name in it.
fn personal_spans(text: &str) -> Vec<PersonalSpan> {
    let (read, unread) = text.split_at(text.floor_char_boundary(MAX_TEXT_BYTES));
    let mut found = Found::default();
    found.add(PersonalKind::Link, online::links(read));
    found.add(PersonalKind::Email, online::emails(read));
    found.add(PersonalKind::Iban, identifiers::ibans(read));
    found.add(
        PersonalKind::SocialSecurity,
        identifiers::social_security_numbers(read),
    );
    found.add(PersonalKind::Card, identifiers::cards(read));
    found.add(PersonalKind::Phone, phones::find(read));
    found.add(PersonalKind::Plate, identifiers::plates(read));
    found.add(PersonalKind::Address, addresses::find(read));
    found.add(PersonalKind::Name, names::find(read));
    if !unread.is_empty() {
        found.add(
            PersonalKind::Unread,
            std::iter::once(read.len()..text.len()),
        );
    }

    found.spans.sort_by_key(|span| span.range.start);
    found.spans
}

/// Spans that do not overlap.
#[derive(Default)]
struct Found {
    spans: Vec<PersonalSpan>,
    /// The end of each span, by its start.
    ends: std::collections::BTreeMap<usize, usize>,
}

impl Found {
    fn add(&mut self, kind: PersonalKind, ranges: impl IntoIterator<Item = Range<usize>>) {
        for range in ranges {
            let before = self.ends.range(..range.end).next_back();
            if before.is_none_or(|(_, end)| *end <= range.start) {
                self.ends.insert(range.start, range.end);
                self.spans.push(PersonalSpan { range, kind });
            }
        }
    }
}
