//! Deliveries that only print.

use super::commands::{StepKind, commands, is_only_print};
use super::model::{Job, Step};
use crate::lexicon::PIPELINES;

impl Job {
    /// True when the job, or a step of it, says that it delivers, and only prints.
    pub(crate) fn only_prints_a_delivery(&self) -> bool {
        let prints = |step: &Step| is_only_print(&step.run);
        let some_step_prints_it = || {
            let steps = self.steps.iter();
            steps.into_iter().any(|one| prints(one) && says(&one.name))
        };
        let job_prints_it =
            || says(&self.name) && !self.steps.iter().any(acts) && self.steps.iter().any(prints);

        // One real delivery excuses the messages around it.
        !self.steps.iter().any(delivers) && (some_step_prints_it() || job_prints_it())
    }
}

/// True when a name says that something is delivered, rather than how a delivery went.
fn says(name: &str) -> bool {
    let name = name.to_lowercase();
    PIPELINES.words.delivery.any_in(&name) && !PIPELINES.words.summaries.any_in(&name)
}

fn delivers(step: &Step) -> bool {
    step.uses.contains("build-push-action")
        || commands(step)
            .iter()
            .any(|command| command.kind == StepKind::Delivery)
}

/// True when a step does more than printing and preparing.
fn acts(step: &Step) -> bool {
    let runs = !step.run.is_empty()
        && !is_only_print(&step.run)
        && !commands(step)
            .iter()
            .all(|command| command.kind == StepKind::Preparation);

    runs || (!step.uses.is_empty() && !PIPELINES.actions.idle.any_in(&step.uses))
}
