//! The frame of a page, and text made safe for it.

use axum::response::Html;

/// A page in French. `body` is HTML, `title` is text.
pub(super) fn page(title: &str, body: &str) -> Html<String> {
    let title = escape(title);
    Html(format!(
        r#"<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Ville de Rivemont</title>
</head>
<body>
<header>
<p>Ville de Rivemont</p>
<nav aria-label="Rubriques"><ul>
<li><a href="/agenda">Agenda</a></li>
<li><a href="/jours-feries">Jours fériés</a></li>
<li><a href="/vacances-scolaires">Vacances scolaires</a></li>
</ul></nav>
</header>
<main>
<h1>{title}</h1>
{body}
</main>
<footer><p>Rivemont est une ville fictive.</p></footer>
</body>
</html>
"#
    ))
}

/// Text as HTML, in an element or between the double quotes of an attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(
            escape(r#"<a href="x">&</a>"#),
            "&lt;a href=&quot;x&quot;&gt;&amp;&lt;/a&gt;"
        );
    }
}
