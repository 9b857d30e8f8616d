use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::sign_test::upper_tail;
use super::*;

fn bounds() -> CanaryBounds {
    CanaryBounds {
        most_clients_percent: 10,
        least_hours: 48,
        least_days: 3,
        most_days: 7,
        least_confidence: 0.95,
        most_slowdown: 1.5,
        least_draws: 1000,
    }
}

fn start() -> Hour {
    Hour::from_hours_since_epoch(490_000)
}

/// Hours in which both err by chance, the canary `ratio` times as much as the champion.
fn hours(days: i64, ratio: f64, seed: u64) -> Vec<PairedHour> {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    let pair = |index| PairedHour {
        hour: start() + index,
        champion_error: generator.random_range(5.0..15.0),
        canary_error: ratio * generator.random_range(5.0..15.0),
    };
    (0..24 * days).map(pair).collect()
}

fn judged(days: i64, hours: &[PairedHour], times: PairedTimes) -> (CanaryDecision, CanaryReason) {
    let evidence = CanaryEvidence {
        from: start(),
        last_counted: start() + 24 * days - 1,
        hours,
        times,
    };
    let verdict = bounds().judge(&evidence, 1);
    (verdict.decision, verdict.reason)
}

const FAST: PairedTimes = PairedTimes {
    pairs: 200,
    too_slow: 20,
};
const SLOW: PairedTimes = PairedTimes {
    pairs: 200,
    too_slow: 180,
};

// Preuve: C13.5 le canari jugé : une version moins bonne ou plus lente est retirée, une meilleure est promue, le doute attend puis retire
#[test]
fn a_canary_is_promoted_rolled_back_or_waits() {
    use CanaryDecision::{Promote, RollBack, Wait};
    use CanaryReason::{Better, Slower, TooFewHours, Undecided, Worse};

    let cases = [
        // days, error of the canary over the champion's, times, decision, reason
        (0, 0.5, FAST, Wait, TooFewHours),
        (2, 0.5, FAST, Wait, TooFewHours),
        (3, 0.5, FAST, Promote, Better),
        (3, 0.7, FAST, Promote, Better),
        (3, 1.4, FAST, RollBack, Worse),
        (3, 1.0, FAST, Wait, Undecided),
        (6, 1.0, FAST, Wait, Undecided),
        (7, 1.0, FAST, RollBack, Undecided),
        (3, 0.7, SLOW, RollBack, Slower),
        (3, 0.7, PairedTimes::default(), Promote, Better),
    ];

    for (days, ratio, times, decision, reason) in cases {
        assert_eq!(
            judged(days, &hours(days, ratio, 7), times),
            (decision, reason),
            "{days} days at {ratio}"
        );
    }
}

#[test]
fn hours_that_do_not_come_end_the_canary_too() {
    let few = &hours(7, 0.5, 7)[..40];
    assert_eq!(
        judged(6, few, FAST),
        (CanaryDecision::Wait, CanaryReason::TooFewHours)
    );
    assert_eq!(
        judged(7, few, FAST),
        (CanaryDecision::RollBack, CanaryReason::TooFewHours)
    );
}

#[test]
fn the_day_under_way_is_not_looked_at() {
    let mut pairs = hours(4, 0.7, 7);
    for pair in &mut pairs[72..] {
        pair.canary_error = 1e6;
    }
    let evidence = |last_counted| CanaryEvidence {
        from: start(),
        last_counted,
        hours: &pairs,
        times: FAST,
    };

    let in_the_third_day = bounds().judge(&evidence(start() + 71), 1);
    let in_the_fourth = bounds().judge(&evidence(start() + 94), 1);
    assert_eq!(in_the_third_day, in_the_fourth);
    assert_eq!(in_the_fourth.paired_hours, 72);
    assert_ne!(in_the_fourth, bounds().judge(&evidence(start() + 95), 1));
}

#[test]
fn a_version_against_itself_is_never_decided() {
    let same: Vec<_> = hours(7, 1.0, 3)
        .into_iter()
        .map(|pair| PairedHour {
            canary_error: pair.champion_error,
            ..pair
        })
        .collect();
    let evidence = CanaryEvidence {
        from: start(),
        last_counted: start() + 167,
        hours: &same,
        times: FAST,
    };

    let verdict = bounds().judge(&evidence, 1);
    assert_eq!(verdict.worse_by_chance, 0.5);
    assert_eq!(verdict.error_ratio, Some(1.0));
    assert_eq!(verdict.reason, CanaryReason::Undecided);
}

// Preuve: C12.3 à qualité égale, la confiance écrite est tenue : sur cent canaris suivis jour après jour, cinq au plus sont promus ou retirés à tort
#[test]
fn versions_of_equal_quality_are_rarely_told_apart() {
    let wrong = (0..100).filter(|seed| {
        let pairs = hours(7, 1.0, *seed);
        (3..=7).any(|days| {
            let (_, reason) = judged(days, &pairs, FAST);
            matches!(reason, CanaryReason::Better | CanaryReason::Worse)
        })
    });
    let wrong = wrong.count();
    assert!(wrong <= 5, "{wrong} of 100");
}

#[test]
fn the_sign_test_is_the_tail_of_the_binomial() {
    let cases = [
        (0, 0, 1.0),
        (0, 10, 1.0),
        (10, 10, 1.0 / 1024.0),
        (9, 10, 11.0 / 1024.0),
        (5, 10, 638.0 / 1024.0),
    ];
    for (successes, trials, expected) in cases {
        assert!(
            (upper_tail(successes, trials) - expected).abs() < 1e-12,
            "{successes} of {trials}"
        );
    }
    // Large numbers neither overflow nor vanish.
    assert!((upper_tail(50_000, 100_000) - 0.5).abs() < 0.01);
}

#[test]
fn bounds_that_make_no_sense_are_refused() {
    type Break = fn(&mut CanaryBounds);
    let cases: [(&str, Break); 8] = [
        ("most_clients_percent", |bounds| {
            bounds.most_clients_percent = 0
        }),
        ("most_clients_percent", |bounds| {
            bounds.most_clients_percent = 101
        }),
        ("least_days", |bounds| bounds.least_days = 0),
        ("least_days", |bounds| bounds.least_days = 8),
        ("most_days", |bounds| bounds.most_days = 29),
        ("least_confidence", |bounds| bounds.least_confidence = 1.0),
        ("most_slowdown", |bounds| bounds.most_slowdown = 0.5),
        ("least_draws", |bounds| bounds.least_draws = 1),
    ];
    assert_eq!(bounds().check(), Ok(()));

    for (name, spoil) in cases {
        let mut bounds = bounds();
        spoil(&mut bounds);
        assert!(bounds.check().unwrap_err().starts_with(name), "{name}");
    }
}
