use super::*;

#[test]
fn clients_are_spread_over_the_hundred_and_stay_where_they_are() {
    let below = |percent: u8| {
        (0..1_000)
            .filter(|client| rank(&client.to_string()) < percent)
            .count()
    };
    assert!((150..250).contains(&below(20)), "{}", below(20));
    assert_eq!((below(0), below(100)), (0, 1_000));
    assert_eq!(rank("demo"), rank("demo"));
}
