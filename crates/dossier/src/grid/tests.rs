use std::io::Read;
use std::path::Path;

use super::*;
use crate::report::tests::submission;

fn referential() -> Referential {
    Referential::load().unwrap()
}

fn grid(name: &str) -> Grid {
    let submission = Submission {
        name: name.to_owned(),
        ..submission(Path::new("absent"), "=1+1.py")
    };
    let head = Head {
        candidate: "Camille <Martin>".to_owned(),
        jurors: vec!["Dominique Roy".to_owned()],
        ..Head::default()
    };
    Grid::new(&head, &submission, &referential())
}

fn page(name: &str) -> String {
    html(&[grid(name)], &referential()).unwrap()
}

/// The text of the spreadsheet's content.
fn content(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut content = String::new();
    let mut member = archive.by_name("content.xml").unwrap();
    member.read_to_string(&mut content).unwrap();
    content
}

#[test]
fn a_form_follows_the_order_of_the_oral_and_names_who_judges_whom() {
    let grid = grid("s");
    let order: Vec<&str> = grid.epreuves.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(order, ["E1", "E3", "E4", "E2", "E5"]);

    let fields: Vec<(&str, &str)> = grid
        .fields
        .iter()
        .map(|(label, value)| (label.as_str(), value.as_str()))
        .collect();
    let expected = [
        ("Candidat", "Camille <Martin>"),
        ("Session", ""),
        ("Date", ""),
        ("Juré 1", "Dominique Roy"),
        ("Juré 2", ""),
        ("Dépôt lu", "s"),
    ];
    assert_eq!(fields, expected);
}

#[test]
fn every_criterion_has_two_empty_boxes_and_a_comment_and_none_is_ticked() {
    let page = page("s");
    let count = |text: &str| page.matches(text).count();

    // 142 criteria, 3 blocs; 5 épreuves, the jury and the signatures have a text to write too.
    assert_eq!(count("<th scope=\"row\">"), 142 + 3);
    assert_eq!(count("value=\"acquis\""), 142 + 3);
    assert_eq!(count("value=\"non acquis\""), 142 + 3);
    assert_eq!(count("<textarea "), 142 + 3 + 5 + 2);
    assert_eq!(count("></textarea>"), count("<textarea "));
    assert!(!page.contains("checked") && !page.contains("<script"));

    for line in sheet::lines(&grid("s")) {
        if line.cells[0].starts_with('C') && !line.cells[6].is_empty() && !line.is_heading {
            assert_eq!(line.cells[1..4], ["", "", ""]);
        }
    }
}

#[test]
fn every_box_has_a_label_or_a_legend_of_its_own() {
    let submission = submission(Path::new("absent"), "a.py");
    let form = || Grid::new(&Head::default(), &submission, &referential());
    let page = html(&[form(), form()], &referential()).unwrap();

    let after = |mark: &str| -> Vec<String> {
        let rests = page.split(mark).skip(1);
        rests
            .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
            .collect()
    };

    for target in after("<label for=\"")
        .into_iter()
        .chain(after("unseen\" for=\""))
    {
        let id = format!(" id=\"{target}\"");
        assert_eq!(page.matches(&id).count(), 1, "{target}");
    }
    assert_eq!(
        page.matches("<fieldset><legend").count(),
        page.matches("<fieldset>").count()
    );
    assert_eq!(page.matches("<fieldset>").count(), 2 * (142 + 3 + 1));
}

#[test]
fn the_page_and_both_spreadsheets_say_the_same() {
    let grids = [grid("s")];
    let (text, content) = (csv(&grids).unwrap(), content(&ods(&grids).unwrap()));
    let page = page("s");
    let escaped = |cell: &str| {
        let cell = cell
            .replace('&', "&#38;")
            .replace('<', "&#60;")
            .replace('>', "&#62;");
        cell.replace('\'', "&#39;").replace('"', "&#34;")
    };

    // What the template itself says is written plainly.
    let is_on_page =
        |part: &str| page.contains(part) || page.contains(&escaped(part)) || is_title(part);

    let lines = sheet::lines(&grids[0]);
    assert_eq!(content.matches("<table:table-row>").count(), lines.len());

    for cell in lines.iter().flat_map(|line| &line.cells) {
        for part in cell
            .lines()
            .filter(|part| *part != "Où" && *part != "Certification")
        {
            assert!(content.contains(&escaped(part)), "{part}");
            assert!(text.contains(&part.replace('"', "\"\"")), "{part}");
            assert!(is_on_page(part), "{part}");
        }
    }
}

/// The first line of a sheet is the title of the page, in two pieces.
fn is_title(part: &str) -> bool {
    part.starts_with("RNCP37827 ")
}

#[test]
fn a_spreadsheet_runs_no_formula_of_a_submission() {
    let text = csv(&[grid("=cmd()")]).unwrap();
    assert!(
        text.starts_with("\u{feff}Grille individuelle"),
        "{text:.80}"
    );
    assert!(text.contains(";\"'=1+1.py:2\n=1+1.py:2\";"), "{text:.900}");
    assert!(text.contains("Dépôt lu;'=cmd();"));
}

#[test]
fn the_open_document_names_its_type_first_and_has_a_sheet_a_candidate() {
    let grids = [grid("<&>"), grid("b")];
    let bytes = ods(&grids).unwrap();
    assert_eq!(&bytes[30..38], b"mimetype");
    assert_eq!(
        &bytes[38..84],
        b"application/vnd.oasis.opendocument.spreadsheet"
    );

    let content = content(&bytes);
    assert_eq!(content.matches("<table:table ").count(), 2);
    assert!(content.contains("&#60;&#38;&#62;") && !content.contains("<script"));
    assert_eq!(bytes, ods(&grids).unwrap());
}
