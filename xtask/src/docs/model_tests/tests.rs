use super::*;

#[test]
fn tests_are_read_with_what_they_are() {
    let source = "proptest! {\n    #[test]\n    fn sums_are_equal(\n        a in 0..3,\n    ) {\n    }\n}\n\n\
        // Preuve: C1.1 x\n#[tokio::test(flavor = \"multi_thread\")]\nasync fn it_answers() {\n}\n\nfn helper() {\n}\n";
    let test = |name: &str, is_property| Test {
        name: name.to_owned(),
        is_property,
    };
    assert_eq!(
        tests_of(source),
        [test("sums_are_equal", true), test("it_answers", false)]
    );
}

#[test]
fn a_row_says_where_and_how() {
    let test = Test {
        name: "it_answers".to_owned(),
        is_property: false,
    };
    assert_eq!(
        row(Path::new("tests/it/serving"), &test),
        "| `serving` | ensemble | exemples | it answers |\n"
    );
    assert_eq!(
        row(Path::new("src/features/tests"), &test),
        "| `features` | unité | exemples | it answers |\n"
    );
}
