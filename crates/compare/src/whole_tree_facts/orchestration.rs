//! Chains that an orchestrator runs: flows of Prefect, graphs of Airflow and their like that train
//! and validate a model.

use std::collections::BTreeSet;

use super::Context;
use crate::fact::{Fact, FactKind};
use crate::module::Module;

const ORCHESTRATORS: [&str; 6] = ["prefect", "airflow", "dagster", "kfp", "zenml", "metaflow"];

pub(super) fn facts(context: &Context) -> Vec<Fact> {
    let modules = context.corpus.modules.iter().enumerate();
    let flows = modules.filter(|(_, module)| !module.is_test && module.imports_any(&ORCHESTRATORS));
    flows
        .flat_map(|(index, module)| of_flow(context, index, module))
        .collect()
}

fn of_flow(context: &Context, index: usize, module: &Module) -> Vec<Fact> {
    let functions = (0..module.functions.len())
        .map(|function| (index, function))
        .collect();
    let reached = context.graph.reach(functions, &BTreeSet::new());
    let line = module
        .calls
        .iter()
        .find(|call| is_flow(&call.name))
        .map_or(1, |call| call.line);
    let kinds = [
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
    let done = kinds
        .into_iter()
        .filter(|(kind, ..)| context.does(&reached, &[*kind]).is_some());
    done.map(|(_, kind, what)| Fact::new(kind, &module.path, line, "", what))
        .collect()
}

fn is_flow(name: &str) -> bool {
    ["DAG", "dag", "flow", "pipeline", "serve", "deploy"]
        .contains(&name.rsplit('.').next().unwrap_or(name))
}
