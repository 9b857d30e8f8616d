//! Files in, tables or clear errors out.

mod csv;
mod files;
mod parquet;
mod round_trip;
