//! Plain text out of a publisher's markup: markup removed, words told apart.

use scraper::{Html, Node};

/// The longest text kept of one article, in characters.
const MAX_CHARACTERS: usize = 600;

/// The text that a reader of this HTML sees, on one line, cut at a whole word.
///
/// The content of `script` and `style` is not text.
pub(crate) fn of_html(html: &str) -> String {
    let fragment = Html::parse_fragment(html);
    let mut text = String::new();

    for node in fragment.tree.root().descendants() {
        let Node::Text(part) = node.value() else {
            continue;
        };

        let is_hidden = node.ancestors().any(|ancestor| {
            matches!(ancestor.value(), Node::Element(element)
                if matches!(element.name(), "script" | "style" | "template"))
        });
        if !is_hidden {
            text.push_str(part);
            text.push(' ');
        }
    }

    shortened(&text)
}

/// The words of a text joined by single spaces, cut at a whole word when there are too many.
pub(crate) fn shortened(text: &str) -> String {
    let mut line = String::new();
    let mut length = 0;

    for word in text.split_whitespace() {
        length += word.chars().count() + 1;
        if length > MAX_CHARACTERS {
            // One word may be longer than all that is kept.
            if line.is_empty() {
                line = word.chars().take(MAX_CHARACTERS).collect();
            }
            line.push_str(" …");
            break;
        }

        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// The words of a text in lower case and without accents: « Évènements » gives `evenements`.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.to_lowercase().chars().map(without_accent).collect())
        .collect()
}

/// The letters of French without their accents; any other character stays.
fn without_accent(character: char) -> char {
    match character {
        'à' | 'â' | 'ä' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ÿ' => 'y',
        other => other,
    }
}

/// Text made safe inside HTML or XML, in an element or in a quoted attribute.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());

    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // XML 1.0 has no place for other control characters, even escaped.
            control if control.is_control() && !matches!(control, '\n' | '\t') => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_what_a_reader_sees() {
        let cases = [
            (
                "<p>Un <b>règlement</b> &amp; sa date</p>",
                "Un règlement & sa date",
            ),
            ("a<script>alert(1)</script>b<style>p{}</style>", "a b"),
            ("<img src=x onerror=alert(1)>", ""),
            ("deux\n\n  lignes", "deux lignes"),
        ];

        for (html, expected) in cases {
            assert_eq!(of_html(html), expected, "{html}");
        }
    }

    #[test]
    fn a_long_text_is_cut_at_a_word() {
        let text = shortened(&"abcd ".repeat(1000));

        assert!(text.chars().count() <= MAX_CHARACTERS + 2);
        assert!(text.ends_with("abcd …"), "{text}");
        assert_eq!(
            shortened(&"a".repeat(10_000)).chars().count(),
            MAX_CHARACTERS + 2
        );
    }

    #[test]
    fn words_lose_their_accents_and_their_case() {
        assert_eq!(
            words("L’Évènement, déjà: C# & IA"),
            ["l", "evenement", "deja", "c", "ia"]
        );
    }

    #[test]
    fn what_is_escaped_closes_no_attribute_and_no_element() {
        assert_eq!(
            escaped("<a b=\"c\" d='e'>&\u{1}"),
            "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp; "
        );
    }
}
