use super::*;

fn number(text: &str) -> SubscriberNumber {
    SubscriberNumber::from(text.to_owned())
}

#[test]
fn a_pseudonym_depends_on_the_person_the_domain_and_every_key() {
    let one = PseudonymKeys::parse(&"0a".repeat(32)).unwrap();
    let two = one.with_another().unwrap();
    let all = [
        one.pseudonym(Domain::Subscriber, &number("1")),
        one.pseudonym(Domain::Subscriber, &number("2")),
        one.pseudonym(Domain::Audit, &number("1")),
        one.pseudonym(Domain::Erasure, &number("1")),
        two.pseudonym(Domain::Subscriber, &number("1")),
    ];
    for (index, pseudonym) in all.iter().enumerate() {
        assert_eq!(pseudonym.len(), 64);
        assert!(!all[..index].contains(pseudonym));
    }
    assert_eq!(
        two.rehash(&all[0]).as_ref(),
        Some(&all[4]),
        "a rotation needs no number"
    );
    assert_eq!(
        two.pseudonyms_so_far(Domain::Subscriber, &number("1")),
        [all[0].clone(), all[4].clone()]
    );
}

#[test]
fn keys_read_what_they_write_and_print_nothing() {
    let keys = PseudonymKeys::generate().unwrap().with_another().unwrap();
    assert_eq!(PseudonymKeys::parse(&keys.to_text()).unwrap(), keys);
    assert_eq!(
        format!("{keys:?} {:?}", number("1042")),
        "PseudonymKeys(2) SubscriberNumber(…)"
    );
    for bad in ["", "\n", "abc", &"zz".repeat(32), &"é".repeat(32)] {
        assert!(PseudonymKeys::parse(bad).is_err(), "{bad}");
    }
}
