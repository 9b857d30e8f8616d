use filrouge_database::HourFilter;
use filrouge_types::Hour;

use crate::accept::Media;
use crate::revision::Revision;

use super::*;

fn request(number: i64, media: Media, from: i64) -> ExportRequest {
    let filter = HourFilter {
        from: Some(Hour::from_hours_since_epoch(from)),
        ..HourFilter::default()
    };
    ExportRequest {
        filter,
        revision: Revision::new(number).written_as(media),
    }
}

fn file(text: &str) -> File {
    let mut copied = CopyingSink::new(io::sink());
    copied.write_all(text.as_bytes()).unwrap();
    copied.into_file().unwrap()
}

fn content(file: &File) -> String {
    let mut bytes = Vec::new();
    copy(file, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn an_export_is_given_again_for_its_period_its_format_and_its_revision() {
    let files = ExportFiles::default();
    files.keep(request(1, Media::Csv, 0), file("csv"));
    files.keep(request(1, Media::Parquet, 0), file("parquet"));
    files.keep(request(1, Media::Csv, 24), file("a day later"));
    for (from, media, expected) in [
        (0, Media::Csv, "csv"),
        (0, Media::Parquet, "parquet"),
        (24, Media::Csv, "a day later"),
    ] {
        assert_eq!(
            content(&files.find(&request(1, media, from)).unwrap()),
            expected
        );
    }
    assert!(files.find(&request(2, Media::Csv, 0)).is_none());
    files.keep(request(2, Media::Csv, 0), file("changed"));
    assert!(
        files.find(&request(1, Media::Parquet, 0)).is_none(),
        "what is older goes"
    );
}

#[test]
fn no_more_are_kept_than_there_is_room_for() {
    let files = ExportFiles::default();
    for from in 0..20 {
        files.keep(request(1, Media::Csv, from), file("x"));
    }
    assert_eq!(files.0.lock().unwrap().len(), FILES);
    assert!(
        files.find(&request(1, Media::Csv, 19)).is_some()
            && files.find(&request(1, Media::Csv, 0)).is_none()
    );
}
