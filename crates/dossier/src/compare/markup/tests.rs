use super::facts;
use crate::compare::fact::Tag;

#[test]
fn a_page_with_several_marks_is_accessible_and_a_bare_one_is_not() {
    let tags = |text: &str| {
        facts("a.html", text)
            .into_iter()
            .map(|fact| fact.tag)
            .collect::<Vec<_>>()
    };

    let page = "<html lang=\"fr\"><body><main><form><label for=\"a\">A</label></form></main></body></html>";

    assert_eq!(
        tags(page),
        [Tag::Interface, Tag::Form, Tag::AccessibleMarkup]
    );
    assert_eq!(tags("<body><div>x</div></body>"), [Tag::Interface]);
    assert!(tags("just text").is_empty());
}
