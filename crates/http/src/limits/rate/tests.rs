use chrono::TimeDelta;

use super::*;

const LIMIT: RateLimit = RateLimit {
    per_second: 0.5,
    burst: 2.0,
    concurrent: 10,
};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_000_000 + seconds)
}

#[test]
fn a_client_spends_its_burst_then_waits_for_its_rate() {
    let client = Allowance::new(LIMIT);
    let take = |cost, seconds| client.take(cost, at(seconds)).map(drop);

    assert_eq!(take(1, 0), Ok(()));
    assert_eq!(take(1, 0), Ok(()));
    assert_eq!(take(1, 0), Err(2));
    assert_eq!(take(1, 1), Err(1));
    assert_eq!(take(1, 2), Ok(()));
}

#[test]
fn what_costs_more_takes_more_and_the_dearest_is_still_possible() {
    let client = Allowance::new(LIMIT);
    let take = |cost, seconds| client.take(cost, at(seconds)).map(drop);

    assert_eq!(take(2, 0), Ok(()));
    assert_eq!(take(1, 0), Err(2));
    assert_eq!(take(2, 2), Err(2));
    assert_eq!(take(1000, 4), Ok(()), "as much as the burst");
}

#[test]
fn a_body_is_paid_before_it_is_read_and_what_it_asks_for_no_second_time() {
    let client = Allowance::new(RateLimit::per_second(10));
    let left = |further: &[u32]| {
        let client = Allowance::new(client.limit);
        let mut place = client.enter(5, at(0)).unwrap();
        further
            .iter()
            .for_each(|cost| place.take(*cost, at(0)).unwrap());
        let level = client.bucket.take(client.limit, 0.0, at(0)).unwrap();
        level.remaining
    };

    // Twenty at first, one for the request, five for its body.
    assert_eq!(left(&[]), 14);
    assert_eq!(left(&[5]), 14);
    assert_eq!(left(&[2, 3]), 14);
    assert_eq!(left(&[8]), 11);
    assert!(
        client.enter(30, at(0)).is_ok(),
        "the dearest is still possible"
    );
    assert!(client.enter(0, at(0)).is_err());
}

#[test]
fn a_clock_that_jumps_back_costs_the_burst_at_most() {
    let client = Allowance::new(LIMIT);
    client.take(1, at(3 * 24 * 3600)).unwrap();
    assert_eq!(client.take(1, at(0)).map(drop), Err(2));
    assert_eq!(client.take(1, at(2)).map(drop), Ok(()));
}

#[test]
fn units_under_way_are_bounded_and_come_back() {
    let client = Allowance::new(RateLimit {
        concurrent: 3,
        ..RateLimit::per_second(1000)
    });
    let first = client.take(2, at(0)).unwrap();
    let _second = client.take(1, at(0)).unwrap();
    assert_eq!(client.take(1, at(0)).map(drop), Err(1));

    drop(first);
    assert_eq!(client.take(2, at(0)).map(drop), Ok(()));
}

#[tokio::test]
async fn the_headers_tell_what_is_left() {
    let client = Allowance::new(RateLimit::per_second(50));
    let (_, headers) = observed(async { client.take(10, at(0)).map(drop) }).await;
    assert_eq!(headers[POLICY], "\"client\";q=100;w=2");
    assert_eq!(headers[REMAINING], "\"client\";r=90;t=1");

    let (_, headers) = observed(async {}).await;
    assert!(headers.is_empty(), "no client, no allowance");
}

#[test]
fn each_address_and_name_has_its_units() {
    let addresses = AddressLimit::new(LIMIT);
    let admit = |address: &str, name| addresses.admit(address.parse().unwrap(), name, at(0));

    assert_eq!(admit("10.0.0.1", "demo"), Ok(()));
    assert_eq!(admit("10.0.0.1", "demo"), Ok(()));
    assert_eq!(admit("10.0.0.1", "demo"), Err(2));
    assert_eq!(admit("10.0.0.2", "demo"), Ok(()));
    assert_eq!(admit("10.0.0.1", "web"), Ok(()));
}
