//! How much of a theme is in an article.

use serde::Deserialize;

use crate::article::Article;
use crate::text;

/// A word of the title counts as this many words of the summary: a title is chosen.
const TITLE_WEIGHT: u32 = 3;

/// A subject of the watch: a tool or a regulation that the project uses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// A short identifier, such as `accessibilite`.
    pub name: String,
    /// Title in French.
    pub title: String,
    /// Where the project uses it: a decision or a document of the repository.
    pub used_in: String,
    /// Words and expressions, any case, with or without accents.
    pub words: Vec<String>,
}

impl Theme {
    /// `score = 3 × (expressions found in the title) + (expressions found in the summary)`, each
    /// expression once a place, on whole words: "rust" is not found in "trust".
    pub fn score(&self, article: &Article) -> u32 {
        let title = text::words(&article.title);
        let summary = text::words(&article.summary);

        self.words
            .iter()
            .map(|expression| text::words(expression))
            .map(|expression| {
                TITLE_WEIGHT * u32::from(holds(&title, &expression))
                    + u32::from(holds(&summary, &expression))
            })
            .sum()
    }
}

/// True when the words of `expression` follow each other in `text`.
fn holds(text: &[String], expression: &[String]) -> bool {
    !expression.is_empty()
        && text
            .windows(expression.len())
            .any(|words| words == expression)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme() -> Theme {
        Theme {
            name: "outils".into(),
            title: "Outils".into(),
            used_in: "docs/ARCHITECTURE.md".into(),
            words: vec!["Rust".into(), "intérêt légitime".into()],
        }
    }

    #[test]
    fn whole_words_count_three_times_in_a_title() {
        let cases = [
            ("Rust 1.95", "", 3),
            ("Trust and rusty", "", 0),
            ("Nouvelle version", "Le compilateur RUST, et rust encore", 1),
            ("L’interet legitime", "Rust", 4),
            ("Intérêt, puis légitime", "", 0),
            ("", "intérêt public légitime", 0),
        ];

        for (title, summary, expected) in cases {
            let article = Article {
                title: title.into(),
                summary: summary.into(),
                ..Article::default()
            };
            assert_eq!(theme().score(&article), expected, "{title} / {summary}");
        }
    }
}
