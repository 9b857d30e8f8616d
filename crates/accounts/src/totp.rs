//! Time-based one-time passwords (RFC 6238): HMAC-SHA-1, steps of 30 seconds, six digits, as every
//! authenticator reads them.

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};

/// Seconds of a step.
const STEP: i64 = 30;
/// Steps before and after the present whose code is accepted: clocks are never quite right.
const TOLERANCE: i64 = 1;

/// The step whose code is `code` around `now`, if any.
pub(crate) fn matching_step(key: &[u8], code: u32, now: DateTime<Utc>) -> Option<i64> {
    let present = now.timestamp().div_euclid(STEP);
    (present - TOLERANCE..=present + TOLERANCE).find(|step| code_of(key, *step) == code)
}

/// The code of a step: six digits of its HMAC, chosen by the last four bits (RFC 4226, section 5.3).
pub(crate) fn code_of(key: &[u8], step: i64) -> u32 {
    // SHA-1 is broken for signatures, not for this use (RFC 6238, section 1.2).
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();

    let start = usize::from(bytes[19] & 0xf);
    let word = [
        bytes[start] & 0x7f,
        bytes[start + 1],
        bytes[start + 2],
        bytes[start + 3],
    ];
    u32::from_be_bytes(word) % 1_000_000
}

/// The key as authenticators take it (RFC 4648, section 6, without padding).
pub(crate) fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| (byte >> bit) & 1));
    let bits: Vec<u8> = bits.collect();

    let letter = |chunk: &[u8]| {
        let value = chunk
            .iter()
            .fold(0, |value, bit| value << 1 | usize::from(*bit));
        char::from(ALPHABET[value << (5 - chunk.len())])
    };
    bits.chunks(5).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 6238, appendix B.
    const KEY: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_standard() {
        // The last six of the eight digits of the appendix.
        let table = [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000, 353_130),
        ];
        for (seconds, code) in table {
            assert_eq!(code_of(KEY, seconds / STEP), code, "{seconds}");
        }
    }

    #[test]
    fn a_code_is_accepted_one_step_before_and_after_and_no_further() {
        let now = DateTime::from_timestamp_secs(1_234_567_890).unwrap();
        let step = now.timestamp() / STEP;
        for (ahead, accepted) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let found = matching_step(KEY, code_of(KEY, step + ahead), now);
            assert_eq!(found.is_some(), accepted, "{ahead}");
        }
    }

    #[test]
    fn keys_are_written_as_the_standard_writes_them() {
        // RFC 4648, section 10.
        for (text, expected) in [
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(text.as_bytes()), expected);
        }
    }
}
