//! One page: its items, the texts of their fields, the address of the next page.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context, Result, anyhow, ensure};
use chrono_tz::Tz;
use encoding_rs::{Encoding, UTF_8};
use scraper::{ElementRef, Html, Selector};
use serde::{Deserialize, Deserializer, Serialize};
use url::Url;

use crate::fetch::Received;

mod document;

/// Bytes of a link to the next page: the longest that servers take.
const LINK_BYTES: usize = 2_000;

/// A list of records, over one page or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List<S> {
    /// Address of its first page.
    pub(super) address: Url,
    /// Selector of one record of the list.
    pub(super) item: Css,
    /// Selector of the link to the next page.
    pub(super) next: Option<Css>,
    /// Selector of the words by which a page says that it has no record.
    pub(super) empty: Option<Css>,
    /// Pages followed at most.
    #[serde(default = "hundred")]
    pub(super) maximum_pages: usize,
    /// Selectors of the fields, inside an item.
    pub(super) fields: S,
}

/// A CSS selector, checked when the profile is read.
#[derive(Clone)]
pub(super) struct Css {
    text: String,
    selector: Selector,
}

/// The position of a field: `selector` for a text, `selector@attribute` for an attribute,
/// `@attribute` for one of the item itself, or a list of these, joined by a space.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Field {
    /// One position.
    One(FieldSelector),
    /// Several, such as a day and a time.
    Joined(Vec<FieldSelector>),
}

/// The position of a text inside an item.
#[derive(Debug, Clone)]
pub(super) struct FieldSelector {
    selector: Option<Css>,
    attribute: Option<String>,
}

/// The fields of one kind of record, and how they are read.
pub(super) trait Shape {
    type Record: Serialize;
    /// The fields that the profile places.
    fn fields(&self) -> Vec<Named<'_>>;
    /// The records, and a note for each that could not be read.
    fn records(&self, items: &[Item], time_zone: Tz) -> (Vec<Self::Record>, Vec<String>);
}

/// A field with its name.
pub(super) struct Named<'a>(pub(super) &'static str, pub(super) &'a Field);

impl Named<'_> {
    pub(super) fn name(&self) -> &'static str {
        self.0
    }

    pub(super) fn field(&self) -> &Field {
        self.1
    }

    pub(super) fn selector(&self) -> String {
        self.1.to_string()
    }
}

/// The texts of one record.
#[derive(Debug, PartialEq)]
pub(super) struct Item {
    /// The page it was read on.
    pub(super) page: Url,
    fields: BTreeMap<&'static str, String>,
}

/// The content of one page.
#[derive(Debug)]
pub(super) struct WebPage {
    pub(super) items: Vec<Item>,
    pub(super) next: Option<Url>,
}

impl Item {
    /// The text of the field `name`, when the item has it.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }
}

/// The text of a page, by the charset of its header, of its `meta` element, or UTF-8.
pub(super) fn decode(received: &Received) -> Cow<'_, str> {
    let header = received.content_type.as_deref().and_then(charset);
    let head = String::from_utf8_lossy(&received.body[..received.body.len().min(1024)])
        .to_ascii_lowercase();
    let encoding = header.or_else(|| charset(&head)).unwrap_or(UTF_8);
    encoding.decode(&received.body).0
}

fn charset(text: &str) -> Option<&'static Encoding> {
    let at = text.to_ascii_lowercase().find("charset=")? + "charset=".len();
    let label = text.get(at..)?.trim_start_matches(['"', '\'']);
    let end = label
        .find(|sign: char| !sign.is_ascii_alphanumeric() && !"-_".contains(sign))
        .unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end])
}

/// Reads the items of `list` on the page at `url`. An item selector that matches nothing is an
/// error, unless the page says itself that it is empty.
pub(super) fn read<S: Shape>(text: &str, url: &Url, list: &List<S>) -> Result<WebPage> {
    let html = document::parse(text).with_context(|| format!("{url} is not a page"))?;
    let items = items(&html, text, url, list)?;
    let says_empty = list
        .empty
        .as_ref()
        .is_some_and(|empty| html.select(&empty.selector).next().is_some());

    ensure!(
        !items.is_empty() || says_empty,
        "the selector `{}` matches nothing on {url}",
        list.item
    );
    let link = list
        .next
        .as_ref()
        .and_then(|next| html.select(&next.selector).next());

    let link = link.and_then(|link| link.attr("href"));
    ensure!(
        link.is_none_or(|link| link.len() <= LINK_BYTES),
        "the link to the next page of {url} is longer than {LINK_BYTES} bytes"
    );
    let next = link
        .map(|link| {
            url.join(link)
                .with_context(|| format!("the link `{link}` on {url} is not an address"))
        })
        .transpose()?;

    Ok(WebPage { items, next })
}

/// The items of a page. A field reads no text twice, unless items are nested in each other: all
/// together are then longer than the page.
fn items<S: Shape>(html: &Html, text: &str, url: &Url, list: &List<S>) -> Result<Vec<Item>> {
    let mut left = text.len().saturating_mul(list.fields.fields().len());
    let mut items = Vec::new();

    for element in html.select(&list.item.selector) {
        let item = item(element, url, &list.fields);
        let length: usize = item.fields.values().map(String::len).sum();
        left = left.checked_sub(length).with_context(|| {
            format!(
                "the items `{}` of {url} are nested in each other",
                list.item
            )
        })?;
        items.push(item);
    }

    Ok(items)
}

fn item<S: Shape>(element: ElementRef<'_>, url: &Url, shape: &S) -> Item {
    let texts = shape
        .fields()
        .into_iter()
        .filter_map(|field| Some((field.name(), field.field().text(element)?)));
    Item {
        page: url.clone(),
        fields: texts.collect(),
    }
}

impl Field {
    fn text(&self, item: ElementRef<'_>) -> Option<String> {
        match self {
            Self::One(place) => place.text(item),
            Self::Joined(places) => {
                let texts: Vec<_> = places.iter().filter_map(|place| place.text(item)).collect();
                (!texts.is_empty()).then(|| texts.join(" "))
            }
        }
    }
}

impl FieldSelector {
    fn text(&self, item: ElementRef<'_>) -> Option<String> {
        let element = match &self.selector {
            Some(css) => item.select(&css.selector).next()?,
            None => item,
        };
        let text: String = match &self.attribute {
            Some(attribute) => element.attr(attribute)?.to_owned(),
            None => element.text().collect(),
        };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(place) => place.fmt(f),
            Self::Joined(places) => {
                let texts: Vec<_> = places.iter().map(ToString::to_string).collect();
                f.write_str(&texts.join("` + `"))
            }
        }
    }
}

impl fmt::Display for FieldSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(selector) = &self.selector {
            selector.fmt(f)?;
        }
        self.attribute
            .as_ref()
            .map_or(Ok(()), |attribute| write!(f, "@{attribute}"))
    }
}

impl fmt::Display for Css {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Css {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

fn css(text: &str) -> Result<Css> {
    let selector = Selector::parse(text)
        .map_err(|error| anyhow!("`{text}` is not a CSS selector: {error}"))?;
    Ok(Css {
        text: text.to_owned(),
        selector,
    })
}

impl<'de> Deserialize<'de> for Css {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        css(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for FieldSelector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (selector, attribute) = match text.rsplit_once('@') {
            Some((selector, attribute)) => (selector.trim(), Some(attribute.trim().to_owned())),
            None => (text.trim(), None),
        };
        let selector = (!selector.is_empty())
            .then(|| css(selector))
            .transpose()
            .map_err(serde::de::Error::custom)?;

        Ok(Self {
            selector,
            attribute,
        })
    }
}

const fn hundred() -> usize {
    100
}

#[cfg(test)]
mod tests;
