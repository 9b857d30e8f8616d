use filrouge_dataset::{read_conditions, read_dataset};

use crate::files::Folder;
use crate::fuzz::fuzz;

fn fuzz_data_sets(corpus: &str) {
    let folder = Folder::new();
    let path = folder.path("jeu");
    fuzz(corpus, |body| {
        std::fs::write(&path, body).unwrap();
        let _ = (read_dataset(&path), read_conditions(&path));
    });
}

#[test]
fn fuzz_csv() {
    fuzz_data_sets("station-hours-csv");
}

#[test]
fn fuzz_parquet() {
    fuzz_data_sets("station-hours-parquet");
}
