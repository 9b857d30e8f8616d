use std::collections::BTreeMap;

/// Puts values in the place of `:name` in a query, outside of its comments and quoted texts.
///
/// A value that is a whole number is written as it is, any other as a quoted text. Defaults stand
/// in comments, `-- :name = value`, at the head of the file.
pub(super) fn bind(query: &str, given: &[(&str, &str)]) -> Result<String, String> {
    let mut values = defaults(query);
    values.extend(given.iter().copied());

    let mut bound = String::with_capacity(query.len());
    let mut used = Vec::new();

    for token in tokens(query) {
        let Some(name) = parameter(token) else {
            bound.push_str(token);
            continue;
        };

        let value = values
            .get(name)
            .ok_or_else(|| format!("parameter `:{name}` has no value"))?;
        bound.push_str(&literal(value));
        used.push(name);
    }

    // A value that nothing uses is a name mistyped.
    match given.iter().find(|(name, _)| !used.contains(name)) {
        Some((name, _)) => Err(format!("the query has no parameter `:{name}`")),
        None => Ok(bound),
    }
}

fn defaults(query: &str) -> BTreeMap<&str, &str> {
    let comments = query.lines().map_while(|line| line.strip_prefix("--"));
    comments
        .filter_map(|line| line.trim().strip_prefix(':')?.split_once('='))
        .map(|(name, value)| {
            (
                name.trim(),
                value.split_whitespace().next().unwrap_or_default(),
            )
        })
        .collect()
}

/// Parameters, quoted texts, comments and the texts between them, in order.
fn tokens(query: &str) -> impl Iterator<Item = &str> {
    let mut rest = query;

    std::iter::from_fn(move || {
        let length = match rest.find([':', '\'', '"', '-']) {
            _ if rest.is_empty() => return None,
            None => rest.len(),
            Some(0) => token_length(rest),
            Some(start) => start,
        };

        let (token, after) = rest.split_at(length);
        rest = after;
        Some(token)
    })
}

/// The name of a parameter. `::` is a cast, not a parameter.
fn parameter(token: &str) -> Option<&str> {
    token
        .strip_prefix(':')
        .filter(|name| !matches!(*name, "" | ":"))
}

/// Length of the parameter, quoted text, comment or lone character that `text` begins with.
fn token_length(text: &str) -> usize {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        // An apostrophe in a comment opens no text.
        (Some('-'), Some('-')) => text.find('\n').unwrap_or(text.len()),
        (Some(quote @ ('\'' | '"')), _) => text[1..].find(quote).map_or(text.len(), |end| end + 2),
        (Some(':'), Some(':')) => 2,
        (Some(':'), _) => text[1..]
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .map_or(text.len(), |end| end + 1),
        _ => 1,
    }
}

fn literal(value: &str) -> String {
    // Quoted unless it is a number: no value can end the text that it stands in.
    match value.parse::<i64>() {
        Ok(number) => number.to_string(),
        Err(_) => format!("'{}'", value.replace('\'', "''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_the_place_of_names_outside_comments_and_texts() {
        let query = "-- :a = 1 (first)\n-- :b = x\nSELECT ':a', \"c:a\" FROM t WHERE m >= :a AND n = :b -- not :c\n";
        let bound = bind(query, &[("b", "l'été")]).unwrap();
        assert!(
            bound
                .ends_with("SELECT ':a', \"c:a\" FROM t WHERE m >= 1 AND n = 'l''été' -- not :c\n"),
            "{bound}"
        );
        assert_eq!(bind("SELECT 1::int - 2", &[]).unwrap(), "SELECT 1::int - 2");
    }

    #[test]
    fn a_name_without_value_and_a_value_without_name_are_refused() {
        assert_eq!(
            bind("SELECT :a", &[]).unwrap_err(),
            "parameter `:a` has no value"
        );
        assert_eq!(
            bind("SELECT 1", &[("a", "1")]).unwrap_err(),
            "the query has no parameter `:a`"
        );
    }
}
