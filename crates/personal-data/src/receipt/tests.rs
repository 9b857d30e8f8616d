use super::*;

#[test]
fn a_receipt_is_verified_by_its_key_and_spoilt_by_any_change() {
    let key = ReceiptKey::generate().unwrap();
    let content = ReceiptContent {
        receipt_id: "r".to_owned(),
        kind: "erasure".to_owned(),
        issued_at: DateTime::UNIX_EPOCH,
        removed: vec![("subscribers".to_owned(), 1)],
        files_searched: 3,
        bytes_searched: 4,
        still_found_in: Vec::new(),
        unreadable: Vec::new(),
        not_opened: Vec::new(),
    };

    let receipt = key.sign(&content).unwrap();
    assert_eq!(
        ReceiptKey::from_pkcs8(key.pkcs8())
            .unwrap()
            .verify(&receipt),
        Some(content)
    );

    let changed = Receipt {
        content: receipt.content.replacen("[]", "[\"lake\"]", 1),
        ..receipt.clone()
    };
    assert_eq!(key.verify(&changed), None);

    assert_eq!(
        key.verify(&Receipt {
            signature: "é".to_owned(),
            ..receipt.clone()
        }),
        None
    );
    assert_eq!(
        ReceiptKey::generate().unwrap().verify(&receipt),
        None,
        "another key"
    );
}
