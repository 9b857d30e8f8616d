//! Fuzzing on the stable compiler: kept inputs, changed at random from a seed, are given to a reader,
//! which may refuse them and may not panic, hang or fill the memory.
//!
//! `cargo test` plays the kept inputs and a few hundred changes; `cargo xtask fuzz --seconds 60` goes
//! on for as long as it is told. An input that brings a reader down is written among the kept ones.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Changes that `cargo test` plays.
const FEW: u32 = 200;
/// Bytes of an input: small ones find as much, faster.
const LONGEST: usize = 1 << 16;
/// No input of this length takes a reader longer, nor adds as much to its memory.
const SLOWEST: Duration = Duration::from_secs(20);
const MEMORY_KIB: u64 = 512 << 10;

/// Gives the inputs kept for `reader`, then changed ones, to `read`.
pub(crate) fn fuzz(reader: &str, read: impl Fn(&[u8])) {
    let folder = corpus().join(reader);
    let kept = kept_in(&folder);
    assert!(
        !kept.is_empty(),
        "{} holds no input to begin with",
        folder.display()
    );

    for input in &kept {
        judge(&folder, input, &read);
    }

    let seconds = variable("FILROUGE_FUZZ_SECONDS");
    let mut chance = Chance(variable("FILROUGE_FUZZ_SEED").unwrap_or(1));
    let start = Instant::now();
    for round in 0_u32.. {
        match seconds {
            None if round == FEW => break,
            Some(seconds) if start.elapsed() >= Duration::from_secs(seconds) => {
                println!("fuzz {reader}: {round} inputs");
                break;
            }
            _ => judge(&folder, &changed(&kept, &mut chance), &read),
        }
    }
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus")
}

fn kept_in(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// Reads one input; keeps it when the reader does not hold.
fn judge(folder: &Path, input: &[u8], read: &impl Fn(&[u8])) {
    let (before, start) = (peak_kib(), Instant::now());
    let outcome = catch_unwind(AssertUnwindSafe(|| read(input)));
    let fault = if outcome.is_err() {
        "panics"
    } else if start.elapsed() > SLOWEST {
        "is too slow"
    } else if peak_kib() > before + MEMORY_KIB {
        "takes too much memory"
    } else {
        return;
    };

    let mut hash = DefaultHasher::new();
    input.hash(&mut hash);
    let path = folder.join(format!("found-{:016x}", hash.finish()));
    fs::write(&path, input).unwrap();
    match outcome {
        Err(panic) => {
            println!("the reader {fault} on {}", path.display());
            resume_unwind(panic)
        }
        Ok(()) => panic!("the reader {fault} on {}", path.display()),
    }
}

/// The most memory that this process has taken, where proc(5) tells.
fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

/// A small generator of our own (splitmix64): the same inputs on every machine, without a
/// dependency.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        (bits % most.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, values: &'a [T]) -> &'a T {
        &values[self.below(values.len())]
    }

    /// A piece of `bytes`, its start and its end.
    fn piece(&mut self, bytes: &[u8]) -> (usize, usize) {
        let (one, other) = (self.below(bytes.len() + 1), self.below(bytes.len() + 1));
        (one.min(other), one.max(other))
    }
}

/// Bytes that readers give a meaning to, and numbers at the edge of their types.
const WORDS: [&[u8]; 22] = [
    b"\"",
    b",",
    b";",
    b"\n",
    b"\r\n",
    b"{",
    b"}",
    b"[",
    b"]",
    b"<",
    b">",
    b"\0",
    b"\xff",
    b"\xff\xff\xff\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"-1",
    b"1e308",
    b"18446744073709551615",
    b"9999-12-31T23:59:59Z",
    b"null",
    b"\xf0\x9f\x9a\xb2",
];

/// One of the kept inputs, with one to eight changes.
fn changed(kept: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut input = chance.of(kept).clone();
    for _ in 0..=chance.below(8) {
        change(&mut input, kept, chance);
    }
    input.truncate(LONGEST);
    input
}

fn change(input: &mut Vec<u8>, kept: &[Vec<u8>], chance: &mut Chance) {
    let at = chance.below(input.len() + 1);
    match chance.below(8) {
        0 if at < input.len() => input[at] ^= 1 << chance.below(8),
        1 if at < input.len() => input[at] = chance.below(256) as u8,
        2 => {
            input.splice(at..at, chance.of(&WORDS).iter().copied());
        }
        3 => {
            let (from, to) = chance.piece(input);
            input.drain(from..to);
        }
        4 => {
            // A piece again and again: depth, width, length.
            let (from, to) = chance.piece(input);
            let piece = input[from..to].repeat(1 + chance.below(64));
            input.splice(at..at, piece.into_iter().take(LONGEST));
        }
        5 => {
            let other = chance.of(kept);
            let (from, to) = chance.piece(other);
            input.splice(at..at, other[from..to].iter().copied());
        }
        6 => {
            let (from, to) = chance.piece(input);
            input[from..to].fill(0);
        }
        _ => input.truncate(at),
    }
}
