use super::*;
use proptest::prelude::*;

#[test]
fn names_that_look_the_same_are_written_the_same() {
    assert_eq!(normalise("  Hôtel\u{a0}de   Ville "), "Hôtel de Ville");
    assert_eq!(normalise("The\u{301}a\u{302}tre"), "Théâtre");
    assert_eq!(key("Place de l’ÉTOILE"), key("place  de l'Étoile"));
}

#[test]
fn a_badly_decoded_name_is_found_and_repaired() {
    for (text, meant) in [
        ("RÃ©publique", "République"),
        ("Place de lâ€™Ã‰toile", "Place de l’Étoile"),
        ("LycÃ©e â€“ Nord", "Lycée – Nord"),
    ] {
        assert_eq!(repaired_encoding(text).as_deref(), Some(meant), "{text}");
    }
}

#[test]
fn a_right_name_is_left_alone() {
    for text in [
        "République",
        "Place de l’Étoile",
        "Gare – Parvis",
        "«\u{a0}CAFÉ»",
        "Rue 12",
        "東京",
        "Àé’",
    ] {
        assert_eq!(repaired_encoding(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_misread_is_read_again(name in "[A-Za-zéèêàçôÉ’ –]{1,20}") {
        let misread = WINDOWS_1252.decode_without_bom_handling(name.as_bytes()).0.into_owned();
        prop_assert_eq!(repaired_encoding(&misread), (!name.is_ascii()).then_some(name));
    }
}
