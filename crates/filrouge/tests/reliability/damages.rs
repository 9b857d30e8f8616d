//! What a power cut or a tired disk leaves of a file.

use std::fs;
use std::path::Path;

pub(crate) type Damage = fn(&Path);

/// Cut in two, emptied, and zeros inside.
pub(crate) const DAMAGES: [(&str, Damage); 3] = [
    ("truncated", |path| {
        let file = fs::OpenOptions::new().write(true).open(path).unwrap();
        file.set_len(file.metadata().unwrap().len() / 2).unwrap();
    }),
    ("emptied", |path| fs::write(path, "").unwrap()),
    ("zeros", |path| {
        let mut bytes = fs::read(path).unwrap();
        let third = bytes.len() / 3;
        bytes[third..2 * third].fill(0);
        fs::write(path, bytes).unwrap();
    }),
];
