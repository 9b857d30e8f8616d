use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use filrouge_lake::{
    IngestReport, LakeError, OutputFormat, QueryEngine, ReadOptions, ingest, print_query,
};
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A folder of its own for one test, with a lake in it.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn lake(&self) -> PathBuf {
        self.path("lake")
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), content).unwrap();
        self.path(name)
    }

    pub(crate) fn ingest(&self, files: &[PathBuf]) -> Result<IngestReport, LakeError> {
        ingest(&self.lake(), files, ReadOptions::default())
    }

    /// The answer to a query, as CSV without its header.
    pub(crate) fn query(&self, sql: &str) -> Vec<String> {
        let mut bytes = Vec::new();

        print_query(
            &self.lake(),
            sql,
            &QueryEngine::InProcess,
            OutputFormat::Csv,
            &mut bytes,
        )
        .unwrap();

        String::from_utf8(bytes)
            .unwrap()
            .lines()
            .skip(1)
            .map(str::to_owned)
            .collect()
    }
}

pub(crate) fn gzip(content: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        archive
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The files below a folder with their content, sorted by name.
pub(crate) fn tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let name = path.strip_prefix(folder).unwrap().display().to_string();
                    files.push((name, fs::read(&path).unwrap()));
                }
            }
        }
    }

    files.sort();
    files
}

pub(crate) const LYFT: &str = "\
ride_id,rideable_type,started_at,ended_at,start_station_name,start_station_id,end_station_name,end_station_id,start_lat,start_lng,end_lat,end_lng,member_casual
A1,classic_bike,2021-02-28 23:50:00,2021-03-01 00:10:00,\"Gare, nord\",7,Musée,8,45.6,4.1,45.61,4.11,member
A2,classic_bike,2021-03-01 08:05:00,2021-03-01 08:15:00,Gare,7,,,45.6,4.1,,,casual
A3,classic_bike,whenever,2021-03-01 08:15:00,Gare,7,Musée,8,45.6,4.1,45.61,4.11,casual
";
