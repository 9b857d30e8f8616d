mod engine;
mod output;
mod parameters;
#[cfg(feature = "spark")]
mod spark;

use std::fs;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use filrouge_storage::AtomicFile;
use polars::prelude::{
    DataFrame, Engine, FileWriteFormat, HiveOptions, LazyFrame, ParquetReader, ParquetWriteOptions,
    ParquetWriter, PlRefPath, PolarsResult, ScanArgsParquet, Schema, SchemaExt, SchemaRef,
    SerReader, SinkDestination, SinkTarget, UnifiedSinkArgs, polars_err,
};
use polars::sql::SQLContext;
use serde::Serialize;

pub use engine::QueryEngine;
pub use output::OutputFormat;
#[cfg(feature = "spark")]
use spark::collect as ask;

use crate::LakeError;
use crate::store::parts;

/// The result of a query.
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
    let text =
        fs::read_to_string(path).map_err(|error| LakeError::unreadable(path.display(), error))?;
    parameters::bind(&text, parameters).map_err(|reason| LakeError::Query {
        query: path.display().to_string(),
        reason,
    })
}

/// Runs the query of a `.sql` file on the lake, whose trips are the table `trips`, and writes the
/// result as Parquet, whole or not at all. In this process the result never has to fit in memory.
///
/// # Errors
/// An empty lake, a query that the engine refuses, or a result that cannot be written.
pub fn run_query_file(
    lake: &Path,
    query: &Path,
    parameters: &[(&str, &str)],
    engine: &QueryEngine,
    target: &Path,
) -> Result<QueryReport, LakeError> {
    let started = Instant::now();
    let text = read_query(query, parameters)?;
    let name = query.display().to_string();
    let unwritable = |error: &dyn ToString| LakeError::unwritable(target, error.to_string());
    let result = AtomicFile::create(target).map_err(|error| unwritable(&error))?;

    match engine {
        QueryEngine::InProcess => {
            sink(lazy(lake, &text, &name)?, result.path())
                .map_err(|error| refused(&name, &error))?;
        }

        QueryEngine::SparkConnect(address) => {
            let mut frame = remote(lake, address, &text, &name)?;
            ParquetWriter::new(result.as_file())
                .finish(&mut frame)
                .map_err(|error| unwritable(&error))?;
        }
    }

    // Counted from the footer: the rows never passed through this program.
    let rows = count_rows(result.path()).map_err(|error| unwritable(&error))?;

    result.commit().map_err(|error| unwritable(&error))?;
    let bytes = fs::metadata(target)
        .map_err(|error| LakeError::unreadable(target.display(), error))?
        .len();

    Ok(QueryReport {
        rows,
        bytes,
        seconds: started.elapsed().as_secs_f64(),
    })
}

/// Runs a query on the lake and prints the result into `sink`; answers its number of rows.
///
/// # Errors
/// As [`run_query_file`].
pub fn print_query(
    lake: &Path,
    query: &str,
    engine: &QueryEngine,
    format: OutputFormat,
    sink: &mut (impl Write + Send),
) -> Result<u64, LakeError> {
    const NAME: &str = "query";

    let mut frame = match engine {
        QueryEngine::InProcess => {
            let plan = lazy(lake, query, NAME)?;
            // The streaming engine spills: a result larger than memory is written all the same.
            let frame = caught(|| plan.collect_with_engine(Engine::Streaming));
            frame
                .map_err(|error| refused(NAME, &error))?
                .unwrap_single()
        }
        QueryEngine::SparkConnect(address) => remote(lake, address, query, NAME)?,
    };

    output::print(&mut frame, format, sink).map_err(|error| refused(NAME, &error))?;
    Ok(frame.height() as u64)
}

/// The result of a query that a server runs.
fn remote(lake: &Path, address: &str, query: &str, name: &str) -> Result<DataFrame, LakeError> {
    parts_of(lake)?;
    ask(lake, address, query, name)
}

#[cfg(not(feature = "spark"))]
fn ask(_: &Path, address: &str, _query: &str, name: &str) -> Result<DataFrame, LakeError> {
    Err(refused(
        name,
        &format!("{address}: this program was built without the feature `spark`"),
    ))
}

/// The plan that the engine makes of a query, before or after its optimisations: the columns read
/// of each file, and the filters pushed down to them.
///
/// # Errors
/// As [`run_query_file`].
pub fn explain(lake: &Path, query: &str, optimised: bool) -> Result<String, LakeError> {
    lazy(lake, query, "query")?
        .explain(optimised)
        .map_err(|error| refused("query", &error))
}

/// Seconds that a query takes in this process, the best of three, as written or as the engine
/// optimises it.
///
/// # Errors
/// As [`run_query_file`].
pub fn best_seconds(lake: &Path, query: &str, optimised: bool) -> Result<f64, LakeError> {
    const TRIALS: usize = 3;

    let mut best = f64::INFINITY;

    for _ in 0..TRIALS {
        let frame = lazy(lake, query, "query")?;
        let frame = if optimised {
            frame
        } else {
            frame.without_optimizations()
        };
        let started = Instant::now();

        caught(|| frame.collect_with_engine(Engine::Streaming))
            .map_err(|error| refused("query", &error))?;
        best = best.min(started.elapsed().as_secs_f64());
    }

    Ok(best)
}

fn lazy(lake: &Path, query: &str, name: &str) -> Result<LazyFrame, LakeError> {
    let trips = scan(lake)?;
    let mut context = SQLContext::new();
    context.register("trips", trips);
    context
        .execute(query)
        .map_err(|error| refused(name, &error))
}

/// The trips of the lake; the columns `year` and `month` come from the folders, so that a filter
/// on them spares the files of the other months.
fn scan(lake: &Path) -> Result<LazyFrame, LakeError> {
    let unreadable =
        |error: &dyn ToString| LakeError::unreadable(lake.display(), error.to_string());
    let parts = parts_of(lake)?;
    let schema = schema_of(&parts[0]).map_err(|error| unreadable(&error))?;
    let parts: PolarsResult<Vec<_>> = parts.iter().map(|part| address(part)).collect();
    let parts = parts.map_err(|error| unreadable(&error))?;

    let hive_options = HiveOptions {
        enabled: Some(true),
        ..HiveOptions::default()
    };
    let arguments = ScanArgsParquet {
        // `year=` and `month=` of the folders become columns.
        hive_options,
        schema: Some(schema),
        // A folder may hold a `*` or a `[`: paths are taken as they are.
        glob: false,
        ..ScanArgsParquet::default()
    };

    LazyFrame::scan_parquet_files(parts.into_iter().collect(), arguments)
        .map_err(|error| unreadable(&error))
}

/// The columns of a part, and so of all: given them, the engine does not map a file to know.
fn schema_of(part: &Path) -> PolarsResult<SchemaRef> {
    let mut reader = ParquetReader::new(fs::File::open(part)?);
    Ok(Arc::new(Schema::from_arrow_schema(&*reader.schema()?)))
}

/// A part as the address of an object: the engine reads it piece by piece, and maps nothing. A file
/// that is mapped and cut meanwhile ends the process.
fn address(part: &Path) -> PolarsResult<PlRefPath> {
    let whole = std::path::absolute(part)?;
    let path = PlRefPath::try_from_path(&whole)?;
    // The engine decodes an address: a `%20` of a folder would become a space.
    let path = path.as_str().replace('%', "%25");
    Ok(PlRefPath::new(format!("file://{path}")))
}

/// The Parquet files of a lake that has some.
fn parts_of(lake: &Path) -> Result<Vec<PathBuf>, LakeError> {
    let parts = parts(lake)?;
    if parts.is_empty() {
        Err(LakeError::Empty(lake.to_owned()))
    } else {
        Ok(parts)
    }
}

fn sink(frame: LazyFrame, path: &Path) -> PolarsResult<()> {
    let target = SinkTarget::Path(PlRefPath::new(path.to_string_lossy().as_ref()));
    let options = ParquetWriteOptions {
        // As the parts of the lake: a reader skips the groups that its filter leaves out.
        row_group_size: Some(1 << 17),
        ..ParquetWriteOptions::default()
    };

    let plan = frame.sink(
        SinkDestination::File { target },
        FileWriteFormat::Parquet(Arc::new(options)),
        UnifiedSinkArgs::default(),
    )?;
    caught(|| plan.collect_with_engine(Engine::Streaming)).map(drop)
}

/// Runs the engine, which panics when a part is cut under its eyes: an error like the others.
fn caught<T>(run: impl FnOnce() -> PolarsResult<T>) -> PolarsResult<T> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        Err(polars_err!(ComputeError: "the engine stopped: was a part of the lake cut meanwhile?"))
    })
}

fn count_rows(path: &Path) -> PolarsResult<u64> {
    Ok(ParquetReader::new(fs::File::open(path)?).num_rows()? as u64)
}

fn refused(query: &str, reason: &dyn ToString) -> LakeError {
    LakeError::Query {
        query: query.to_owned(),
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_panics_is_an_error() {
        let stopped = caught::<()>(|| panic!("left: 1290950, right: 1455268"));
        assert!(stopped.unwrap_err().to_string().contains("cut meanwhile"));
        assert_eq!(caught(|| Ok(3)).unwrap(), 3);
    }
}
