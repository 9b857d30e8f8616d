//! Forms as every page draws them: a label above each field, its help and its fault tied to it.

use askama::Template;

use crate::frame::Frame;

/// A form that is posted.
#[derive(Template)]
#[template(path = "form.html")]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) fields: Vec<Field>,
    pub(crate) button: String,
}

/// One field of a form.
#[derive(Template)]
#[template(path = "field.html")]
pub(crate) struct Field {
    /// Identifier in the page, and name in what is sent unless [`sent_as`](Self::sent_as) changes it.
    id: &'static str,
    name: &'static str,
    label: String,
    kind: FieldKind,
    value: String,
    autocomplete: Option<&'static str>,
    most: usize,
    is_required: bool,
    help: Option<String>,
    fault: Option<String>,
    fault_word: String,
    /// Said after the label of a field that must be filled in (RGAA 11.10).
    required_word: String,
}

/// Element that a field is.
pub(crate) enum FieldKind {
    /// One line: the type of `<input>`.
    Line(&'static str),
    /// Several lines.
    Text,
    /// A box to tick.
    Box,
    /// One of these.
    Choice(Vec<FieldOption>),
}

/// One of the values of a choice.
pub(crate) struct FieldOption {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) is_chosen: bool,
}

impl Field {
    /// A field that must be filled in, without anything in it.
    pub(crate) fn new(t: &Frame, id: &'static str, label: &str, kind: FieldKind) -> Self {
        Self {
            id,
            name: id,
            label: t.say(label),
            kind,
            value: String::new(),
            autocomplete: None,
            most: 254,
            is_required: true,
            help: None,
            fault: None,
            fault_word: t.say("form-fault"),
            required_word: t.say("form-required"),
        }
    }

    /// A password: of the account that there is, or a new one.
    pub(crate) fn password(t: &Frame, id: &'static str, label: &str, is_new: bool) -> Self {
        let autocomplete = if is_new {
            "new-password"
        } else {
            "current-password"
        };
        let field = Self::new(t, id, label, FieldKind::Line("password"));
        let field = field.completed_by(autocomplete);
        if is_new {
            return field.helped_by(t.say("password-help"));
        }
        field
    }

    /// An e-mail address.
    pub(crate) fn email(t: &Frame, id: &'static str) -> Self {
        Self::new(t, id, "field-email", FieldKind::Line("email"))
            .completed_by("email")
            .helped_by(t.say("field-email-help"))
    }

    /// The code of a second factor.
    pub(crate) fn code(t: &Frame, id: &'static str) -> Self {
        Self::new(t, id, "field-code", FieldKind::Line("text"))
            .completed_by("one-time-code")
            .of_at_most(6)
            .helped_by(t.say("field-code-help"))
    }

    /// The same, with what was written in it before.
    pub(crate) fn holding(self, value: &str) -> Self {
        let value = value.to_owned();
        Self { value, ..self }
    }

    /// The same, sent under another name: two forms of a page may ask for the same thing.
    pub(crate) fn sent_as(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// The same, which a browser may fill in (RGAA 11.13).
    pub(crate) fn completed_by(self, autocomplete: &'static str) -> Self {
        let autocomplete = Some(autocomplete);
        Self {
            autocomplete,
            ..self
        }
    }

    /// The same, of that many characters at most; of that number at most, where a number is asked for.
    pub(crate) fn of_at_most(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// The same, which may stay empty.
    pub(crate) fn optional(self) -> Self {
        Self {
            is_required: false,
            ..self
        }
    }

    /// The same, with a sentence that helps.
    pub(crate) fn helped_by(self, help: String) -> Self {
        let help = Some(help);
        Self { help, ..self }
    }

    /// The same, with the fault that was found in it.
    pub(crate) fn with_fault(self, fault: Option<String>) -> Self {
        Self { fault, ..self }
    }

    /// Identifiers of the sentences that describe the field.
    fn described_by(&self) -> Option<String> {
        let help = self.help.as_ref().map(|_| format!("{}-aide", self.id));
        let fault = self.fault.as_ref().map(|_| format!("{}-erreur", self.id));
        let ids: Vec<String> = help.into_iter().chain(fault).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// The attributes that every kind of field shares, escaped.
    fn attributes(&self) -> crate::markup::Markup {
        use std::fmt::Write as _;

        let mut attributes = format!(" id=\"{}\" name=\"{}\"", self.id, self.name);
        if self.is_required {
            attributes.push_str(" required");
        }
        if let Some(described_by) = self.described_by() {
            // Writing to a text cannot fail.
            let _ = write!(attributes, " aria-describedby=\"{described_by}\"");
        }
        if self.fault.is_some() {
            attributes.push_str(" aria-invalid=\"true\"");
        }
        if let Some(autocomplete) = self.autocomplete {
            let _ = write!(attributes, " autocomplete=\"{autocomplete}\"");
        }
        crate::markup::Markup::trusted(attributes)
    }
}

impl Form {
    /// A form posted to `action`, an address of ours without its language.
    pub(crate) fn new(t: &Frame, action: &str, fields: Vec<Field>, button: &str) -> Self {
        Self {
            action: t.link(action),
            fields,
            button: t.say(button),
        }
    }
}
