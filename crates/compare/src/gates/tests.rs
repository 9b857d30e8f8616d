use super::read;

#[test]
fn thresholds_are_read_through_constants_comparisons_and_names() {
    let pair = |measure: &str, value: &str| (measure.to_owned(), value.to_owned());

    assert_eq!(
        read("SEUIL = 0.6\nif precision < SEUIL:\n"),
        [pair("precision", "0.6")]
    );
    assert_eq!(
        read("MIN_F1 = 0.7  # décidé en mars\n"),
        [pair("f1", "0.7")]
    );

    assert_eq!(
        read("    assert accuracy >= 0.85\n"),
        [pair("accuracy", "0.85")]
    );
    assert!(read("f1 = f1_score(y, p)\nif x < 3:\n").is_empty());
}
