//! Drift detectors that compute no statistic.

use std::collections::BTreeSet;

use super::finding;
use crate::call_graph::Graph;
use crate::corpus::Corpus;
use crate::fact::FactKind;
use crate::model::{Finding, FindingKind};

const VERBS: [&str; 16] = [
    "detect", "check", "compute", "calcul", "monitor", "score", "is_", "has_", "verif", "mesur",
    "surveill", "analys", "run_", "evaluer", "evaluate", "compar",
];
const STATISTICS: [&str; 37] = [
    "mean",
    "std",
    "var",
    "median",
    "quantile",
    "quantiles",
    "percentile",
    "histogram",
    "ks_2samp",
    "chi2_contingency",
    "chisquare",
    "wasserstein_distance",
    "jensenshannon",
    "entropy",
    "sum",
    "corr",
    "norm",
    "value_counts",
    "cosine",
    "distance",
    "psi",
    "cut",
    "qcut",
    "describe",
    "mannwhitneyu",
    "ttest_ind",
    "abs",
    "pvalue",
    "kl_divergence",
    "cdist",
    "average",
    "bincount",
    "searchsorted",
    "sqrt",
    "fmean",
    "pstdev",
    "stdev",
];
const DELEGATES: [&str; 12] = [
    "get",
    "post",
    "urlopen",
    "Report",
    "DataDriftPreset",
    "run",
    "predict",
    "query",
    "execute",
    "read_csv",
    "open",
    "load",
];

pub(super) fn find(corpus: &Corpus) -> Vec<Finding> {
    let graph = Graph::new(&corpus.modules);
    let mut found = Vec::new();
    for (module_index, module) in corpus
        .modules
        .iter()
        .enumerate()
        .filter(|(_, module)| !module.is_test)
    {
        let has_engine = module.facts.iter().any(|fact| fact.kind == FactKind::Drift);

        for (index, function) in module.functions.iter().enumerate() {
            let name = function.name.to_ascii_lowercase();
            let is_detector = (name.contains("drift") || name.contains("derive"))
                && VERBS.iter().any(|verb| name.contains(verb));
            if !is_detector || has_engine || function.end <= function.line {
                continue;
            }

            let reached = graph.reach(vec![(module_index, index)], &BTreeSet::new());
            let functions: Vec<_> = reached
                .iter()
                .filter_map(|place| graph.function(*place))
                .collect();
            let computes = functions.iter().any(|one| {
                let known = STATISTICS.iter().any(|name| one.names.contains(*name))
                    || one.has_any_call(&STATISTICS);
                known || one.has_any_call(&DELEGATES)
            });

            let random = functions
                .iter()
                .any(|one| one.names.contains("random") || one.names.contains("randint"));
            if random || !computes {
                let question = format!(
                    "« {} » annonce une dérive : quelle statistique compare-t-elle, et à quel seuil ?",
                    function.name
                );

                found.push(finding(
                    FindingKind::DriftWithoutStatistic,
                    &module.path,
                    function.line,
                    question,
                ));
            }
        }
    }
    found
}
