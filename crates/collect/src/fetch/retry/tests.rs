use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;

fn status(status: u16, retry_after: Option<u64>) -> FetchError {
    FetchError::Status {
        address: "x".to_owned(),
        status,
        retry_after: retry_after.map(Duration::from_secs),
    }
}

#[test]
fn pauses_double_between_half_and_the_whole_and_end_with_the_tries() {
    let mut pauses = Pauses::new(&Limits {
        attempts: 4,
        first_pause_milliseconds: 100,
        ..Limits::default()
    });
    let mut generator = ChaCha8Rng::seed_from_u64(1);

    for whole in [100, 200, 400] {
        let pause = pauses
            .after(&status(503, None), &mut generator)
            .unwrap()
            .as_millis();
        assert!((whole / 2..=whole).contains(&pause), "{pause} of {whole}");
    }

    assert_eq!(pauses.after(&status(503, None), &mut generator), None);
}

#[test]
fn a_failure_that_will_not_pass_is_not_tried_again() {
    let mut generator = ChaCha8Rng::seed_from_u64(1);
    for code in [400, 401, 403, 404, 410] {
        assert_eq!(
            Pauses::new(&Limits::default()).after(&status(code, None), &mut generator),
            None,
            "{code}"
        );
    }
}

#[test]
fn the_server_is_obeyed_when_it_asks_for_a_pause_that_we_can_afford() {
    let mut generator = ChaCha8Rng::seed_from_u64(1);
    let mut after = |seconds| {
        Pauses::new(&Limits::default()).after(&status(429, Some(seconds)), &mut generator)
    };
    assert_eq!(after(7), Some(Duration::from_secs(7)));
    assert_eq!(after(3600), None);
}
