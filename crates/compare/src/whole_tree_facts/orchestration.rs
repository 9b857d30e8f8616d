//! Chains that an orchestrator runs: flows of Prefect, graphs of Airflow and their like that train
//! and validate a model.

use std::collections::BTreeSet;

use super::context::TreeContext;
use crate::fact::{Fact, FactKind};
use crate::lexicon::CODE;
use crate::module::Module;

/// Work that a flow may do, and the fact of a chain that it makes.
const WORK: [(FactKind, FactKind, &str); 3] = [
    (
        FactKind::Training,
        FactKind::JobTraining,
        "entraînement lancé par l'orchestrateur",
    ),
    (
        FactKind::Evaluation,
        FactKind::JobValidation,
        "validation lancée par l'orchestrateur",
    ),
    (
        FactKind::DataValidation,
        FactKind::JobDataTest,
        "contrôle des données lancé par l'orchestrateur",
    ),
];

pub(super) fn facts(context: &TreeContext) -> Vec<Fact> {
    let flows = context
        .corpus
        .sources()
        .filter(|(_, module)| module.imports_any(&CODE.packages.orchestrators));
    flows
        .flat_map(|(at, module)| flow_facts(context, at, module))
        .collect()
}

fn flow_facts(context: &TreeContext, at: usize, module: &Module) -> Vec<Fact> {
    let functions = (0..module.functions.len()).map(|index| (at, index));
    let reached = context.graph.reach(functions.collect(), &BTreeSet::new());
    let flow = module.calls.iter().find(|call| {
        let name = &call.name;
        CODE.orchestration
            .flows
            .has(name.rsplit('.').next().unwrap_or(name))
    });
    let line = flow.map_or(1, |call| call.line);

    WORK.into_iter()
        .filter(|(work, ..)| context.does(&reached, &[*work]))
        .map(|(_, kind, what)| Fact::new(kind, &module.path, line, "", what))
        .collect()
}
