//! local study, not committed
#![allow(missing_docs, clippy::all, unused)]
use filrouge_dataset::read_dataset;
use filrouge_model::*;
use filrouge_train::*;
use std::io::Write;
use std::path::Path;
fn hist(h: &mut History, d: &filrouge_dataset::Dataset) {
    let rows: Vec<_> = d.iter().collect();
    h.extend_station_hours(rows.iter()).unwrap();
}
fn dump(h: &History, d: &filrouge_dataset::Dataset, tz: chrono_tz::Tz, path: &str, cap: usize) {
    let mut f = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let step = (d.len() / cap).max(1);
    let mut n = 0u64;
    for i in (0..d.len()).step_by(step) {
        let c = d.conditions.row(i);
        let x = features(h, &c.station_id, c.hour, &Known::from(&c), tz);
        for v in x.to_array() {
            f.write_all(&v.to_le_bytes()).unwrap();
        }
        f.write_all(&(d.departures[i] as f32).to_le_bytes()).unwrap();
        n += 1;
    }
    println!("{path} {n} x {}", FEATURE_COUNT + 1);
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let tz: chrono_tz::Tz = a[3].parse().unwrap();
    let train_set = read_dataset(Path::new(&a[1])).unwrap().table;
    let test_set = read_dataset(Path::new(&a[2])).unwrap().table;
    if a.len() > 4 {
        let mut h = History::default();
        hist(&mut h, &train_set);
        dump(&h, &train_set, tz, &format!("{}-train.f32", a[4]), 250_000);
        hist(&mut h, &test_set);
        dump(&h, &test_set, tz, &format!("{}-test.f32", a[4]), usize::MAX);
        std::fs::write(format!("{}-names.txt", a[4]), FEATURE_NAMES.join("\n")).unwrap();
    }
    let runtime = ensure_runtime(&default_runtime_dir()).unwrap();
    let start = std::time::Instant::now();
    let models = std::env::temp_dir().join("study-models");
    let options = TrainOptions {
        models: models.clone(),
        time_zone: tz,
        budget: std::env::var("BUDGET").ok().and_then(|b| b.parse().ok()).unwrap_or(250_000),
        ..TrainOptions::default()
    };
    let report = train(
        &train_set,
        &options,
        &TrainContext {
            runtime: &runtime,
            clock: &filrouge_types::SystemClock,
            progress: &|s| println!("{:6.1}s {s:?}", start.elapsed().as_secs_f32()),
        },
    )
    .unwrap();
    println!("{:6.1}s trees {} fidelity {:?}", start.elapsed().as_secs_f32(), report.trees, report.fidelity);
    println!("folds {}", serde_json::to_string(&report.evaluation).unwrap());
    let e = evaluate(&runtime, &report.folder, &train_set, &test_set).unwrap();
    println!("{:6.1}s test {}", start.elapsed().as_secs_f32(), serde_json::to_string(&e).unwrap());
    println!(
        "skill week {:?} lowest {:?} coverage {}",
        e.skill("same_hour_last_week"),
        e.lowest_skill(),
        e.coverage_80
    );
    println!("size {}", std::fs::metadata(report.folder.join("model.onnx")).unwrap().len());
}
