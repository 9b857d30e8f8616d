use super::*;

// Preuve: C9.11 un document sans titre, sans alternative, sans en-tête ou dont un lien ne dit rien est refusé [code : xtask/src/docs/accessible.rs#obstacles]
#[test]
fn what_a_listener_would_miss_is_told_with_its_line() {
    for (text, expected) in [
        ("# Un\n\n## Deux\n\n### Trois\n\n## Quatre\n", &[][..]),
        ("Sans titre.\n", &[(1, "the document has no title")]),
        ("## Deux\n", &[(1, "the first heading is h2, not h1")]),
        (
            "# Un\n\n### Trois\n",
            &[(3, "h3 follows h1: a level is missing")],
        ),
        (
            "# Un\n\n# Deux\n",
            &[(3, "a second h1: a document has one title")],
        ),
        (
            "# Un\n\n![](a.svg)\n",
            &[(3, "an image has no alternative")],
        ),
        (
            "# Un\n\n![Une courbe](a.svg), [![la même](a.svg)](b.md)\n",
            &[],
        ),
        (
            "# Un\n\nLisez [ici](a.md), puis [la suite](b.md) et <https://example.org>.\n",
            &[(3, "the link « ici » does not say where it leads")],
        ),
        (
            "# Un\n\n| Nom |  |\n| --- | --- |\n| a |  |\n",
            &[(3, "a column of a table has no header")],
        ),
        ("# Un\n\n| Nom | `b` |\n| --- | --- |\n| a |  |\n", &[]),
        ("# Un\n\n<!-- a\nb -->\n\n```html\n<table>\n```\n", &[]),
        (
            "# Un\n\n<table>\n",
            &[(3, "`<table>` is HTML: write it in Markdown")],
        ),
    ] {
        let expected: Vec<_> = expected
            .iter()
            .map(|(line, what)| (*line, (*what).to_owned()))
            .collect();
        assert_eq!(obstacles_of(text), expected, "{text}");
    }
}
