//! The redaction on the marked texts of `data/triage`.

use std::path::Path;

use filrouge_triage::{MarkedText, RedactionScores, redact};

fn scores(file: &str) -> RedactionScores {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/triage");
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    RedactionScores::of(&MarkedText::read_all(&text).unwrap())
}

#[test]
fn almost_all_personal_data_is_taken_out_and_little_else() {
    for file in ["redaction.jsonl", "redaction-reserve.jsonl"] {
        let scores = scores(file);
        println!("{file} : {scores:#?}");

        assert!(scores.recall >= 0.98, "{file} : {:#?}", scores.missed);
        assert!(scores.precision >= 0.95, "{file} : {:#?}", scores.wrong);
    }
}

#[test]
fn numbers_of_bikes_and_names_of_stations_all_stay() {
    for file in ["redaction.jsonl", "redaction-reserve.jsonl"] {
        assert!(
            scores(file).lost.is_empty(),
            "{file} : {:#?}",
            scores(file).lost
        );
    }
}

#[test]
fn five_hundred_parts_are_marked() {
    let spans = ["redaction.jsonl", "redaction-reserve.jsonl"].map(|file| scores(file).spans);
    assert!(spans.iter().sum::<usize>() >= 500, "{spans:?}");
}

#[test]
fn each_kind_is_taken_out_however_it_is_written() {
    for (text, expected) in [
        ("au 14 cours Gambetta, appt 12", "au [adresse]"),
        (
            "06 39 98 12 34 / 0639.98.12.34 / +33 (0)6 39 98 12 34",
            "[téléphone] / [téléphone] / [téléphone]",
        ),
        ("tel 0 6 3 9 9 8 1 2 3 4 svp", "tel [téléphone] svp"),
        (
            "zéro six trente-neuf quatre-vingt-dix-huit douze trente-quatre",
            "[téléphone]",
        ),
        ("au 0639981234.", "au [téléphone]."),
        ("j.mercier@exemple.fr", "[courriel]"),
        (
            "julien point mercier arobase exemple point fr",
            "[courriel]",
        ),
        ("FR76 3000 6000 0112 3456 7890 189 merci", "[iban] merci"),
        ("carte 4242-4242-4242-4242", "carte [carte]"),
        ("nir 1 85 05 78 006 084 91", "nir [nir]"),
        ("voiture AB-000-CD garée", "voiture [plaque] garée"),
        ("M. Dupont et Mme LEFEVRE-MARTIN", "[nom] et Mme [nom]"),
        (
            "M. N’Diaye, Hélène T. et julien mercier",
            "[nom], [nom]. et [nom]",
        ),
        (
            "j.mercier @ exemple . fr, j.mercier chez exemple.fr",
            "[courriel], [courriel]",
        ),
        (
            "écrire à j.mercier@exemple.fr. Le vélo",
            "écrire à [courriel]. Le vélo",
        ),
        (
            "la voiture ab 000 cd bloque la station",
            "la voiture [plaque] bloque la station",
        ),
        ("je m’appelle thierno bah", "je m’appelle [nom]"),
        ("https://example.org/aide", "https://example.org/aide"),
        ("https://example.org/aide?jeton=4f3.", "[lien]."),
    ] {
        assert_eq!(redact(text).text, expected, "{text}");
    }
}

#[test]
fn bikes_stations_streets_and_times_stay() {
    for text in [
        "Frein arrière mort sur le 4521, station Hôtel de Ville",
        "le 4521 rue des Tanneurs",
        "Station 12 rue de la Gare, borne 7 : écran noir",
        "station Jean Jaurès, rue Victor Hugo et lycée Pierre Curie",
        "à 18 h 30 rue de la Gare, 12 places de parking prises",
        "Bonjour, Merci de réparer la Station Place du Marché",
        "1250 m, 4,50 €, 15/03/2026, 8h12",
    ] {
        assert_eq!(redact(text).text, text);
    }
}
