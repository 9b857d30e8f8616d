use askama::Template;

use crate::assets;
use crate::form::Form;
use crate::frame::Frame;

/// A page that is one form and a few links.
#[derive(Template)]
#[template(path = "form_page.html")]
pub(super) struct FormPage {
    t: Frame,
    title: String,
    lead: String,
    /// A sentence about what was just done.
    pub(super) notice: Option<String>,
    /// The fault of the form as a whole.
    pub(super) fault: Option<String>,
    pub(super) form: Option<Form>,
    pub(super) links: Vec<Link>,
    /// True when the menu leads to this page by its account.
    pub(super) is_account: bool,
}

/// A link and its text.
pub(super) struct Link {
    address: String,
    text: String,
}

impl FormPage {
    /// The page of these texts, its form empty.
    pub(super) fn new(t: Frame, title: &str, lead: &str, form: Option<Form>) -> Self {
        Self {
            title: t.say(title),
            lead: t.say(lead),
            notice: None,
            fault: None,
            form,
            links: Vec::new(),
            is_account: true,
            t,
        }
    }
}

impl Link {
    /// A link to `path`, in the language of the page.
    pub(super) fn new(t: &Frame, path: &str, text: &str) -> Self {
        Self {
            address: t.link(path),
            text: t.say(text),
        }
    }
}
