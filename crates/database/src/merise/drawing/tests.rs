//! The geometry of the drawings: what a reader would not make out is found here.

use super::canvas::DrawnText;
use super::*;
use crate::merise::embedded;

const LEVELS: [Level; 3] = [Level::Conceptual, Level::Logical, Level::Physical];

fn texts(canvas: &Canvas) -> Vec<&DrawnText> {
    let within = canvas.boxes.iter().flat_map(|one| &one.texts);
    within.chain(&canvas.labels).collect()
}

/// Everything of a drawing that would hide a part of a text, in words.
fn hidden(canvas: &Canvas) -> Vec<String> {
    let mut faults = Vec::new();
    let texts = texts(canvas);
    let rules = canvas.boxes.iter().filter_map(|one| one.rule);
    let lines: Vec<_> = canvas
        .links
        .iter()
        .map(|one| one.segment)
        .chain(rules)
        .collect();

    for (rank, one) in texts.iter().enumerate() {
        if lines.iter().any(|line| one.area.clip(*line).is_some()) {
            faults.push(format!("`{}` lies on a line", one.text));
        }
        let half_in =
            |area: geometry::Rectangle| area.overlaps(one.area) && !area.contains(one.area);
        if canvas.boxes.iter().any(|other| half_in(other.area)) || !canvas.area().contains(one.area)
        {
            faults.push(format!("`{}` comes out of its box", one.text));
        }
        for other in texts[rank + 1..]
            .iter()
            .filter(|other| other.area.overlaps(one.area))
        {
            faults.push(format!("`{}` lies on `{}`", one.text, other.text));
        }
    }
    faults
}

// Preuve: C4.1 aucun texte des dessins n’est sur une ligne, sur un autre texte ni hors de son cadre
#[test]
fn no_text_lies_on_a_line_or_on_another_text() {
    for level in LEVELS {
        let canvas = draw(embedded(), level).unwrap();
        assert!(texts(&canvas).len() > 50, "{level:?}");
        assert_eq!(hidden(&canvas), [""; 0], "{level:?}");
    }
}

#[test]
fn a_text_on_a_line_or_on_another_is_found() {
    let mut canvas = draw(embedded(), Level::Conceptual).unwrap();
    let middle = |link: &canvas::Link| link.segment.from.toward(link.segment.to, 0.5);
    let on_line = DrawnText::centered(middle(&canvas.links[0]), "0,n", true);
    let on_text = DrawnText::centered(canvas.labels[0].area.center(), "1,1", true);
    canvas.labels.extend([on_line, on_text]);

    assert!(hidden(&canvas).contains(&"`0,n` lies on a line".to_owned()));
    assert!(
        hidden(&canvas)
            .iter()
            .any(|fault| fault.ends_with("lies on `1,1`"))
    );
}

#[test]
fn no_line_crosses_another_or_a_box_that_it_does_not_reach() {
    for level in LEVELS {
        let canvas = draw(embedded(), level).unwrap();
        for (rank, link) in canvas.links.iter().enumerate() {
            let crossed = canvas.boxes.iter().filter(|one| {
                let inside = one.area.grown(-1.0).clip(link.segment);
                inside.is_some()
            });
            assert_eq!(crossed.count(), 0, "{level:?}, {link:?}");
            assert!(
                canvas.links[rank + 1..]
                    .iter()
                    .all(|other| !other.segment.crosses(link.segment)),
                "{level:?}, {link:?}"
            );
        }
    }
}

#[test]
fn boxes_stand_apart_and_the_drawing_fits_a_page() {
    for level in LEVELS {
        let canvas = draw(embedded(), level).unwrap();
        for (rank, one) in canvas.boxes.iter().enumerate() {
            let mut others = canvas.boxes[rank + 1..].iter();
            assert!(
                others.all(|other| !other.area.overlaps(one.area.grown(8.0))),
                "{one:?}"
            );
            assert!(one.area.left >= 8.0 && one.area.top >= 8.0, "{one:?}");
        }
        // At 100 %, a screen of 1,280 pixels shows it without scrolling sideways.
        assert!(
            canvas.area().width() <= 1200.0,
            "{level:?}: {}",
            canvas.area().width()
        );
    }
}
