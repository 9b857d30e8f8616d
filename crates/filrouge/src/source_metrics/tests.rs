use std::time::Duration;

use filrouge_collect::{Run, SourceReport};

use super::*;

fn report(source: SourceKind, state: SourceState, rows: u64) -> RunReport {
    let source = SourceReport {
        source,
        rows,
        bytes: 10 * rows,
        elapsed: Duration::from_secs(3),
        state,
        error: None,
        notes: Vec::new(),
        files_from: None,
    };

    RunReport {
        run: Run {
            run_id: "20260301T080000Z".to_owned(),
            folder: "raw/20260301T080000Z".into(),
        },
        sources: vec![source],
    }
}

// Preuve: C1.5 une collecte répétée dit, source par source, ce qu'elle a reçu, quand, et ce qui a échoué
#[test]
fn repeated_collections_tell_rows_success_and_failures_of_each_source() {
    let metrics = SourceMetrics::new(&mut Catalogue::default()).unwrap();
    let first: DateTime<Utc> = "2026-03-01T08:00:00Z".parse().unwrap();
    let [file, web] = [SourceKind::File, SourceKind::WebService];

    metrics.record(&report(file, SourceState::Ok, 2), first);
    metrics.record(&report(web, SourceState::Ok, 5), first);
    metrics.record(
        &report(web, SourceState::Failed, 0),
        first + chrono::TimeDelta::hours(1),
    );

    let gauge =
        |gauges: &GaugeVec, source: SourceKind| gauges.with_label_values(&[source.as_str()]).get();
    let count = |source: SourceKind, outcome| {
        let labels = [source.as_str(), outcome];
        metrics.collections.with_label_values(&labels).get()
    };

    assert_eq!(gauge(&metrics.rows, file), 2.0);
    assert_eq!(gauge(&metrics.rows, web), 5.0, "the last good files serve");
    assert_eq!(gauge(&metrics.succeeded, web), first.timestamp() as f64);
    assert_eq!((count(web, "done"), count(web, "failed")), (1, 1));
    assert_eq!((count(file, "done"), count(file, "failed")), (1, 0));
}
