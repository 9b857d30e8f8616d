//! Jobs that never start.

use super::conditions::compared;
use super::model::{Job, Workflow};

impl Workflow {
    /// The event or reference a job waits for and that the workflow never sends.
    pub(crate) fn never_starts(&self, job: &Job) -> Option<String> {
        let condition = &job.condition;
        if condition.is_empty() || self.triggers.is_empty() || condition.contains("always()") {
            return None;
        }
        if let Some(event) = self.missing_event(condition) {
            return Some(event.to_owned());
        }

        // One side of an alternative is enough to start, and only the first is read below.
        if condition.contains("||") {
            return None;
        }
        if condition.contains("refs/tags/") && !self.may_see_tags() {
            return Some("tag".to_owned());
        }
        self.missing_branch(condition)
            .map(|branch| format!("branche {branch}"))
    }

    /// The first of the events that a condition names, when the workflow declares none of them.
    fn missing_event<'text>(&self, condition: &'text str) -> Option<&'text str> {
        let mut events = compared(condition, "github.event_name")
            .chain(compared(condition, "$CI_PIPELINE_SOURCE"))
            .peekable();
        let first = *events.peek()?;

        let is_missing = !condition.contains("!=") && !events.any(|event| self.starts_on(event));
        is_missing.then_some(first)
    }

    fn may_see_tags(&self) -> bool {
        let other_events = ["release", "create", "workflow_dispatch"];
        self.starts_on_tags || other_events.iter().any(|event| self.starts_on(event))
    }

    /// The branch that a condition names, when pushes are limited to others.
    fn missing_branch<'text>(&self, condition: &'text str) -> Option<&'text str> {
        let branch = compared(condition, "github.ref")
            .find_map(|reference| reference.strip_prefix("refs/heads/"))?;

        let only_push = self
            .triggers
            .iter()
            .all(|(event, _)| ["push", "pull_request"].contains(&event.as_str()));
        let is_listed = self
            .branches
            .iter()
            .any(|known| known == branch || known.contains('*'));
        (only_push && !self.branches.is_empty() && !is_listed).then_some(branch)
    }
}
