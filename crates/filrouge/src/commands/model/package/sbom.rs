//! The bill of materials of a model, as CycloneDX 1.6 writes it: the graph, the data it learnt from,
//! the program that trained it.

use anyhow::{Context, Result};
use filrouge_model::Description;
use serde_json::json;

/// The document. It depends on the version alone: packaged twice, a version has the same bytes.
pub(super) fn of(description: &Description) -> Result<Vec<u8>> {
    let Description {
        version,
        name,
        evaluation,
        ..
    } = description;
    let metric = |kind: &str, value: f64| json!({"type": kind, "value": value.to_string()});
    let commit = description.commit.as_deref().unwrap_or("inconnu");

    let document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": description.created_at,
            "component": {
                "type": "machine-learning-model",
                "bom-ref": "model",
                "name": name,
                "version": version,
                "hashes": [{"alg": "SHA-256", "content": description.model_sha256}],
                "licenses": [{"expression": "MIT OR Apache-2.0"}],
                "modelCard": {
                    "modelParameters": {
                        "task": "regression",
                        "architectureFamily": "gradient boosting",
                        "datasets": [{"ref": "dataset"}],
                        "inputs": [{"format": "float32 [N, F]"}],
                        "outputs": [{"format": "float32 [N, 1]"}],
                    },
                    "quantitativeAnalysis": {
                        "performanceMetrics": [
                            metric("MAE", evaluation.measures.mae),
                            metric("coverage of the 80 % interval", evaluation.coverage_80),
                        ],
                    },
                },
            },
        },
        "components": [
            {
                "type": "data",
                "bom-ref": "dataset",
                "name": "station_hours",
                "version": format!("{} – {}", description.training.from, description.training.to),
                "hashes": [{"alg": "SHA-256", "content": description.dataset_sha256}],
                "data": [{"type": "dataset"}],
            },
            {
                "type": "application",
                "bom-ref": "program",
                "name": "filrouge",
                "version": description.program_version,
                "properties": [{"name": "commit", "value": commit}],
            },
        ],
        "dependencies": [{"ref": "model", "dependsOn": ["dataset", "program"]}],
    });
    serde_json::to_vec_pretty(&document).context("la nomenclature ne s'écrit pas")
}
