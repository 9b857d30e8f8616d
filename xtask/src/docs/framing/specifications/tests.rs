use super::*;

fn inventory() -> Inventory {
    let one = |name: &str| BTreeSet::from([name.to_owned()]);
    Inventory {
        routes: one("data-api GET /v1/stations"),
        pages: one("/"),
        metrics: one("http_requests_total"),
        checks: one("pages are light"),
    }
}

fn faults(specifications: &str) -> Vec<String> {
    let Requirements { specification } = toml::from_str(specifications).unwrap();
    compared(&specification, &inventory())
}

/// Answers everything that the repository of these tests holds.
const WHOLE: &str = r#"
    [[specification]]
    id = "SF-01"
    title = "Stations"
    says = "Les stations se lisent."
    measure = "une liste"
    routes = ["data-api GET /v1/*"]
    pages = ["/"]
    metrics = ["http_*"]
    checks = ["pages are light"]
"#;

#[test]
fn what_answers_a_specification_and_is_asked_for_is_well() {
    assert_eq!(faults(WHOLE), [""; 0]);
}

#[test]
fn a_thing_that_nothing_asks_for_is_named() {
    for (kept, lost) in [
        (
            "routes = [\"data-api GET /v1/*\"]",
            "route `data-api GET /v1/stations`",
        ),
        ("pages = [\"/\"]", "page `/`"),
        ("metrics = [\"http_*\"]", "metric `http_requests_total`"),
        (
            "checks = [\"pages are light\"]",
            "end-to-end test `pages are light`",
        ),
    ] {
        assert_eq!(
            faults(&WHOLE.replace(kept, "")),
            [format!("no specification asks for the {lost}")]
        );
    }
}

#[test]
fn a_specification_that_nothing_answers_is_named_unless_it_is_open() {
    let other = "[[specification]]\nid = \"SF-02\"\ntitle = \"T\"\nsays = \"S\"\nmeasure = \"M\"\n";
    assert_eq!(
        faults(&format!("{WHOLE}{other}")),
        ["nothing answers SF-02: name what does, or say what is `open`"]
    );

    let open = format!("{WHOLE}{other}pages = [\"/trajet\"]\nopen = \"la page\"\n");
    assert_eq!(faults(&open), [""; 0]);
}

#[test]
fn a_name_that_answers_nothing_is_told_with_its_specification() {
    let renamed = WHOLE.replace("pages = [\"/\"]", "pages = [\"/\", \"/stations\"]");
    assert_eq!(
        faults(&renamed),
        ["SF-01 names the page `/stations`, which is not there: mend it, or say what is `open`"]
    );
}

#[test]
fn a_number_stands_once() {
    assert_eq!(faults(&format!("{WHOLE}{WHOLE}")), ["SF-01 stands twice"]);
}
