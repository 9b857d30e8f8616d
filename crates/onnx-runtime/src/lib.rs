#![doc = include_str!("../README.md")]

mod find;
mod install;
mod pins;
mod pool;
mod runtime;

pub use find::{RUNTIME_DIR_VARIABLE, default_runtime_dir, find_runtime};
pub use install::InstallError;
pub use pool::{Graph, PoolSize, SessionError, SessionPool};
pub use runtime::{Runtime, RuntimeError, ensure_runtime};
