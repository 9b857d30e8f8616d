use std::fmt;

use askama::filters::{Html, HtmlSafe, escape};
use fluent_bundle::FluentValue;

/// HTML that is written as it is: every text in it was escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Markup(String);

impl Markup {
    /// HTML of ours.
    pub(crate) fn trusted(html: String) -> Self {
        Self(html)
    }

    /// A text of others, or of ours without elements.
    pub(crate) fn text(text: &str) -> Self {
        // Its error has no value: it cannot happen.
        let Ok(escaped) = escape(text, Html);
        Self(escaped.to_string())
    }
}

impl HtmlSafe for Markup {}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Markup> for FluentValue<'static> {
    fn from(markup: Markup) -> Self {
        markup.0.into()
    }
}
