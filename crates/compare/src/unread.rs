//! Code and pipelines that no reader knows: a report that is silent about them would say that they are
//! absent.

use std::collections::BTreeMap;

use crate::lexicon::FILES;
use crate::text::file_name;
use crate::tree::Role;

/// The files of a tree that no reader knows.
#[derive(Debug, Default)]
pub(crate) struct Unread<'tree> {
    /// Files of each language.
    pub(crate) languages: BTreeMap<&'static str, usize>,
    pub(crate) pipelines: Vec<&'tree str>,
}

impl<'tree> Unread<'tree> {
    /// Those of a tree, by its paths.
    pub(crate) fn of(paths: &'tree [String]) -> Self {
        let mut unread = Self::default();

        for path in paths {
            let name = file_name(path).to_ascii_lowercase();
            let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
            let language = FILES.unread.get(extension);
            let is_pipeline = FILES.unread_pipelines.names.has(&name);
            if language.is_none() && !is_pipeline {
                continue;
            }
            if matches!(
                Role::of(path),
                Role::Vendored | Role::Fixture | Role::Binary
            ) {
                continue;
            }

            if let Some(language) = language {
                *unread.languages.entry(language.as_str()).or_default() += 1;
            }
            unread
                .pipelines
                .extend(is_pipeline.then_some(path.as_str()));
        }

        unread
    }

    /// Files of code.
    pub(crate) fn files(&self) -> usize {
        self.languages.values().sum()
    }
}
