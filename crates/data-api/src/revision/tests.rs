use super::*;

#[test]
fn a_tag_is_recognised_alone_in_a_list_or_weak() {
    let revision = Revision(255, Media::Json);
    let etag = revision.etag().to_str().unwrap().to_owned();

    let cases = [
        (etag.clone(), true),
        (format!("W/{etag}"), true),
        (format!("\"other\", {etag}"), true),
        ("*".to_owned(), true),
        ("\"other\"".to_owned(), false),
        (String::new(), false),
    ];

    for (sent, same) in cases {
        let headers =
            HeaderMap::from_iter([(IF_NONE_MATCH, HeaderValue::try_from(&sent).unwrap())]);
        assert_eq!(revision.not_modified(&headers).is_some(), same, "{sent}");
    }

    assert!(revision.not_modified(&HeaderMap::new()).is_none());
}
