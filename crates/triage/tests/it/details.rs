//! Urgency, bikes and station.

use filrouge_triage::{Urgency, details};

#[test]
fn urgency_follows_the_words() {
    for (text, expected) in [
        ("Je suis tombé, je saigne", Urgency::Now),
        ("la batterie fume", Urgency::Now),
        ("un cycliste renversé", Urgency::Now),
        ("Chute sans gravité, personne n’est blessé", Urgency::Today),
        ("frein avant mort", Urgency::Today),
        ("trajet toujours en cours", Urgency::Today),
        ("la sonnette ne sonne pas", Urgency::Routine),
        ("", Urgency::Routine),
    ] {
        assert_eq!(details(text).urgency, expected, "{text}");
    }
}

#[test]
fn bikes_are_read_and_other_numbers_are_not() {
    for (text, expected) in [
        ("frein arrière mort sur le 4521", vec!["4521"]),
        (
            "Vélos 4521, 987 et 12345 sans lumière, vélo 4521",
            vec!["4521", "987", "12345"],
        ),
        ("VÉLO N°4521", vec!["4521"]),
        ("#4521", vec!["4521"]),
        ("station 1204, borne n° 300", vec![]),
        ("le 1250 m, le 800 rue, au 120 €", vec![]),
        ("06 39 98 12 34", vec![]),
    ] {
        assert_eq!(details(text).bikes, expected, "{text}");
    }
}

#[test]
fn the_first_station_named_is_read() {
    for (text, expected) in [
        (
            "frein mort, station Hôtel de Ville, merci",
            Some("Hôtel de Ville"),
        ),
        ("à la station de la Gare", Some("Gare")),
        ("station 12 pleine", Some("12")),
        ("Station : Quai des Mégissiers", Some("Quai des Mégissiers")),
        ("la station est vide", None),
    ] {
        assert_eq!(details(text).station, expected, "{text}");
    }
}
