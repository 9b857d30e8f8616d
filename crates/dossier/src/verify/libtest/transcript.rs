//! The output of libtest, for tests that run one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use super::{Finding, Verdict};
use crate::verify::NOT_PLAYED;

/// Letters kept of the message of a panic.
const MESSAGE_LETTERS: usize = 200;

/// The results read so far.
pub(super) struct Transcript<'batch, 'all> {
    wanted: &'batch BTreeSet<&'all str>,
    /// When the test that runs now started.
    since: Instant,
    running: Option<String>,
    results: BTreeMap<String, (String, f64)>,
    /// The first message of each test that failed.
    messages: BTreeMap<String, String>,
    /// The test whose output is told, after all have run.
    section: Option<String>,
    is_after_panic: bool,
    /// The closing line: true when all passed.
    summary: Option<bool>,
}

impl<'batch, 'all> Transcript<'batch, 'all> {
    pub(super) fn new(wanted: &'batch BTreeSet<&'all str>, started: Instant) -> Self {
        Self {
            wanted,
            since: started,
            running: None,
            results: BTreeMap::new(),
            messages: BTreeMap::new(),
            section: None,
            is_after_panic: false,
            summary: None,
        }
    }

    pub(super) fn read(&mut self, line: &str, at: Instant) {
        if let Some(name) = self.output_of(line) {
            self.section = Some(name);
            self.is_after_panic = false;
        } else if self.section.is_some() {
            self.output(line);
        } else if line.starts_with("running ") {
            self.since = at;
        } else if let Some((name, result)) = self.start(line) {
            self.running = Some(name);
            self.end(&result, at);
        } else if let Some(rest) = line.strip_prefix("test result: ") {
            self.summary = Some(rest.starts_with("ok"));
        } else {
            // A program that the test started wrote between its name and its result.
            self.end(line, at);
        }
    }

    /// The name and the result of `test NAME ... RESULT`.
    fn start(&self, line: &str) -> Option<(String, String)> {
        let (name, result) = line.strip_prefix("test ")?.split_once(" ...")?;
        let name = name.trim_end_matches(" - should panic");

        // Another program's tests may be printed by one of ours.
        let is_ours = self.wanted.contains(name);
        is_ours.then(|| (name.to_owned(), result.trim().to_owned()))
    }

    fn end(&mut self, result: &str, at: Instant) {
        let is_result = matches!(result, "ok" | "FAILED") || result.starts_with("ignored");
        if !is_result {
            return;
        }
        if let Some(name) = self.running.take() {
            let seconds = at.duration_since(self.since).as_secs_f64();
            self.results.insert(name, (result.to_owned(), seconds));
            self.since = at;
        }
    }

    /// The test of `---- NAME stdout ----`.
    fn output_of(&self, line: &str) -> Option<String> {
        let name = line.strip_prefix("---- ")?.strip_suffix(" stdout ----")?;
        self.wanted.contains(name).then(|| name.to_owned())
    }

    fn output(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("test result: ") {
            self.summary = Some(rest.starts_with("ok"));
        }
        let Some(name) = &self.section else { return };

        let error = line.strip_prefix("Error: ");
        if let Some(message) = error.or(self.is_after_panic.then_some(line)) {
            let known = self.messages.entry(name.clone()).or_default();
            if known.is_empty() || message.starts_with(NOT_PLAYED) {
                *known = message.chars().take(MESSAGE_LETTERS).collect();
            }
        }
        self.is_after_panic = line.starts_with("thread '") && line.contains(" panicked at ");
    }

    /// The verdicts that are certain; `end` is the reason why the process failed.
    pub(super) fn verdicts(self, end: Option<&str>) -> BTreeMap<&'all str, Verdict> {
        let wanted = self.wanted.iter();
        wanted
            .filter_map(|name| Some((*name, self.verdict(name, end)?)))
            .collect()
    }

    fn verdict(&self, name: &str, end: Option<&str>) -> Option<Verdict> {
        let (result, seconds) = match self.results.get(name) {
            Some((result, seconds)) => (result.as_str(), *seconds),
            None => return self.without_result(name, end),
        };

        let finding = match result {
            "ok" => Finding::Holds,
            "FAILED" => self.failure(name)?,
            _ => ignored(name, result),
        };
        Some(Verdict { finding, seconds })
    }

    fn failure(&self, name: &str) -> Option<Finding> {
        let message = self.messages.get(name).map(String::as_str);

        match message.map(|text| (text, text.strip_prefix(NOT_PLAYED))) {
            Some((_, Some(missing))) => Some(Finding::NotPlayed(missing.to_owned())),
            Some((text, None)) if !text.is_empty() => {
                Some(Finding::DoesNotHold(format!("le test échoue : {text}")))
            }
            // The process died before it told the messages.
            _ if self.summary.is_none() && self.wanted.len() > 1 => None,
            _ => Some(Finding::DoesNotHold("le test échoue".to_owned())),
        }
    }

    /// A test that was running when the process ended, or that is alone in it.
    fn without_result(&self, name: &str, end: Option<&str>) -> Option<Verdict> {
        let is_running = self.running.as_deref() == Some(name);
        let is_alone = self.wanted.len() == 1;

        let finding = match (end, self.summary) {
            (None, Some(true)) if is_alone && is_running => Finding::Holds,
            (_, Some(false)) if is_alone && is_running => self.failure(name)?,
            (Some(end), None) if is_running || is_alone => Finding::DoesNotHold(end.to_owned()),
            _ if is_alone => Finding::DoesNotHold("le test n'a pas donné de résultat".to_owned()),
            _ => return None,
        };

        Some(Verdict {
            finding,
            seconds: self.since.elapsed().as_secs_f64(),
        })
    }
}

fn ignored(name: &str, result: &str) -> Finding {
    let reason = result
        .trim_start_matches("ignored")
        .trim_start_matches([',', ' ']);
    let reason = if reason.is_empty() {
        "le test est ignoré".to_owned()
    } else {
        format!("le test est ignoré ({reason})")
    };
    Finding::NotPlayed(format!("{reason} ; cargo test {name} -- --ignored"))
}
