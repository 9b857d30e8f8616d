//! Training, the file of a model and its answers, on the reports of `data/triage`.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use filrouge_triage::{
    Classifier, MAX_MODEL_BYTES, MODEL_FILE, RiderReport, TableError, TrainingError, parse_reports,
    read_reports, train,
};

fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

fn reports(file: &str) -> Vec<RiderReport> {
    read_reports(&project("data/triage").join(file)).unwrap()
}

static CLASSIFIER: LazyLock<Classifier> =
    LazyLock::new(|| train(&reports("signalements.csv")).unwrap());

#[test]
fn reports_of_authors_never_read_are_well_sorted() {
    let scores = CLASSIFIER.evaluate(&reports("signalements-reserve.csv"));
    println!("{scores:#?}");

    assert!(scores.macro_f1 > 0.70, "{scores:#?}");
    assert!(scores.accuracy > 0.70, "{scores:#?}");
}

#[test]
fn the_model_of_the_project_is_the_one_that_its_reports_teach() {
    let folder = tempfile::tempdir().unwrap();
    CLASSIFIER.save(folder.path()).unwrap();
    let trained = Classifier::load(folder.path()).unwrap();
    let shipped = Classifier::load(&project("models/triage")).unwrap();

    let held_out = reports("signalements-reserve.csv");
    let alike = held_out.iter().filter(|report| {
        trained.classify(&report.text).best == shipped.classify(&report.text).best
    });
    // Other processors round otherwise.
    assert!(alike.count() * 100 >= held_out.len() * 99);
}

#[test]
fn a_model_is_read_as_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    CLASSIFIER.save(folder.path()).unwrap();
    let read = Classifier::load(folder.path()).unwrap();
    let bytes = std::fs::metadata(folder.path().join(MODEL_FILE))
        .unwrap()
        .len();

    assert!(bytes < MAX_MODEL_BYTES as u64);
    for report in reports("signalements-reserve.csv") {
        let (before, after) = (
            CLASSIFIER.classify(&report.text),
            read.classify(&report.text),
        );
        assert_eq!(before.best, after.best, "{}", report.text);
        assert!((before.probability - after.probability).abs() < 0.01);
    }
}

#[test]
fn a_damaged_model_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    CLASSIFIER.save(folder.path()).unwrap();
    let path = folder.path().join(MODEL_FILE);
    let whole = std::fs::read(&path).unwrap();
    let refused = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        match Classifier::load(folder.path()) {
            Err(TableError::Invalid { reason, .. }) => reason,
            other => panic!("{other:?}"),
        }
    };

    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    assert!(refused(&flipped).contains("abîmé"));
    assert!(refused(&whole[..whole.len() - 7]).contains("coupé"));
    assert!(refused(b"").contains("première ligne"));
    assert!(refused(&vec![b'{'; 100_000]).contains("première ligne"));
    assert!(refused(&vec![b' '; MAX_MODEL_BYTES + 1]).contains("octets"));
}

#[test]
fn a_text_that_says_nothing_known_is_not_sorted() {
    for text in ["", "???", "zzzz qqqq", "🚲"] {
        assert_eq!(CLASSIFIER.classify(text).category(), None, "{text}");
    }
}

#[test]
fn files_that_teach_nothing_are_refused() {
    let file = |lines: usize, category: &dyn Fn(usize) -> String| {
        let line = |index| format!("frein {index},{},2026-03-01,Lyon\n", category(index));
        let lines: String = (0..lines).map(line).collect();
        train(&parse_reports(format!("text,category,date,city\n{lines}").as_bytes()).unwrap())
    };

    let one = TrainingError::OneCategory {
        category: "frein".to_owned(),
        first: 2,
        last: 101,
    };
    assert_eq!(file(100, &|_| "frein".to_owned()).unwrap_err(), one);
    assert_eq!(
        file(10, &|index| (index % 2).to_string()).unwrap_err(),
        TrainingError::TooFew(10)
    );
    let many = TrainingError::TooManyCategories {
        category: "64".to_owned(),
        line: 66,
    };
    assert_eq!(file(100, &|index| index.to_string()).unwrap_err(), many);
}
