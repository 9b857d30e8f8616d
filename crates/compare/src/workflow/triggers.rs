//! Jobs that never start, deliveries that only print.

use super::{Job, StepKind, Workflow, is_only_print, step_kinds};

/// Words of a job or a step that says it delivers.
const DELIVERIES: [&str; 11] = [
    "deploy",
    "deploi",
    "déploi",
    "livraison",
    "mise en production",
    "mise en prod",
    "publish",
    "publi",
    "release",
    "registry",
    "production",
];

impl Workflow {
    /// The event or reference a job waits for and that the workflow never sends.
    pub(crate) fn never_starts(&self, job: &Job) -> Option<String> {
        let condition = &job.condition;
        if condition.is_empty() || self.triggers.is_empty() || condition.contains("always()") {
            return None;
        }
        let declared = |event: &str| self.triggers.iter().any(|(trigger, _)| trigger == event);
        let events = compared(condition, "github.event_name")
            .chain(compared(condition, "$CI_PIPELINE_SOURCE"));
        let events: Vec<&str> = events.collect();
        if !events.is_empty()
            && !condition.contains("!=")
            && !events.iter().any(|event| declared(event))
        {
            return events.first().map(|event| (*event).to_owned());
        }
        if condition.contains("||") {
            return None;
        }
        if condition.contains("refs/tags/")
            && !self.starts_on_tags
            && !declared("release")
            && !declared("create")
            && !declared("workflow_dispatch")
        {
            return Some("tag".to_owned());
        }
        let branch = compared(condition, "github.ref")
            .find_map(|reference| reference.strip_prefix("refs/heads/"))?;
        let only_push = self
            .triggers
            .iter()
            .all(|(trigger, _)| ["push", "pull_request"].contains(&trigger.as_str()));
        let listed = self
            .branches
            .iter()
            .any(|known| known == branch || known.contains('*'));
        (only_push && !self.branches.is_empty() && !listed).then(|| format!("branche {branch}"))
    }
}

/// The literals that a condition compares with a name: `github.event_name == 'push'`.
pub(super) fn compared<'text>(
    condition: &'text str,
    name: &'static str,
) -> impl Iterator<Item = &'text str> + use<'text> {
    condition.split(name).skip(1).filter_map(|rest| {
        let rest = rest.trim_start().strip_prefix("==")?.trim_start();
        let quote = rest
            .chars()
            .next()
            .filter(|quote| ['\'', '"'].contains(quote))?;
        rest[1..].split(quote).next()
    })
}

impl Job {
    /// Whether the job says that it delivers, and only prints.
    pub(crate) fn only_prints_a_delivery(&self) -> bool {
        const SUMMARIES: [&str; 6] = [
            "résultat",
            "resultat",
            "résumé",
            "resume",
            "summary",
            "notif",
        ];

        let says = |name: &str| {
            let name = name.to_lowercase();
            DELIVERIES.iter().any(|word| name.contains(word))
                && !SUMMARIES.iter().any(|word| name.contains(word))
        };
        let delivers = self.steps.iter().any(|step| {
            step.uses.contains("build-push-action")
                || step_kinds(step)
                    .iter()
                    .any(|(_, kind)| *kind == StepKind::Delivery)
        });

        let does_something = self.steps.iter().any(|step| {
            let acts = !step.run.is_empty()
                && !is_only_print(&step.run)
                && !step_kinds(step)
                    .iter()
                    .all(|(_, kind)| *kind == StepKind::Preparation);

            acts || !step.uses.is_empty()
                && !["checkout", "setup-", "cache"]
                    .iter()
                    .any(|word| step.uses.contains(word))
        });

        let prints = |names_it: bool| {
            self.steps
                .iter()
                .any(|step| is_only_print(&step.run) && (!names_it || says(&step.name)))
        };
        !delivers && ((says(&self.name) && !does_something && prints(false)) || prints(true))
    }
}
