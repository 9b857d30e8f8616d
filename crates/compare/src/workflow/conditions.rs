//! Conditions of jobs, as text.

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
