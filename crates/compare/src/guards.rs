//! Words by which code asks who calls.

use crate::lexicon::CODE;
use crate::text::separated;

/// True when the words of a dependency say that it protects.
pub(crate) fn is_guard(words: &str) -> bool {
    // The form by which a person asks for a token is open to everyone.
    if words
        .to_ascii_lowercase()
        .contains("oauth2passwordrequestform")
    {
        return false;
    }
    // An author authenticates nobody, and a tokenizer reads no token.
    let words = separated(words).replace("tokeniz", "");
    CODE.guards.words.any_word_in(&words)
}

/// True when parameters ask who calls: `Security(…)` does, whatever it names.
pub(crate) fn asks_who_calls(parameters: &str) -> bool {
    // Litestar calls guards what may refuse a request.
    parameters.contains("Security(")
        || parameters.contains("guards=[")
        || depends(parameters).any(is_guard)
}

/// The inside of every `Depends(…)` and `Security(…)`.
pub(crate) fn depends(parameters: &str) -> impl Iterator<Item = &str> {
    parameters
        .split("Depends(")
        .skip(1)
        .chain(parameters.split("Security(").skip(1))
        .map(|rest| rest.split([')', ',']).next().unwrap_or(rest))
}
