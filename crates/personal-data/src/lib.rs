#![doc = include_str!("../README.md")]

mod access;
mod audit_log;
mod breach;
mod erasure;
mod error;
mod files;
mod keys;
mod personal_data;
mod purge;
mod receipt;
mod register_page;
mod restored;
mod retention;
mod rights;
mod rotation;

pub use access::AccessFiles;
pub use audit_log::{audit_seal, read_audit_log, verify_audit_log};
pub use breach::{BreachNotice, HOURS_TO_NOTIFY};
pub use erasure::{ErasureReport, verify_receipt};
pub use error::{FileFault, PersonalDataError, ReceiptKeyError, Result};
pub use files::OverdueFile;
pub use personal_data::PersonalData;
pub use purge::{PurgeReport, purge_on_schedule};
pub use receipt::{Receipt, ReceiptContent, ReceiptKey};
pub use register_page::register_page;
pub use restored::AppliedErasures;
pub use retention::{DueForRemoval, Retention, due_for_removal, read_retention};
pub use rotation::KeyRotation;
