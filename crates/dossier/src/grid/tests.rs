use std::io::Read;
use std::path::Path;

use super::*;
use crate::report::tests::submission;

fn grid(name: &str) -> Grid {
    let submissions = [Submission {
        name: name.to_owned(),
        ..submission(Path::new("absent"), "=1+1.py")
    }];
    Grid::new(
        ReportInput {
            reference: None,
            submissions: &submissions,
        },
        &Referential::load().unwrap(),
    )
}

#[test]
fn a_grid_has_a_line_a_criterion_and_leaves_the_judgement_empty() {
    let grid = grid("s");

    assert_eq!(
        grid.header,
        [
            "Bloc",
            "Épreuve",
            "Compétence",
            "Critère",
            "Trouvé (s)",
            "Où (s)",
            "Force (s)",
            "Jugement du jury (s)",
            "Remarques (s)"
        ]
    );

    assert_eq!(grid.rows.len(), 142);
    assert!(
        grid.rows
            .iter()
            .all(|row| row.len() == grid.header.len() && row[7..] == [Cell::Blank, Cell::Blank])
    );
}

#[test]
fn the_reference_is_first_and_is_not_judged() {
    let reference = Reference::load(Path::new("absent"));
    let submissions = [
        submission(Path::new("absent"), "b.py"),
        submission(Path::new("absent"), "c.py"),
    ];
    let input = ReportInput {
        reference: Some(&reference),
        submissions: &submissions,
    };

    let grid = Grid::new(input, &Referential::load().unwrap());
    assert_eq!(grid.header.len(), 4 + 3 + 5 + 5);
    assert!(grid.header[4].starts_with("Trouvé (Référence : "));

    assert_eq!(
        grid.rows[0]
            .iter()
            .filter(|cell| **cell == Cell::Blank)
            .count(),
        4
    );
}

#[test]
fn a_spreadsheet_runs_no_formula_of_a_submission() {
    let text = csv(&grid("=cmd()")).unwrap();
    assert!(text.starts_with("\u{feff}Bloc;Épreuve;"), "{text:.80}");
    assert!(text.contains(";\"'=1+1.py:2\n=1+1.py:2\";"), "{text:.600}");
}

#[test]
fn the_open_document_names_its_type_first_and_holds_every_line() {
    let bytes = ods(&grid("<&>")).unwrap();
    assert_eq!(&bytes[30..38], b"mimetype");
    assert_eq!(
        &bytes[38..84],
        b"application/vnd.oasis.opendocument.spreadsheet"
    );

    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let mut content = String::new();

    archive
        .by_name("content.xml")
        .unwrap()
        .read_to_string(&mut content)
        .unwrap();

    assert_eq!(content.matches("<table:table-row>").count(), 143);
    assert!(content.contains("Force (&#60;&#38;&#62;)") && !content.contains("<script"));
    assert_eq!(bytes, ods(&grid("<&>")).unwrap());
}

#[test]
fn the_page_of_a_grid_gives_each_criterion_a_row_header() {
    let page = grid("s").html(&Referential::load().unwrap()).unwrap();
    assert_eq!(page.matches("<th scope=\"row\">").count(), 142);
    assert_eq!(page.matches("<td class=\"blank\"></td>").count(), 284);
    assert!(!page.contains("<script"));
}
