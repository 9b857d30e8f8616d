//! The criteria of the RGAA 4.1 that the markup of a page decides, each with the defect that its rule
//! must find. `data/accessibility/rgaa.toml` names them.

use std::collections::BTreeSet;

use scraper::{ElementRef, Html};

use super::{count, pages, select};
use crate::accessibility_grid::{Decided, Grid};

/// A rule, the criteria that it decides, and a page that breaks it.
struct Rule {
    criteria: &'static [&'static str],
    check: Check,
    defect: Defect,
}

enum Check {
    /// Nothing is such.
    Absent(&'static str),
    /// The faults of a page.
    Faults(fn(&Html) -> Vec<String>),
}

/// A change that breaks a rule.
enum Defect {
    /// Something more at the end of the content.
    Added(&'static str),
    /// A text in the place of another, wherever it stands.
    Swapped(&'static str, &'static str),
}

use Check::{Absent, Faults};
use Defect::{Added, Swapped};

const SCRIPTS: &str = "script, [onclick], [onchange], [onsubmit], [onkeydown], [onload]";
const MEDIA: &str = "audio, video, object, embed, canvas, track, applet";
const PIXELS: &str = "img, picture, canvas, input[type=image], svg image";
const COMPLEX_TABLES: &str = "[colspan], [rowspan], table thead tr + tr, th[id], td[headers]";

const RULES: [Rule; 48] = [
    rule(
        &["1.1"],
        Faults(untitled_drawings),
        Swapped("<title id=", "<desc id="),
    ),
    rule(
        &["1.2"],
        Faults(talking_decorations),
        Swapped(r#"aria-hidden="true""#, ""),
    ),
    rule(
        &["1.4", "1.5"],
        Absent(PIXELS),
        Added(r#"<img src="/captcha" alt="">"#),
    ),
    rule(
        &["1.6"],
        Faults(undescribed_drawings),
        Swapped("<desc id=", "<desc class="),
    ),
    rule(
        &["1.8"],
        Absent("img, svg[aria-hidden] text"),
        Added(r#"<svg aria-hidden="true"><text>Vélorive</text></svg>"#),
    ),
    rule(
        &["1.9"],
        Faults(loose_captions),
        Swapped(r#"role="figure""#, ""),
    ),
    rule(
        &["2.1", "2.2"],
        Absent("iframe, frame"),
        Added(r#"<iframe src="/"></iframe>"#),
    ),
    rule(
        &[
            "4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8", "4.9", "4.10", "4.11", "4.12",
            "4.13",
        ],
        Absent(MEDIA),
        Added("<video></video>"),
    ),
    rule(
        &["5.1", "5.2"],
        Absent(COMPLEX_TABLES),
        Swapped("<td class=", r#"<td colspan="2" class="#),
    ),
    rule(
        &["5.3", "5.8"],
        Faults(layout_tables),
        Added("<table><tr><td>à gauche<td>à droite</table>"),
    ),
    rule(
        &["5.4"],
        Faults(tables_without_a_title),
        Swapped("caption>", "p>"),
    ),
    rule(
        &["5.6"],
        Faults(cells_for_headers),
        Swapped(r#"<th scope="row""#, "<td"),
    ),
    rule(
        &["5.7"],
        Faults(headers_without_a_scope),
        Swapped(r#" scope="col""#, ""),
    ),
    rule(
        &["6.1"],
        Faults(vague_links),
        Added(r#"<a href="/">Cliquez ici</a>"#),
    ),
    rule(
        &["6.2"],
        Faults(silent_links),
        Added(r#"<a href="/"><svg aria-hidden="true"></svg></a>"#),
    ),
    rule(
        &["7.1", "7.2", "7.3", "7.4", "13.10", "13.11", "13.12"],
        Absent(SCRIPTS),
        Added("<script>alert(1)</script>"),
    ),
    rule(
        &["7.5"],
        Absent(".answer:not([role=status])"),
        Swapped(r#"role="status""#, ""),
    ),
    rule(
        &["8.1"],
        Faults(no_document_type),
        Swapped("<!doctype html>", ""),
    ),
    rule(
        &["8.3"],
        Absent("html:not([lang])"),
        Swapped("<html lang=", "<html data-lang="),
    ),
    rule(
        &["8.4"],
        Faults(other_language),
        Swapped(r#"<html lang="fr""#, r#"<html lang="en""#),
    ),
    rule(
        &["8.5"],
        Faults(untitled_page),
        Swapped("<title>", "<meta name=\"title\"><!--"),
    ),
    rule(
        &["8.7"],
        Absent("body a[hreflang]:not([lang])"),
        Swapped(r#" lang="en">English"#, ">English"),
    ),
    rule(
        &["8.8"],
        Absent("[lang]:not([lang=fr]):not([lang=en])"),
        Swapped(r#" lang="en">English"#, r#" lang="anglais">English"#),
    ),
    rule(
        &["8.9"],
        Absent("center, font, big, u, strike, tt, blink, marquee, p:empty"),
        Added("<center>Bonjour</center>"),
    ),
    rule(
        &["8.10"],
        Absent("[dir], bdo"),
        Added(r#"<p dir="rtl">abc</p>"#),
    ),
    rule(&["9.1"], Faults(uneven_headings), Swapped("h2", "h4")),
    rule(
        &["9.2"],
        Faults(missing_landmarks),
        Swapped("<main", "<div"),
    ),
    rule(&["9.3"], Faults(loose_items), Swapped("<ul>", "<div>")),
    rule(&["9.4"], Absent("blockquote, q"), Added("<q>Bonjour</q>")),
    rule(
        &["10.1"],
        Absent("style, [style], [align], [bgcolor], [width]:not(svg *), [border]"),
        Added(r#"<p style="color:red">Bonjour</p>"#),
    ),
    rule(
        &["10.8"],
        Absent("[hidden], [aria-hidden]:not(svg), [aria-hidden] a"),
        Added("<p hidden>Bonjour</p>"),
    ),
    rule(
        &["10.13", "12.11"],
        Absent("[title], details, dialog, [popover], [aria-haspopup], [aria-expanded]"),
        Added(r#"<p title="plus">Bonjour</p>"#),
    ),
    rule(
        &["11.1"],
        Faults(unlabelled_fields),
        Swapped("<label for=", "<label data-for="),
    ),
    rule(
        &["11.4"],
        Faults(far_labels),
        Swapped("</label>", "</label><hr><p>Un autre texte.</p>"),
    ),
    rule(
        &["11.5"],
        Faults(loose_choices),
        Swapped("fieldset", "section"),
    ),
    rule(
        &["11.6"],
        Absent("fieldset:not(:has(> legend:first-child))"),
        Swapped("legend>", "p>"),
    ),
    rule(
        &["11.9"],
        Faults(silent_buttons),
        Added("<button></button>"),
    ),
    rule(
        &["11.10"],
        Faults(unsaid_requirements),
        Swapped("(obligatoire)", ""),
    ),
    rule(
        &["11.11"],
        Faults(unexplained_errors),
        Swapped("aria-describedby=", "data-describedby="),
    ),
    rule(
        &["12.1", "12.4"],
        Faults(no_site_map),
        Swapped(r#"/plan">"#, r#"/rien">"#),
    ),
    rule(
        &["12.2"],
        Faults(moved_menu),
        Swapped(
            "<nav aria-label=\"Menu",
            "<nav><a href=\"/\">Menu</a></nav><nav aria-label=\"Menu",
        ),
    ),
    rule(
        &["12.3"],
        Faults(pages_out_of_the_site_map),
        Swapped(
            r#"class="listed"><a href="/trajet""#,
            r#"class="listed"><a href="/rien""#,
        ),
    ),
    rule(
        &["12.6"],
        Faults(unnamed_zones),
        Swapped("<nav aria-label=", "<nav data-label="),
    ),
    rule(
        &["12.7"],
        Faults(no_skip_link),
        Swapped(r##"href="#contenu""##, r##"href="#rien""##),
    ),
    rule(
        &["12.8"],
        Absent("[tabindex]:not([tabindex='0']):not([tabindex='-1'])"),
        Added(r#"<a href="/" tabindex="3">Accueil</a>"#),
    ),
    rule(
        &["12.10"],
        Absent("[accesskey]"),
        Added(r#"<a href="/" accesskey="s">Accueil</a>"#),
    ),
    rule(
        &["13.1", "13.2"],
        Absent("meta[http-equiv=refresh], [target]"),
        Added(r#"<a href="/" target="_blank">Accueil</a>"#),
    ),
    rule(
        &["13.3", "13.4", "13.5", "13.6"],
        Faults(documents_and_ascii_art),
        Added(r#"<a href="/plan.pdf">Plan</a>"#),
    ),
];

const fn rule(criteria: &'static [&'static str], check: Check, defect: Defect) -> Rule {
    Rule {
        criteria,
        check,
        defect,
    }
}

impl Rule {
    fn faults(&self, text: &str) -> Vec<String> {
        let document = Html::parse_document(text);
        match &self.check {
            Absent(selector) => select(&document, selector)
                .iter()
                .map(ElementRef::html)
                .collect(),
            Faults(faults) => faults(&document),
        }
    }

    fn broken(&self, text: &str) -> String {
        match self.defect {
            Added(more) => text.replacen("</main>", &format!("{more}</main>"), 1),
            Swapped(old, new) => text.replace(old, new),
        }
    }
}

// Preuve: C10.5 les critères d’accessibilité que le code d’une page décide sont tenus sur chaque page, dans chaque langue
#[test]
fn no_page_breaks_a_rule_of_the_rgaa() {
    let mut told = Vec::new();
    for (language, name, text) in pages() {
        for rule in &RULES {
            let faults = rule.faults(&text).into_iter();
            told.extend(
                faults.map(|fault| format!("{name} ({language}), {:?}: {fault}", rule.criteria)),
            );
        }
    }
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn every_rule_finds_the_defect_that_is_planted_for_it() {
    let pages = pages();
    for rule in &RULES {
        let broken = pages
            .iter()
            .map(|(_, _, text)| (text, rule.broken(text)))
            .filter(|(text, broken)| *text != broken);
        let found = broken.filter(|(_, broken)| !rule.faults(broken).is_empty());
        assert!(found.count() > 0, "{:?} finds nothing", rule.criteria);
    }
}

#[test]
fn the_grid_gives_to_the_pages_the_criteria_that_have_a_rule() {
    let ruled: BTreeSet<_> = RULES
        .iter()
        .flat_map(|rule| rule.criteria)
        .copied()
        .collect();
    assert_eq!(
        ruled.len(),
        RULES.iter().map(|rule| rule.criteria.len()).sum::<usize>(),
        "a criterion has two rules"
    );
    let grid = Grid::read();
    let given: BTreeSet<_> = grid
        .criteria
        .iter()
        .filter(|criterion| criterion.decided == Decided::Page)
        .map(|criterion| criterion.number.as_str())
        .collect();
    assert_eq!(ruled, given);
}

#[test]
fn the_grid_gives_to_the_browser_the_criteria_that_have_a_rule_there() {
    let path = format!("{}/../../tests/e2e/rgaa.js", env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(path).unwrap();
    let ruled: BTreeSet<_> = source
        .split("criterion: \"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    let grid = Grid::read();
    let given = grid.criteria.iter();
    let given: BTreeSet<_> = given
        .filter(|criterion| criterion.decided == Decided::Browser)
        .map(|criterion| criterion.number.as_str())
        .collect();
    assert_eq!(ruled, given);
}

fn text_of(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Those of the elements of `selector` that are not as they should be.
fn those(
    document: &Html,
    selector: &str,
    is_wrong: impl Fn(&ElementRef<'_>) -> bool,
) -> Vec<String> {
    let elements = select(document, selector).into_iter();
    elements
        .filter(is_wrong)
        .map(|element| element.html())
        .collect()
}

/// The element that another one names by its identifier.
fn named<'a>(document: &'a Html, id: Option<&str>) -> Option<ElementRef<'a>> {
    let id = id?;
    select(document, "[id]")
        .into_iter()
        .find(|element| element.attr("id") == Some(id))
}

fn untitled_drawings(document: &Html) -> Vec<String> {
    those(document, "svg[role=img]", |drawing| {
        let title = drawing
            .attr("aria-labelledby")
            .and_then(|ids| ids.split(' ').next());
        named(document, title)
            .is_none_or(|title| title.value().name() != "title" || text_of(title).is_empty())
    })
}

fn talking_decorations(document: &Html) -> Vec<String> {
    those(document, "svg:not([role=img])", |drawing| {
        drawing.attr("aria-hidden") != Some("true")
            || drawing.text().any(|text| !text.trim().is_empty())
    })
}

fn undescribed_drawings(document: &Html) -> Vec<String> {
    those(document, "svg[role=img]", |drawing| {
        let description = drawing
            .attr("aria-labelledby")
            .and_then(|ids| ids.split(' ').nth(1));
        named(document, description).is_none_or(|description| text_of(description).len() < 30)
    })
}

/// RGAA, test 1.9.1: the name of a figure is its caption.
fn loose_captions(document: &Html) -> Vec<String> {
    those(document, "figure", |figure| {
        let caption = figure
            .child_elements()
            .find(|child| child.value().name() == "figcaption");
        let name = figure.attr("aria-label").unwrap_or_default();
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        figure.attr("role") != Some("figure")
            || caption.is_none_or(|caption| text_of(caption) != name)
    })
}

fn layout_tables(document: &Html) -> Vec<String> {
    those(document, "table", |table| {
        table.attr("role").is_some() || select_in(*table, "th") == 0
    })
}

fn select_in(element: ElementRef<'_>, selector: &str) -> usize {
    element
        .select(&scraper::Selector::parse(selector).unwrap())
        .count()
}

fn tables_without_a_title(document: &Html) -> Vec<String> {
    those(document, "table", |table| {
        select_in(*table, "caption:first-child") != 1
    })
}

fn cells_for_headers(document: &Html) -> Vec<String> {
    let rows = those(document, "tbody tr", |row| {
        select_in(*row, "th:first-child") != 1
    });
    let heads = those(document, "thead td", |_| true);
    [rows, heads].concat()
}

fn headers_without_a_scope(document: &Html) -> Vec<String> {
    those(document, "th", |header| {
        !matches!(header.attr("scope"), Some("col" | "row"))
    })
}

fn vague_links(document: &Html) -> Vec<String> {
    const VAGUE: [&str; 8] = [
        "ici",
        "cliquez ici",
        "lien",
        "suite",
        "lire la suite",
        "here",
        "click here",
        "more",
    ];
    those(document, "a", |link| {
        VAGUE.contains(&text_of(*link).to_lowercase().as_str())
    })
}

fn silent_links(document: &Html) -> Vec<String> {
    those(document, "a", |link| {
        text_of(*link).is_empty() && link.attr("aria-label").is_none()
    })
}

fn no_document_type(document: &Html) -> Vec<String> {
    let has_type = document
        .tree
        .root()
        .children()
        .any(|node| node.value().is_doctype());
    if has_type {
        Vec::new()
    } else {
        vec!["no document type".to_owned()]
    }
}

/// A word of each language that is on every page.
fn other_language(document: &Html) -> Vec<String> {
    those(document, "html", |html| {
        let skip = select(document, "a.skip")
            .first()
            .map(|link| text_of(*link));
        let expected = match html.attr("lang") {
            Some("fr") => "Aller au contenu",
            _ => "Skip to content",
        };
        skip.as_deref() != Some(expected)
    })
}

fn untitled_page(document: &Html) -> Vec<String> {
    let titles = select(document, "head > title");
    let is_title = |title: &ElementRef<'_>| text_of(*title).len() > " – Vélorive".len() + 3;
    match titles.as_slice() {
        [title] if is_title(title) => Vec::new(),
        _ => vec![format!("{} titles", titles.len())],
    }
}

fn uneven_headings(document: &Html) -> Vec<String> {
    let headings = select(document, "h1, h2, h3, h4, h5, h6");
    let levels: Vec<u32> = headings
        .iter()
        .map(|heading| heading.value().name()[1..].parse().unwrap())
        .collect();
    let is_even =
        levels.first() == Some(&1) && levels.windows(2).all(|pair| pair[1] <= pair[0] + 1);
    if is_even && count(document, "h1") == 1 {
        Vec::new()
    } else {
        vec![format!("{levels:?}")]
    }
}

fn missing_landmarks(document: &Html) -> Vec<String> {
    let landmarks = [
        "body > header",
        "body > main",
        "body > footer",
        "header nav",
    ];
    let missing = landmarks
        .into_iter()
        .filter(|landmark| count(document, landmark) != 1);
    missing.map(str::to_owned).collect()
}

fn loose_items(document: &Html) -> Vec<String> {
    let items = those(document, "li", |item| {
        let parent = item.parent().and_then(ElementRef::wrap);
        parent.is_none_or(|parent| !matches!(parent.value().name(), "ul" | "ol"))
    });
    let terms = those(document, "dl > *", |group| {
        !matches!(group.value().name(), "div" | "dt" | "dd")
    });
    [items, terms].concat()
}

fn unlabelled_fields(document: &Html) -> Vec<String> {
    those(
        document,
        "input:not([type=hidden]):not([type=radio]), select, textarea",
        |field| {
            let label = format!("label[for='{}']", field.attr("id").unwrap_or_default());
            count(document, &label) != 1
        },
    )
}

/// Between a label and its field there may be the help and the error of that field, and nothing else.
fn far_labels(document: &Html) -> Vec<String> {
    those(document, "label[for]", |label| {
        let mut following = label.next_siblings().filter_map(ElementRef::wrap);
        let next = following.find(|element| {
            !element
                .value()
                .classes()
                .any(|class| ["field-error", "fault", "help"].contains(&class))
        });
        next.is_none_or(|next| {
            let id = label.attr("for");
            let inside = format!("#{}", id.unwrap_or_default());
            next.attr("id") != id && select_in(next, &inside) == 0
        })
    })
}

fn loose_choices(document: &Html) -> Vec<String> {
    those(document, "input[type=radio]", |choice| {
        let parents = choice.ancestors().filter_map(ElementRef::wrap);
        !parents
            .into_iter()
            .any(|parent| parent.value().name() == "fieldset")
    })
}

fn silent_buttons(document: &Html) -> Vec<String> {
    those(document, "button", |button| text_of(*button).is_empty())
}

/// A field that must be filled in says so in its label, or the page has but that one.
fn unsaid_requirements(document: &Html) -> Vec<String> {
    those(document, "[required]", |field| {
        let label = format!("label[for='{}']", field.attr("id").unwrap_or_default());
        let labels = select(document, &label);
        let text = labels
            .first()
            .map(|label| text_of(*label))
            .unwrap_or_default();
        !text.contains("(obligatoire)") && !text.contains("(required)")
    })
}

fn unexplained_errors(document: &Html) -> Vec<String> {
    those(document, "[aria-invalid]", |field| {
        let ids = field
            .attr("aria-describedby")
            .unwrap_or_default()
            .split(' ');
        let said: Vec<_> = ids
            .filter_map(|id| named(document, Some(id)).map(text_of))
            .collect();
        // Shorter would name the fault and no remedy.
        said.concat().len() < 25
    })
}

fn no_site_map(document: &Html) -> Vec<String> {
    if count(document, "footer a[href$='/plan']") == 1 {
        Vec::new()
    } else {
        vec!["no site map".to_owned()]
    }
}

fn moved_menu(document: &Html) -> Vec<String> {
    let first = select(document, "nav")
        .first()
        .and_then(|menu| menu.attr("aria-label").map(str::to_owned));
    let is_first = matches!(first.as_deref(), Some("Menu principal" | "Main menu"));
    let before = select(document, "header nav li:first-child a[href]");
    if is_first && before.len() == 1 {
        Vec::new()
    } else {
        vec![format!("{first:?}")]
    }
}

/// The page of the site map leads where the menu and the foot lead.
fn pages_out_of_the_site_map(document: &Html) -> Vec<String> {
    if count(document, "li.listed") == 0 {
        return Vec::new();
    }
    let listed: Vec<_> = select(document, "li.listed a")
        .iter()
        .filter_map(|link| link.attr("href"))
        .collect();
    those(document, "header nav a:not([hreflang]), footer a", |link| {
        let address = link.attr("href").unwrap_or_default();
        !address.ends_with("/plan") && !listed.contains(&address)
    })
}

fn unnamed_zones(document: &Html) -> Vec<String> {
    those(document, "nav, [role=region]", |zone| {
        zone.attr("aria-label").is_none_or(str::is_empty)
    })
}

fn no_skip_link(document: &Html) -> Vec<String> {
    let first = select(document, "a")
        .first()
        .and_then(|link| link.attr("href").map(str::to_owned));
    let leads = first.as_deref().is_some_and(|target| {
        target.starts_with('#') && count(document, &format!("main{target}")) == 1
    });
    if leads {
        Vec::new()
    } else {
        vec![format!("{first:?}")]
    }
}

fn documents_and_ascii_art(document: &Html) -> Vec<String> {
    const DOCUMENTS: [&str; 7] = [".pdf", ".doc", ".docx", ".odt", ".xls", ".xlsx", ".zip"];
    let documents = those(document, "a[href]", |link| {
        let address = link.attr("href").unwrap_or_default();
        DOCUMENTS.iter().any(|kind| address.ends_with(kind))
    });
    let drawn = those(document, "main", |main| {
        let text = text_of(*main);
        let faces = [":-)", ":)", "(-:", "^_^", "<3"]
            .iter()
            .any(|face| text.contains(face));
        faces
            || text
                .chars()
                .any(|character| ('\u{1F300}'..='\u{1FAFF}').contains(&character))
    });
    [documents, drawn].concat()
}
