use filrouge_artifacts::TrustedKey;
use filrouge_storage::StateFolder;
use tokio_util::sync::CancellationToken;

use crate::accounts::DemonstrationAccount;
use crate::cli::{GlobalArgs, TriageServiceArguments};
use crate::credentials::Credential;
use crate::loop_metrics::LoopMetrics;
use crate::progress::Progress;

/// The context that every step of the case reads.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub(super) global: &'a GlobalArgs,
    pub(super) state: &'a StateFolder,
    pub(super) credentials: &'a [Credential],
    /// True when this start drew their secrets.
    pub(super) are_new: bool,
    /// The key that has to have signed what the model API serves.
    pub(super) trusted_key: Option<&'a TrustedKey>,
    /// The AI service that the application calls.
    pub(super) triage: &'a TriageServiceArguments,
    /// The people of the demonstration, when this start opened their accounts.
    pub(super) people: &'a [DemonstrationAccount],
    pub(super) progress: &'a Progress,
    pub(super) shutdown: &'a CancellationToken,
    pub(super) measures: &'a LoopMetrics,
}
