use super::*;

fn source(path: &str, text: &str) -> Source {
    Source {
        path: path.into(),
        text: text.to_owned(),
    }
}

/// The content of the page of `text`, in a repository that also holds `docs/autre.md`.
fn content(text: &str) -> String {
    let known = ["docs/page.md", "docs/autre.md", "README.md"].map(PathBuf::from);
    let page = page(&source("docs/page.md", text), &known.into()).text;
    let (_, after) = page
        .split_once("<main id=\"contenu\" tabindex=\"-1\">\n")
        .unwrap();

    after.split_once("</main>").unwrap().0.to_owned()
}

// Preuve: C8.5 les documents, une fois en HTML, gardent leurs titres, l’en-tête et la légende de leurs tableaux
#[test]
fn html_says_what_markdown_lets_understand() {
    for (text, expected) in [
        (
            "# Le titre\n\n## Deux & trois\n\n## Deux & trois\n",
            "<h1 id=\"le-titre\">Le titre</h1>\n<h2 id=\"deux--trois\">Deux &amp; trois</h2>\n\
             <h2 id=\"deux--trois-1\">Deux &amp; trois</h2>\n",
        ),
        (
            "[a](autre.md#fin), [b](../README.md), [c](https://example.org), [d](#e), [code](../src/f.rs)\n",
            "<p><a href=\"autre.html#fin\">a</a>, <a href=\"../README.html\">b</a>, \
             <a href=\"https://example.org\">c</a>, <a href=\"#e\">d</a>, code</p>\n",
        ),
        ("<!-- Preuve: C1.1 … -->\ntexte\n", "<p>texte</p>\n"),
    ] {
        assert_eq!(content(text), expected);
    }

    let table = content("# Accès\n\n| Nom | Rôle |\n| --- | ---: |\n| a | b |\n");
    for part in [
        "aria-labelledby=\"tableau-1\" tabindex=\"0\"",
        "<caption id=\"tableau-1\">Tableau 1 : Accès</caption>",
        "<th scope=\"col\">Nom</th><th scope=\"col\">Rôle</th>",
        "<td>a</td>",
    ] {
        assert!(table.contains(part), "{part}: {table}");
    }
    assert_eq!(table.matches("</table>").count(), 1, "{table}");
}

#[test]
fn a_page_has_a_language_a_title_and_a_way_to_its_content() {
    let known = BTreeSet::new();
    let french = page(&source("docs/a/b.md", "# Un `titre`\n"), &known);
    for part in [
        "<html lang=\"fr\">",
        "<title>Un titre – Fil rouge</title>",
        "href=\"../../style.css\"",
        "href=\"#contenu\">Aller au contenu</a>",
    ] {
        assert!(french.text.contains(part), "{part}: {}", french.text);
    }
    assert!(
        page(&source("README.en.md", "# A\n"), &known)
            .text
            .contains("<html lang=\"en\">")
    );
}

#[test]
fn drawings_go_with_the_pages() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("repository");
    std::fs::create_dir_all(root.join("docs/dessins")).unwrap();
    std::fs::write(
        root.join("docs/a.md"),
        "# A\n\n![Une courbe](dessins/c.svg)\n",
    )
    .unwrap();
    std::fs::write(root.join("docs/dessins/c.svg"), "<svg/>").unwrap();
    let git = std::process::Command::new("git")
        .arg("init")
        .arg("-q")
        .current_dir(&root)
        .status();
    assert!(git.unwrap().success());

    let pages = folder.path().join("pages");
    assert_eq!(write(&root, &pages).unwrap(), 1);
    assert!(pages.join("docs/dessins/c.svg").is_file() && pages.join("style.css").is_file());
    let index = std::fs::read_to_string(pages.join("index.html")).unwrap();
    assert!(index.contains("<a href=\"docs/a.html\">A</a>"), "{index}");
}
