//! The work of pipelines, their own and that of the scripts they run.

use crate::corpus::Corpus;
use crate::fact::{Fact, FactKind};
use crate::workflow::{self, Command, Job, Step, Workflow};

pub(super) fn facts(corpus: &Corpus) -> Vec<Fact> {
    let mut functions = corpus.modules.iter().flat_map(|module| &module.functions);
    let has_tests = functions.any(|function| function.test.is_some());

    // A chain that tests exercises something only where there are tests.
    let settle = |fact: Fact| {
        let is_test = matches!(
            fact.kind,
            FactKind::JobTest | FactKind::JobDataTest | FactKind::JobModelTest
        );
        let exercised = fact.exercised && (has_tests || !is_test);
        fact.exercised(exercised)
    };
    let own = corpus.workflows.iter().flat_map(workflow::facts);
    let scripted = corpus
        .workflows
        .iter()
        .filter(|pipeline| !pipeline.is_never_called)
        .flat_map(|pipeline| scripted(corpus, pipeline));

    own.chain(scripted).map(settle).collect()
}

/// The work of steps through a script of the submission.
fn scripted(corpus: &Corpus, pipeline: &Workflow) -> Vec<Fact> {
    let mut found = Vec::new();

    for (job, step) in pipeline.steps() {
        for command in workflow::commands(step) {
            let may_fail = job.may_fail || step.may_fail.is_some() || command.swallowed.is_some();

            let facts = script_facts(corpus, pipeline, (job, step), command);
            found.extend(facts.into_iter().map(|fact| fact.exercised(!may_fail)));
        }
    }

    found
}

/// The work of the script that a command of a step runs.
fn script_facts(
    corpus: &Corpus,
    pipeline: &Workflow,
    (job, step): (&Job, &Step),
    command: Command,
) -> Vec<Fact> {
    let Some(program) = workflow::program(command.text.trim()) else {
        return Vec::new();
    };
    // Scripts are listed by their path from the root.
    let path = program.trim_start_matches("./");
    let words = format!("{} {}", job.name, step.name);

    let scripts = &corpus.scripts;
    // They are in the order of the paths.
    let script = scripts.binary_search_by(|(known, _)| known.as_str().cmp(path));
    let kinds = script.ok().map(|at| &scripts[at].1);
    kinds
        .into_iter()
        .flatten()
        .flat_map(|kind| kind.facts(&words, command.text))
        .map(|(kind, what)| {
            workflow::job_fact(kind, pipeline, job, step.run_line + command.line, what)
        })
        .collect()
}
