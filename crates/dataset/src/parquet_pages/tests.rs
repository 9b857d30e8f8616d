use std::fs;
use std::path::PathBuf;

use polars_parquet_format::thrift::protocol::TCompactOutputProtocol;
use polars_parquet_format::{
    ColumnChunk, ColumnMetaData, CompressionCodec, DataPageHeader, FieldRepetitionType,
    FileMetaData, PageType, RowGroup, SchemaElement, Type,
};

use super::*;

const PAGE_BYTES: usize = 800;

/// A file of one column `hour`, told as its bytes are told.
struct Lies {
    /// Rows of a group, whatever its pages hold.
    rows: i64,
    groups: usize,
    /// What a page says that it becomes.
    uncompressed_page_size: i32,
    encoding: Encoding,
}

impl Default for Lies {
    fn default() -> Self {
        Self {
            rows: 10,
            groups: 1,
            uncompressed_page_size: PAGE_BYTES as i32,
            encoding: Encoding::PLAIN,
        }
    }
}

impl Lies {
    fn file(&self) -> Vec<u8> {
        let mut bytes = b"PAR1".to_vec();
        self.page()
            .write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut bytes))
            .unwrap();
        bytes.extend([0; PAGE_BYTES]);
        let end = bytes.len();

        self.metadata(end as i64)
            .write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut bytes))
            .unwrap();
        let footer = u32::try_from(bytes.len() - end).unwrap();
        bytes.extend(footer.to_le_bytes());
        bytes.extend(b"PAR1");
        bytes
    }

    fn page(&self) -> PageHeader {
        PageHeader {
            type_: PageType::DATA_PAGE,
            uncompressed_page_size: self.uncompressed_page_size,
            compressed_page_size: PAGE_BYTES as i32,
            crc: None,
            data_page_header: Some(DataPageHeader {
                num_values: self.rows as i32,
                encoding: self.encoding,
                definition_level_encoding: Encoding::RLE,
                repetition_level_encoding: Encoding::RLE,
                statistics: None,
            }),
            index_page_header: None,
            dictionary_page_header: None,
            data_page_header_v2: None,
        }
    }

    fn metadata(&self, end: i64) -> FileMetaData {
        let columns = ColumnMetaData {
            type_: Type::INT64,
            encodings: vec![self.encoding],
            path_in_schema: vec!["hour".to_owned()],
            codec: CompressionCodec::UNCOMPRESSED,
            num_values: self.rows,
            total_uncompressed_size: end - 4,
            total_compressed_size: end - 4,
            key_value_metadata: None,
            data_page_offset: 4,
            index_page_offset: None,
            dictionary_page_offset: None,
            statistics: None,
            encoding_stats: None,
            bloom_filter_offset: None,
            bloom_filter_length: None,
            size_statistics: None,
        };
        let column = ColumnChunk {
            file_path: None,
            file_offset: 4,
            meta_data: Some(columns),
            offset_index_offset: None,
            offset_index_length: None,
            column_index_offset: None,
            column_index_length: None,
            crypto_metadata: None,
            encrypted_column_metadata: None,
        };
        let group = RowGroup {
            columns: vec![column],
            total_byte_size: end - 4,
            num_rows: self.rows,
            sorting_columns: None,
            file_offset: Some(4),
            total_compressed_size: None,
            ordinal: None,
        };

        FileMetaData {
            version: 1,
            schema: vec![root(), hour()],
            num_rows: self.rows * self.groups as i64,
            row_groups: vec![group; self.groups],
            key_value_metadata: None,
            created_by: None,
            column_orders: None,
            encryption_algorithm: None,
            footer_signing_key_metadata: None,
        }
    }
}

fn root() -> SchemaElement {
    element(None, "root", Some(1), None)
}

fn hour() -> SchemaElement {
    let required = Some(FieldRepetitionType::REQUIRED);
    element(Some(Type::INT64), "hour", None, required)
}

fn element(
    type_: Option<Type>,
    name: &str,
    num_children: Option<i32>,
    repetition_type: Option<FieldRepetitionType>,
) -> SchemaElement {
    SchemaElement {
        type_,
        type_length: None,
        repetition_type,
        name: name.to_owned(),
        num_children,
        converted_type: None,
        scale: None,
        precision: None,
        field_id: None,
        logical_type: None,
    }
}

fn judged(bytes: &[u8]) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jeu.parquet");
    fs::write(&path, bytes).unwrap();
    check_parquet(&path)
}

/// The files that lie, by name; those of `tests/samples/bombs` are played on the whole program.
fn bombs() -> [(&'static str, Lies, &'static str); 4] {
    [
        (
            "rows.parquet",
            Lies {
                rows: i64::from(i32::MAX),
                ..Lies::default()
            },
            "column `hour`: it is larger than 16777216 bytes once decompressed",
        ),
        (
            "overlap.parquet",
            Lies {
                groups: 1_000,
                ..Lies::default()
            },
            "its columns overlap",
        ),
        (
            "page.parquet",
            Lies {
                uncompressed_page_size: i32::MAX,
                ..Lies::default()
            },
            "column `hour`: it is larger than 16777216 bytes once decompressed",
        ),
        (
            "prefixes.parquet",
            Lies {
                encoding: Encoding::DELTA_BYTE_ARRAY,
                ..Lies::default()
            },
            "column `hour`: the encoding DELTA_BYTE_ARRAY is not read: write it in another one",
        ),
    ]
}

#[test]
fn files_that_become_far_more_than_they_weigh_are_refused_before_they_are_decoded() {
    assert_eq!(judged(&Lies::default().file()), Ok(()));
    for (name, lies, says) in bombs() {
        assert_eq!(judged(&lies.file()), Err(says.to_owned()), "{name}");
    }
}

#[test]
fn the_bombs_that_are_kept_are_these() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/samples/bombs");
    for (name, lies, _) in bombs() {
        let path = folder.join(name);
        let built = lies.file();
        if std::env::var_os("WRITE_SAMPLES").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &built).unwrap();
        }
        assert!(
            fs::read(&path).unwrap() == built,
            "{}: WRITE_SAMPLES=1 writes it",
            path.display()
        );
    }
}

#[test]
fn zeros_over_the_start_of_a_page_are_told_at_opening() {
    let mut bytes = Lies::default().file();
    bytes[4..24].fill(0);
    let error = judged(&bytes).unwrap_err();
    assert!(error.starts_with("column `hour`: "), "{error}");
}
