use super::*;

fn text(request: &[u8]) -> String {
    String::from_utf8_lossy(request).into_owned()
}

fn station_hours(count: usize) -> Vec<Value> {
    (0..count)
        .map(|number| json!({ "station_id": number }))
        .collect()
}

#[test]
fn clients_ask_in_turn_and_no_two_requests_are_the_same() {
    let tokens = ["one".to_owned(), "two".to_owned()];
    let requests = one_by_one(&station_hours(3), &tokens);
    assert!(text(&requests[1]).contains("Bearer two") && text(&requests[2]).contains("Bearer one"));
    assert!(text(&requests[2]).ends_with(r#"{"items":[{"station_id":2}]}"#));

    let own = with_own_weather(&station_hours(64), &tokens);
    assert!(
        text(&own[40]).contains(r#""weather":{"precipitation_mm":0.078125,"temperature_c":1.25}"#)
    );

    let batches = by_batches(&station_hours(32), 40, &tokens);
    let own = by_batches_with_own_weather(&station_hours(32), 40, &tokens);
    assert_eq!((batches.len(), own.len()), (LARGE_REQUESTS, LARGE_REQUESTS));
    assert!(
        text(&batches[1]).contains(r#"{"items":[{"station_id":2},"#),
        "{}",
        text(&batches[1])
    );
    assert!(
        text(&own[1]).contains(r#"{"items":[{"station_id":2,"weather""#),
        "{}",
        text(&own[1])
    );
    assert_eq!(text(&own[1]).matches("station_id").count(), 40);
}

#[test]
fn features_are_read_without_what_is_known_of_the_row() {
    let header =
        b"{'descr': [('hour', '<f4'), ('departures', '<f4'), ('level', '<f4'), ('lag', '<f4')]}\n";
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header);
    file.extend(
        [1.0_f32, 2.0, 3.0, f32::NAN, 5.0, 6.0, 7.0, 8.0]
            .iter()
            .flat_map(|value| value.to_le_bytes()),
    );

    let features = Features::parse(&file).unwrap();
    assert_eq!((features.columns, features.last(1)), (2, &[7.0, 8.0][..]));

    let tensors = tensors(&features, 2, &["one".to_owned()]);
    assert!(
        text(&tensors[0]).contains(r#""data":[3.0,0.0]"#),
        "{}",
        text(&tensors[0])
    );
    assert!(
        text(&binary_tensors(&features, 2, &["one".to_owned()])[0]).contains(r#""shape":[2,2]"#)
    );
    assert!(Features::parse(b"PAR1").is_err());
}
