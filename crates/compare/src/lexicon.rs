//! The words that the readers know, read once from the files of `data/`: a trainer extends a list
//! without opening the code.

mod code;
mod files;
mod pages;
mod pipelines;
mod red_flags;
#[cfg(test)]
mod tests;
mod words;

use std::sync::LazyLock;

pub(crate) use words::{Words, parse};

pub(crate) static CODE: LazyLock<code::Code> =
    LazyLock::new(|| parse("code.toml", include_str!("../data/code.toml")));

pub(crate) static FILES: LazyLock<files::Files> =
    LazyLock::new(|| parse("files.toml", include_str!("../data/files.toml")));

pub(crate) static PAGES: LazyLock<pages::Pages> =
    LazyLock::new(|| parse("pages.toml", include_str!("../data/pages.toml")));

pub(crate) static PIPELINES: LazyLock<pipelines::Pipelines> =
    LazyLock::new(|| parse("pipelines.toml", include_str!("../data/pipelines.toml")));

pub(crate) static RED_FLAGS: LazyLock<red_flags::RedFlags> =
    LazyLock::new(|| parse("red-flags.toml", include_str!("../data/red-flags.toml")));
