use std::path::PathBuf;

use filrouge_onnx_runtime::{default_runtime_dir, ensure_runtime};

use super::*;
use crate::registry::Registry;

fn shipped() -> Arc<LoadedModel> {
    let registry = Registry {
        folder: PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../models/demand"),
        shipped: None,
        trusted_key: None,
        runtime: ensure_runtime(&default_runtime_dir()).unwrap(),
        workers: 1,
    };
    registry.load(&registry.champion().unwrap()).unwrap()
}

#[tokio::test]
async fn one_row_too_many_is_refused_at_once_and_counted() {
    let metrics = ModelMetrics::new(&mut filrouge_http::Catalogue::default()).unwrap();
    let engine = Engine {
        queue: Arc::new(Queue::new(Bounds { most: 1, ..BOUNDS })),
        metrics: metrics.clone(),
    };
    let two_rows = InferenceRequest::Rows(shipped(), vec![0.0; 2 * FEATURE_COUNT]);

    assert!(matches!(
        engine.predict(two_rows).await,
        Err(EngineError::Overloaded)
    ));
    assert_eq!(metrics.overloads.get(), 1);
}

#[test]
fn a_demand_that_is_not_a_number_is_no_answer() {
    let good = Prediction {
        demand: 1.0,
        demand_p10: 0.0,
        demand_p90: 2.0,
    };
    assert!(check(&[good]).is_ok());

    for bad in [f32::NAN, f32::INFINITY] {
        let answer = check(&[
            good,
            Prediction {
                demand_p90: bad,
                ..good
            },
        ]);
        assert!(matches!(answer, Err(EngineError::NotFinite)));
    }
}
