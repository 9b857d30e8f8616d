use std::path::Path;

use super::*;
use crate::referential::Referential;
use filrouge_compare::{
    CompetencyResult, Evidence, Finding, FindingKind, ReadVolume, Skipped, Strength, SubmissionKind,
};

const HOSTILE: &str = "<script>alert('1')</script>\"&\u{202e}\u{0}.py";

/// A submission whose every text tries to be markup, with one piece of evidence in `path`.
pub(crate) fn submission(root: &Path, path: &str) -> Submission {
    let referential = Referential::load().unwrap();
    let evidence = |strength| Evidence {
        path: path.to_owned(),
        line: Some(2),
        strength,
        what: HOSTILE.to_owned(),
    };

    let competencies = referential
        .competencies
        .iter()
        .map(|competency| CompetencyResult {
            id: competency.id.clone(),
            strength: Strength::Exercised,
            criteria: competency
                .criteria
                .iter()
                .map(|criterion| CriterionResult {
                    id: criterion.id.clone(),
                    strength: Strength::Exercised,
                    evidence: vec![evidence(Strength::Exercised), evidence(Strength::Mentioned)],
                })
                .collect(),
        });

    Submission {
        name: HOSTILE.to_owned(),
        path: root.display().to_string(),
        commit: None,
        kind: SubmissionKind::Submission,
        read: ReadVolume {
            files: 1,
            bytes: 2048,
        },
        skipped: vec![Skipped {
            path: HOSTILE.to_owned(),
            reason: "trop long".to_owned(),
        }],
        competencies: competencies.collect(),
        red_flags: vec![Finding {
            kind: FindingKind::TestWithoutAssertion,
            path: path.to_owned(),
            line: 2,
            question: HOSTILE.to_owned(),
        }],
        cannot_see: vec![HOSTILE.to_owned()],
    }
}

fn page() -> String {
    let submissions = [submission(Path::new("absent"), HOSTILE)];
    html(
        ReportInput {
            reference: None,
            submissions: &submissions,
        },
        &Referential::load().unwrap(),
    )
    .unwrap()
}

/// What stands between each `open` and the next `close`.
fn all<'page>(page: &'page str, open: &str, close: &str) -> Vec<&'page str> {
    page.split(open)
        .skip(1)
        .map(|rest| rest.split(close).next().unwrap())
        .collect()
}

#[test]
fn nothing_of_a_submission_is_markup() {
    let page = page();
    assert!(!page.contains("<script") && !page.contains('\u{202e}') && !page.contains('\0'));
    assert!(page.contains("&#60;script&#62;") && page.contains("\\u{202e}\\u{0}.py"));
}

#[test]
fn a_page_stands_alone_without_script_nor_anything_from_elsewhere() {
    let page = page();
    for outside in [
        "src=", "@import", "url(", "http://", "https://", "<link", "onclick",
    ] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn headings_go_down_one_level_at_a_time_under_one_title() {
    let page = page();
    let levels: Vec<u32> = page
        .split("<h")
        .skip(1)
        .filter_map(|rest| rest.chars().next()?.to_digit(10))
        .collect();
    assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1);
    assert!(
        levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
        "{levels:?}"
    );
}

#[test]
fn every_table_has_a_caption_and_scoped_headers_and_is_named_and_reachable_when_it_scrolls() {
    let page = page();
    let tables = all(&page, "<table>", "</table>");
    assert_eq!(tables.len(), 1 + 21 + 1);
    assert!(
        tables
            .iter()
            .all(|table| table.contains("<caption id=") && table.contains("<th scope=\"row\">"))
    );
    assert!(!page.contains("<th>"));
    for name in all(&page, "aria-labelledby=\"", "\"") {
        assert_eq!(page.matches(&format!("id=\"{name}\"")).count(), 1, "{name}");
    }
}

#[test]
fn a_strength_is_said_by_a_word() {
    let page = page();
    assert!(
        all(&page, "class=\"strength ", "</span>")
            .iter()
            .all(|rest| !rest.ends_with('>'))
    );
    assert!(page.contains("<span class=\"strength s4\">exercé</span>"));
}

#[test]
fn the_reference_comes_first_and_is_called_so() {
    let root = tempfile::tempdir().unwrap();
    let project = root.path().join("filrouge");
    std::fs::create_dir(&project).unwrap();
    let reference = Reference::load(&project, Path::new("var"));
    let submissions = [Submission {
        name: "une candidate".to_owned(),
        ..submission(Path::new("absent"), "b.py")
    }];

    let input = ReportInput {
        reference: Some(&reference),
        submissions: &submissions,
    };
    let page = html(input, &Referential::load().unwrap()).unwrap();

    assert!(page.contains(
        "<th scope=\"col\">Référence : filrouge</th><th scope=\"col\">une candidate</th>"
    ));
    // Without a run of `verify`, nothing is told of the reference but how to play it.
    assert!(page.contains("non joué : lancer `cargo dossier verify`"));
    assert!(page.contains("<td><span class=\"strength s1\">non joué</span></td>"));
}

#[test]
fn no_page_gives_a_mark_and_each_says_why() {
    assert!(page().contains("Aucune note n&#39;est donnée."));
}

#[test]
fn evidence_is_a_link_to_its_line_whatever_the_name_of_the_file() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("a b#<é>.py"), "").unwrap();
    let place = EvidenceLink::new(&submission(root.path(), ""), "a b#<é>.py", Some(2));
    assert_eq!(place.text, "a b#<é>.py:2");
    let address = place.address.unwrap();
    assert!(
        address.starts_with("file:///") && address.ends_with("/a%20b%23%3C%C3%A9%3E.py#L2"),
        "{address}"
    );
}

#[test]
fn what_the_folder_does_not_hold_is_named_without_a_link() {
    let root = tempfile::tempdir().unwrap();
    let submission = submission(root.path(), "");
    for path in ["absent.py", "../../etc/hostname", "/etc/hostname"] {
        assert_eq!(
            EvidenceLink::new(&submission, path, None),
            EvidenceLink {
                text: path.to_owned(),
                address: None
            }
        );
    }
    assert_eq!(
        EvidenceLink::new(&submission, "", None).text,
        "historique git"
    );
}
