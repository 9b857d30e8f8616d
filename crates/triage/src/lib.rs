#![doc = include_str!("../README.md")]

mod calibration;
mod classifier;
mod details;
mod features;
mod linear;
mod metrics;
mod redaction;
mod redaction_scores;
mod reports;
mod solver;
mod table;
mod text;
mod training;
mod weighting;

pub use classifier::{Classifier, Opinion};
pub use details::{ReportDetails, Urgency, details};
pub use metrics::{CategoryScores, ReportScores};
pub use redaction::{PersonalKind, PersonalSpan, Redacted, redact};
pub use redaction_scores::{MarkError, MarkedText, RedactionScores};
pub use reports::{
    MAX_REPORT_BYTES, MAX_REPORTS_BYTES, ReportsError, RiderReport, parse_reports, read_reports,
};
pub use table::{MAX_MODEL_BYTES, MODEL_FILE, TableError};
pub use training::{TrainingError, train};
