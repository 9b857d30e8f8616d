//! Whatever the text: no panic, and work that grows as its length.

use std::sync::LazyLock;

use filrouge_triage::{Classifier, details, parse_reports, redact, train};
use proptest::prelude::*;

/// Learned from a file written here.
static CLASSIFIER: LazyLock<Classifier> = LazyLock::new(|| {
    let lines = (0..80).map(|index| match index % 2 {
        0 => format!("le frein numero {index} est mort,frein,2026-01-01,Lyon\n"),
        _ => format!("pneu creve {index},roue,2026-01-02,Lyon\n"),
    });
    let file = format!("text,category,date,city\n{}", lines.collect::<String>());
    train(&parse_reports(file.as_bytes()).unwrap()).unwrap()
});

/// Text that looks like what the rules look for.
fn tempting_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "je m’appelle ",
        "M. ",
        "Dupont",
        "Julien ",
        " 12 bis rue ",
        "de la ",
        "06",
        " 12",
        "+33",
        "FR76",
        "@",
        ".fr",
        "arobase ",
        "station ",
        "vélo ",
        "n° ",
        "4521",
        "é",
        "🚲",
        "\u{301}",
        "\n",
        "https://",
        "?a=",
        "AB-000-CD",
        " ",
        "zéro ",
        "six ",
        "İ",
        "ß",
        "'",
    ]);
    prop::collection::vec(pieces, 0..60).prop_map(|pieces| pieces.concat())
}

fn check(text: &str) {
    let redacted = redact(text);
    let mut end = 0;
    for span in &redacted.spans {
        assert!(
            end <= span.range.start && span.range.start < span.range.end,
            "{redacted:?}"
        );
        assert!(text.get(span.range.clone()).is_some(), "{redacted:?}");
        end = span.range.end;
    }
    let opinion = CLASSIFIER.classify(text);
    assert!((0.0..=1.0).contains(&opinion.probability), "{opinion:?}");
    details(text);
}

proptest! {
    #[test]
    fn any_letters_are_read(text in ".{0,300}") {
        check(&text);
    }

    #[test]
    fn tempting_letters_are_read(text in tempting_text()) {
        check(&text);
    }

    #[test]
    fn any_bytes_are_reports_or_a_fault(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse_reports(&bytes);
    }

    #[test]
    fn any_bytes_after_a_header_are_reports_or_a_fault(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse_reports(&[b"text,category,date,city\n", bytes.as_slice()].concat());
    }
}

#[test]
fn what_lies_beyond_the_limit_is_taken_out_whole() {
    let redacted = redact(&"é".repeat(40_000));
    assert!(redacted.text.ends_with("é[suite]"));
}

/// A search that starts again at each letter would not end before the reader's patience.
#[test]
fn the_longest_texts_of_tempting_letters_are_read() {
    let pieces = [
        "0",
        "a ",
        "Julien ",
        "12 rue ",
        "zéro six ",
        "a.",
        "FR76",
        "0 ",
        "M. ",
        "1 2 ",
        "@",
        "http://a ",
    ];
    for piece in pieces {
        check(&piece.repeat(64_000 / piece.len()));
    }
}
