mod output;
mod parameters;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use polars::prelude::{
    Engine, FileWriteFormat, HiveOptions, LazyFrame, ParquetWriteOptions, PlRefPath, PolarsResult, ScanArgsParquet,
    SinkDestination, SinkTarget, UnifiedSinkArgs,
};
use polars::sql::SQLContext;
use serde::Serialize;

pub use output::OutputFormat;

use crate::LakeError;
use crate::store::{parts, persist, temporary_beside};

/// What a query wrote.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct QueryReport {
    /// Rows of the result.
    pub rows: u64,
    /// Size of the result on disk.
    pub bytes: u64,
    /// Time taken.
    pub seconds: f64,
}

/// Reads a `.sql` file and puts the values of `parameters` in the place of their `:names`.
///
/// A parameter that is not given takes the default that the header of the file states, on a line
/// such as `-- :first_month = 0`.
///
/// # Errors
/// An unreadable file, a parameter without value, or a value for a parameter that the file lacks.
pub fn read_query(path: &Path, parameters: &[(&str, &str)]) -> Result<String, LakeError> {
    let text = fs::read_to_string(path).map_err(|error| LakeError::unreadable(path.display(), error))?;
    parameters::bind(&text, parameters).map_err(|reason| LakeError::Query { query: path.display().to_string(), reason })
}

/// Runs the query of a `.sql` file on the lake, whose trips are the table `trips`, and writes the
/// result as Parquet, whole or not at all. The result never has to fit in memory.
///
/// # Errors
/// An empty lake, a query that the engine refuses, or a result that cannot be written.
pub fn run_query_file(
    lake: &Path,
    query: &Path,
    parameters: &[(&str, &str)],
    target: &Path,
) -> Result<QueryReport, LakeError> {
    let started = Instant::now();
    let text = read_query(query, parameters)?;
    let name = query.display().to_string();
    let frame = lazy(lake, &text, &name)?;
    let temporary = temporary_beside(target).map_err(|error| LakeError::unwritable(target, error))?;
    sink(frame, temporary.path()).map_err(|error| refused(&name, &error))?;
    let rows = count_rows(temporary.path()).map_err(|error| LakeError::unwritable(target, error))?;
    persist(temporary, target).map_err(|error| LakeError::unwritable(target, error))?;
    let bytes = fs::metadata(target).map_err(|error| LakeError::unreadable(target.display(), error))?.len();
    Ok(QueryReport { rows, bytes, seconds: started.elapsed().as_secs_f64() })
}

/// Runs a query on the lake and prints the result into `sink`; answers its number of rows.
///
/// # Errors
/// As [`run_query_file`].
pub fn print_query(
    lake: &Path,
    query: &str,
    format: OutputFormat,
    sink: &mut (impl Write + Send),
) -> Result<u64, LakeError> {
    let frame = lazy(lake, query, "query")?;
    let mut frame =
        frame.collect_with_engine(Engine::Streaming).map_err(|error| refused("query", &error))?.unwrap_single();
    output::print(&mut frame, format, sink).map_err(|error| refused("query", &error))?;
    Ok(frame.height() as u64)
}

/// The plan that the engine makes of a query, before or after its optimisations: what is read of
/// which files, and which filters go down to them.
///
/// # Errors
/// As [`run_query_file`].
pub fn explain(lake: &Path, query: &str, optimised: bool) -> Result<String, LakeError> {
    lazy(lake, query, "query")?.explain(optimised).map_err(|error| refused("query", &error))
}

fn lazy(lake: &Path, query: &str, name: &str) -> Result<LazyFrame, LakeError> {
    let trips = scan(lake)?;
    let mut context = SQLContext::new();
    context.register("trips", trips);
    context.execute(query).map_err(|error| refused(name, &error))
}

/// The trips of the lake; the columns `year` and `month` come from the folders, so that a filter
/// on them spares the files of the other months.
fn scan(lake: &Path) -> Result<LazyFrame, LakeError> {
    let unreadable = |error: &dyn ToString| LakeError::unreadable(lake.display(), error.to_string());
    let parts: PolarsResult<Vec<_>> = parts_of(lake)?.iter().map(|part| PlRefPath::try_from_path(part)).collect();
    let parts = parts.map_err(|error| unreadable(&error))?;
    let hive_options = HiveOptions { enabled: Some(true), ..HiveOptions::default() };
    let arguments = ScanArgsParquet { hive_options, glob: false, ..ScanArgsParquet::default() };
    LazyFrame::scan_parquet_files(parts.into_iter().collect(), arguments).map_err(|error| unreadable(&error))
}

/// The Parquet files of a lake that has some.
fn parts_of(lake: &Path) -> Result<Vec<PathBuf>, LakeError> {
    let parts = parts(lake)?;
    if parts.is_empty() { Err(LakeError::Empty(lake.to_owned())) } else { Ok(parts) }
}

fn sink(frame: LazyFrame, path: &Path) -> PolarsResult<()> {
    let target = SinkTarget::Path(PlRefPath::new(path.to_string_lossy().as_ref()));
    let options = ParquetWriteOptions { row_group_size: Some(1 << 17), ..ParquetWriteOptions::default() };
    frame
        .sink(
            SinkDestination::File { target },
            FileWriteFormat::Parquet(Arc::new(options)),
            UnifiedSinkArgs::default(),
        )?
        .collect_with_engine(Engine::Streaming)
        .map(|_| ())
}

fn count_rows(path: &Path) -> PolarsResult<u64> {
    use polars::prelude::{ParquetReader, SerReader};
    Ok(ParquetReader::new(fs::File::open(path)?).num_rows()? as u64)
}

fn refused(query: &str, reason: &dyn ToString) -> LakeError {
    LakeError::Query { query: query.to_owned(), reason: reason.to_string() }
}
