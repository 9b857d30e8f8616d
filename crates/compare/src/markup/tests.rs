use super::facts;
use crate::fact::FactKind;

#[test]
fn a_page_with_several_marks_is_accessible_and_a_bare_one_is_not() {
    let kinds = |text: &str| {
        facts("a.html", text)
            .into_iter()
            .map(|fact| fact.kind)
            .collect::<Vec<_>>()
    };

    let page = "<html lang=\"fr\"><body><main><form><label for=\"a\">A</label></form></main></body></html>";

    assert_eq!(
        kinds(page),
        [
            FactKind::Interface,
            FactKind::Form,
            FactKind::AccessibleMarkup
        ]
    );
    assert_eq!(kinds("<body><div>x</div></body>"), [FactKind::Interface]);
    assert!(kinds("just text").is_empty());
}
