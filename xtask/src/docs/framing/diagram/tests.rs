use super::*;

fn diagram(boxes: &[(&str, f64, f64)], flows: &[(&str, &str)]) -> Diagram {
    let node = |(id, column, row): &(&str, f64, f64)| DiagramBox {
        id: (*id).to_owned(),
        name: id.to_uppercase(),
        kind: "système".to_owned(),
        says: "fait ce qu’il doit".to_owned(),
        at: [*column, *row],
    };

    let flow = |(from, to): &(&str, &str)| Flow {
        from: (*from).to_owned(),
        to: (*to).to_owned(),
        what: "des nombres".to_owned(),
        protocol: String::new(),
        personal: String::new(),
        protection: String::new(),
        number_at: 0.5,
    };

    Diagram {
        id: "essai".to_owned(),
        title: "Essai".to_owned(),
        description: "Des boîtes.".to_owned(),
        boxes: boxes.iter().map(node).collect(),
        zones: Vec::new(),
        flows: flows.iter().map(flow).collect(),
    }
}

#[test]
fn an_arrow_over_a_third_box_is_told() {
    let three = [("a", 0.0, 0.0), ("b", 1.0, 0.0), ("c", 2.0, 0.0)];
    assert_eq!(diagram(&three, &[("a", "b"), ("b", "c")]).faults(), [""; 0]);
    assert_eq!(
        diagram(&three, &[("a", "c")]).faults(),
        ["drawing `essai`: the arrow from `a` to `c` crosses `b`"]
    );
}

#[test]
fn a_name_that_no_box_bears_is_told() {
    assert_eq!(
        diagram(&[("a", 0.0, 0.0)], &[("a", "z")]).faults(),
        ["drawing `essai`: no box is named `z`"]
    );
}

#[test]
fn two_arrows_that_go_and_come_back_stand_apart() {
    let two = [("a", 0.0, 0.0), ("b", 1.0, 0.0)];
    let both = diagram(&two, &[("a", "b"), ("b", "a")]);
    assert_eq!(both.faults(), [""; 0]);
    assert_eq!(
        diagram(&two, &[("a", "b"), ("a", "b")]).faults(),
        ["drawing `essai`: numbers 1 and 2 touch: set `number_at`"]
    );
}

#[test]
fn a_text_that_is_too_long_for_its_box_is_told() {
    let mut one = diagram(&[("a", 0.0, 0.0)], &[]);
    one.boxes[0].says = "mot ".repeat(60);
    assert_eq!(
        one.faults(),
        ["drawing `essai`: the text of `a` does not fit its box"]
    );
}
