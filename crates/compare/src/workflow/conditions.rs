//! Conditions of jobs and steps, as text.

use super::model::Watched;

/// The literals that a condition compares with a name: `github.event_name == 'push'`.
pub(super) fn compared<'text>(
    condition: &'text str,
    name: &'static str,
) -> impl Iterator<Item = &'text str> + use<'text> {
    condition.split(name).skip(1).filter_map(|rest| {
        let literal = rest.trim_start().strip_prefix("==")?.trim_start();
        quoted(literal)
    })
}

/// The content of a literal between quotes of either kind.
pub(super) fn quoted(text: &str) -> Option<&str> {
    let quote = text
        .chars()
        .next()
        .filter(|quote| ['\'', '"'].contains(quote))?;
    text[1..].split(quote).next()
}

/// The steps and jobs whose failure a text acts on: `steps.deploy.outcome == 'failure'`,
/// `needs.test.result != 'success'`.
pub(super) fn watched(text: &str) -> Vec<Watched> {
    let steps = ids(text, "steps.", ".outcome").map(Watched::Step);
    let jobs = ids(text, "needs.", ".result").map(Watched::Job);
    steps.chain(jobs).collect()
}

fn ids(text: &str, start: &'static str, end: &'static str) -> impl Iterator<Item = String> {
    text.split(start).skip(1).filter_map(move |rest| {
        let length =
            rest.find(|letter: char| !letter.is_alphanumeric() && !"-_".contains(letter))?;
        let (id, rest) = rest.split_at(length);
        let compared = rest.strip_prefix(end)?.trim_start();

        // A step that goes on after a success says nothing of a failure.
        let success = compared.strip_prefix("==").map(str::trim_start);
        let is_success = success.and_then(quoted) == Some("success");
        (!is_success).then(|| id.to_owned())
    })
}

/// True when a condition holds only once something failed, which the forge tells by itself.
pub(super) fn is_after_failure(condition: &str) -> bool {
    let has = |word: &str| condition.contains(word);
    let after_step = has("failure()") && !has("!failure()") && !has("success()");
    let after_job = compared(condition, ".result").any(|result| result == "failure");
    (after_step && !has("always()") || after_job) && !has("||")
}
