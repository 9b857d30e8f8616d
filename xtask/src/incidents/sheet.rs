//! An incident, as `data/incidents` declares it.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::files;

/// The folder of the declarations, a file each.
pub(crate) const FOLDER: &str = "data/incidents";

/// The state of an incident in the tracker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum SheetState {
    #[serde(rename = "ouvert")]
    Open,
    #[serde(rename = "en cours")]
    UnderWay,
    #[serde(rename = "résolu")]
    Solved,
    #[serde(rename = "clos")]
    Closed,
}

impl SheetState {
    pub(crate) fn french(self) -> &'static str {
        match self {
            Self::Open => "ouvert",
            Self::UnderWay => "en cours",
            Self::Solved => "résolu",
            Self::Closed => "clos",
        }
    }

    /// Solved: the cause is known and the fix is in the history. Closed: its actions are done too.
    pub(crate) fn is_over(self) -> bool {
        matches!(self, Self::Solved | Self::Closed)
    }
}

/// One incident. The texts are Markdown in French.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sheet {
    /// The name of its file, without the extension.
    #[serde(skip)]
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) state: SheetState,
    pub(crate) severity: String,
    /// The part of the system, as a path.
    pub(crate) component: String,
    /// `2026-11-29`.
    pub(crate) opened: String,
    pub(crate) closed: Option<String>,
    pub(crate) summary: String,
    pub(crate) detection: String,
    pub(crate) scope: String,
    pub(crate) timeline: Vec<TimelineEntry>,
    pub(crate) reproduction: Option<Reproduction>,
    #[serde(default)]
    pub(crate) hypotheses: Vec<Hypothesis>,
    pub(crate) cause: Option<String>,
    /// The steps of the fix, in order.
    #[serde(default)]
    pub(crate) steps: Vec<String>,
    #[serde(default)]
    pub(crate) learnt: Vec<String>,
    #[serde(default)]
    pub(crate) actions: Vec<FollowUp>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimelineEntry {
    /// An instant, UTC, or a day.
    pub(crate) at: String,
    pub(crate) what: String,
}

/// The commits and the test that show the fault, then its absence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reproduction {
    /// The commit that has the fault and the red test.
    pub(crate) fault: String,
    pub(crate) fix: String,
    /// Words of the failure of the test.
    pub(crate) told: String,
    pub(crate) red: RedTest,
    /// The path of a patch: the test as it was written since, to lay on the commit of the fault.
    pub(crate) written_since: Option<String>,
    /// Where the test was moved since.
    today: Option<RedTest>,
    /// The day on which the command was last run, and what was seen.
    pub(crate) seen_on: String,
    pub(crate) seen: String,
}

/// A test, as cargo runs it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedTest {
    pub(crate) package: String,
    /// `--lib`, or `--test it`.
    pub(crate) target: String,
    /// Its whole name, modules included.
    pub(crate) name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hypothesis {
    pub(crate) idea: String,
    /// What dropped it, or confirmed it.
    pub(crate) verdict: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FollowUp {
    pub(crate) what: String,
    /// The day that it is due.
    pub(crate) due: String,
    /// The day that it was done.
    pub(crate) done: Option<String>,
}

impl Reproduction {
    /// The test of today.
    pub(crate) fn today(&self) -> &RedTest {
        self.today.as_ref().unwrap_or(&self.red)
    }
}

/// All of them, the last opened first.
pub(crate) fn read_all(root: &Path) -> Result<Vec<Sheet>> {
    let paths = files::listed(root, &["data/incidents/*.toml"])?;
    let read = |path: &String| {
        let text = files::read(root, path)?;
        let mut sheet: Sheet = toml::from_str(&text).with_context(|| format!("in `{path}`"))?;
        let file = path.rsplit('/').next().unwrap_or(path);
        sheet.name = file.trim_end_matches(".toml").to_owned();
        Ok(sheet)
    };

    let mut sheets = paths.iter().map(read).collect::<Result<Vec<_>>>()?;
    sheets.sort_by(|one, other| (&other.opened, &one.name).cmp(&(&one.opened, &other.name)));
    Ok(sheets)
}
