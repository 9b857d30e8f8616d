use super::*;

fn french() -> Frame {
    Frame::sample(Language::French)
}

fn english() -> Frame {
    Frame::sample(Language::English)
}

#[test]
fn ages_are_said_in_the_largest_unit_that_fits() {
    let cases = [
        (-30, "à l’instant", "just now"),
        (0, "à l’instant", "just now"),
        (59, "à l’instant", "just now"),
        (60, "il y a 1\u{a0}minute", "1\u{a0}minute ago"),
        (59 * 60, "il y a 59\u{a0}minutes", "59\u{a0}minutes ago"),
        (3600, "il y a 1\u{a0}heure", "1\u{a0}hour ago"),
        (86_399, "il y a 23\u{a0}heures", "23\u{a0}hours ago"),
        (3 * 86_400, "il y a 3\u{a0}jours", "3\u{a0}days ago"),
    ];

    for (seconds, in_french, in_english) in cases {
        assert_eq!(french().age(TimeDelta::seconds(seconds)), in_french);
        assert_eq!(english().age(TimeDelta::seconds(seconds)), in_english);
    }
}

/// French says « 0 vélo », « 1 vélo », « 2 vélos »; English says "0 bikes".
#[test]
fn nouns_agree_with_their_number_in_each_language() {
    let cases = [
        (0_u64, "0\u{a0}vélo", "0\u{a0}bikes"),
        (1, "1\u{a0}vélo", "1\u{a0}bike"),
        (2, "2\u{a0}vélos", "2\u{a0}bikes"),
        (1234, "1\u{202f}234\u{a0}vélos", "1,234\u{a0}bikes"),
        (
            1_234_567,
            "1\u{202f}234\u{202f}567\u{a0}vélos",
            "1,234,567\u{a0}bikes",
        ),
    ];

    for (number, in_french, in_english) in cases {
        assert_eq!(french().count("count-bikes", number), in_french);
        assert_eq!(english().count("count-bikes", number), in_english);
    }
}

#[test]
fn positions_name_their_side() {
    assert_eq!(
        french().position(45.60124, 4.1),
        "45,6012°\u{a0}nord, 4,1000°\u{a0}est"
    );
    assert_eq!(
        french().position(-1.5, -0.25),
        "1,5000°\u{a0}sud, 0,2500°\u{a0}ouest"
    );
    assert_eq!(
        english().position(-1.5, -0.25),
        "1.5000°\u{a0}south, 0.2500°\u{a0}west"
    );
}

#[test]
fn a_day_further_than_the_next_two_is_a_date() {
    let today = "2026-03-01".parse().unwrap();
    let day = |frame: &Frame, date: &str| frame.day(date.parse().unwrap(), today);
    assert_eq!(day(&french(), "2026-03-03"), "après-demain");
    assert_eq!(day(&french(), "2026-03-04"), "04/03/2026");
    assert_eq!(day(&english(), "2026-03-04"), "4 March 2026");
}
