//! Places of a text where a secret may stand: every byte of a submission is looked at here, so the
//! readings are made to be fast.

use std::sync::LazyLock;

use crate::lexicon::RED_FLAGS;

/// Longest name that is assigned, in bytes.
const NAME_LIMIT: usize = 80;

/// The beginnings of keys, and one bit for each pair of letters that begins one.
struct Marks {
    marks: Vec<&'static [u8]>,
    pairs: Box<[u64; 1024]>,
}

static MARKS: LazyLock<Marks> = LazyLock::new(|| {
    let marks: Vec<&[u8]> = RED_FLAGS.secrets.marks.iter().map(str::as_bytes).collect();
    let mut pairs = Box::new([0; 1024]);
    for mark in &marks {
        let pair = pair(mark[0], mark[1]);
        pairs[pair / 64] |= 1 << (pair % 64);
    }
    Marks { marks, pairs }
});

fn pair(first: u8, second: u8) -> usize {
    usize::from(first) << 8 | usize::from(second)
}

impl Marks {
    fn may_start(&self, letters: &[u8]) -> bool {
        let pair = pair(letters[0], letters[1]);
        self.pairs[pair / 64] >> (pair % 64) & 1 == 1
    }

    fn starts(&self, text: &[u8]) -> bool {
        self.marks.iter().any(|mark| {
            // Three letters decide before the whole is compared.
            let is_near = text.first_chunk::<3>() == mark.first_chunk();
            is_near && text.starts_with(mark)
        })
    }
}

/// The places of the marks of a text: their first two letters rule out nearly every place.
pub(super) fn marks(text: &str) -> impl Iterator<Item = usize> {
    let marks = &*MARKS;
    let bytes = text.as_bytes();

    bytes
        .windows(2)
        .enumerate()
        .filter(|(_, letters)| marks.may_start(letters))
        .filter(|(at, _)| marks.starts(&bytes[*at..]))
        .map(|(at, _)| at)
}

/// The start of each line that assigns, unless the name that it assigns to is too long.
pub(super) fn assignments(text: &str) -> impl Iterator<Item = usize> {
    let mut at = 0;

    std::iter::from_fn(move || {
        loop {
            let equal = at + text.get(at..)?.find('=')?;
            let start = line_start(text, equal);

            at = text[equal..]
                .find('\n')
                .map_or(text.len(), |end| equal + end + 1);
            if equal - start < NAME_LIMIT {
                return Some(start);
            }
        }
    })
}

/// The starts of the lines of these places, each once; the places come in the order of the text.
pub(super) fn line_starts(text: &str, places: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut end = 0;

    // Many marks may stand on one line, which is looked at once.
    for at in places.filter(|at| text.is_char_boundary(*at)) {
        if at >= end {
            starts.push(line_start(text, at));
            end = text[at..]
                .find('\n')
                .map_or(text.len(), |length| at + length);
        }
    }
    starts
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}
