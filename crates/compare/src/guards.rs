//! Words by which code asks who calls.

use crate::lexicon::CODE;

/// True when the words of a dependency say that it protects.
pub(crate) fn is_guard(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    // The form by which a person asks for a token is open to everyone.
    CODE.guards.words.any_in(&words) && !words.contains("oauth2passwordrequestform")
}

/// The inside of every `Depends(…)` and `Security(…)`.
pub(crate) fn depends(parameters: &str) -> impl Iterator<Item = &str> {
    parameters
        .split("Depends(")
        .skip(1)
        .chain(parameters.split("Security(").skip(1))
        .map(|rest| rest.split([')', ',']).next().unwrap_or(rest))
}
