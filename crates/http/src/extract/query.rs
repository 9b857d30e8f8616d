use std::fmt::Display;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::problem::Problem;

/// The query, read into `T`. A parameter that is unknown, repeated or unreadable is refused by
/// name.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

/// A type that can be read from a query.
pub trait FromParameters: Sized {
    /// Takes the parameters of this type; any other is refused afterwards.
    ///
    /// # Errors
    /// A problem that names the parameter at fault.
    fn from_parameters(parameters: &mut Parameters) -> Result<Self, Problem>;
}

impl<T: FromParameters, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let mut parameters = Parameters::parse(parts.uri.query().unwrap_or_default())?;
        let value = T::from_parameters(&mut parameters)?;
        parameters.refuse_the_rest()?;
        Ok(Self(value))
    }
}

/// The parameters of a query, taken one by one.
#[derive(Debug)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Splits a query such as `limit=100&from=…`.
    ///
    /// # Errors
    /// A problem when a name appears twice.
    pub fn parse(query: &str) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(Problem::invalid_parameter(
                    shorten(&name),
                    "ce paramètre est donné deux fois",
                ));
            }
            pairs.push((name.into_owned(), value.into_owned()));
        }
        Ok(Self(pairs))
    }

    /// Takes the parameter `name` as text.
    pub fn take_text(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(known, _)| known == name)?;
        // Parameters have no order to keep.
        Some(self.0.swap_remove(index).1)
    }

    /// Takes and reads the parameter `name`; `expected` completes « … n’est pas ».
    ///
    /// # Errors
    /// A problem that names the parameter when its text cannot be read.
    pub fn take<T: FromStr>(
        &mut self,
        name: &'static str,
        expected: &str,
    ) -> Result<Option<T>, Problem> {
        self.take_with(name, expected, |text| text.parse().ok())
    }

    /// Takes the parameter `name` and reads it with `read`.
    ///
    /// # Errors
    /// A problem that names the parameter when `read` gives nothing.
    pub fn take_with<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Problem> {
        let Some(text) = self.take_text(name) else {
            return Ok(None);
        };
        read(&text)
            .map(Some)
            .ok_or_else(|| unreadable(name, &text, expected))
    }

    fn refuse_the_rest(&self) -> Result<(), Problem> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => Err(Problem::invalid_parameter(
                shorten(name),
                "ce paramètre n’existe pas",
            )),
        }
    }
}

fn unreadable(name: &'static str, text: &str, expected: impl Display) -> Problem {
    Problem::invalid_parameter(name, format!("« {} » n’est pas {expected}", shorten(text)))
}

/// At most 64 characters of a client's text, without control characters: enough to recognise
/// it.
pub(super) fn shorten(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_control())
        .take(64)
        .collect()
}
