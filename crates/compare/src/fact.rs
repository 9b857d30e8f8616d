//! What the extractors find: typed facts with a place.

use serde::Deserialize;

/// The kind of a fact. The rules bind it to criteria.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum FactKind {
    SourceHttp,
    SourceHtml,
    SourceFile,
    SourceDatabase,
    SourceBigData,
    EntryPoint,
    ErrorHandling,
    SavesResult,
    SqlSelect,
    SqlBigData,
    SqlOptimisation,
    Cleaning,
    Aggregation,
    Schema,
    Import,
    Purge,
    DataRoute,
    DataRouteProtected,
    ModelRoute,
    ModelRouteProtected,
    AuthRoute,
    PageRoute,
    Hardening,
    OpenApi,
    AiService,
    AiServiceDeployment,
    ApiCall,
    ModelCall,
    ApiToken,
    ApiTokenRenewal,
    ModelMetric,
    ModelTracking,
    Drift,
    Dashboard,
    Training,
    Evaluation,
    ModelSaving,
    DataValidation,
    DataTest,
    ModelTest,
    TrainingTest,
    AnyTest,
    AppTest,
    RegressionTest,
    AccessTest,
    RefusalTest,
    ApiClientTest,
    CoverageTool,
    JobTest,
    JobPreparation,
    JobDataTest,
    JobModelTest,
    JobTraining,
    JobValidation,
    JobPackaging,
    JobDelivery,
    JobTrigger,
    Container,
    Service,
    MonitoringService,
    MetricScrape,
    AlertRule,
    AlertReceiver,
    AppMetric,
    Logging,
    Interface,
    Form,
    AccessibleMarkup,
    AccessRight,
    FeedReader,
    Environment,
    Versioned,
    Remote,
    Rhythm,
    FixCommit,
    FixCommitTold,
    Declared,
}

/// Something the extractors saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    pub(super) kind: FactKind,
    /// Path from the root; empty for the git history.
    pub(super) path: String,
    /// Line from 1; 0 for the whole file.
    pub(super) line: usize,
    /// The function that holds it; empty at the top of a file.
    pub(super) scope: String,
    /// What is there, as a French sentence.
    pub(super) what: String,
    /// Whether a test that asserts, or a job, really runs it.
    pub(super) exercised: bool,
    /// Whether it only looks so: a job that never starts, a deployment that prints. It counts as a
    /// word.
    pub(super) is_word: bool,
    /// The criterion that a `Preuve:` comment names, for declared proofs.
    pub(super) criterion: Option<String>,
}

impl Fact {
    pub(super) fn new(
        kind: FactKind,
        path: &str,
        line: usize,
        scope: &str,
        what: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            path: path.to_owned(),
            line,
            scope: scope.to_owned(),
            what: what.into(),
            exercised: false,
            is_word: false,
            criterion: None,
        }
    }

    pub(super) fn exercised(mut self) -> Self {
        self.exercised = true;
        self
    }

    pub(super) fn word(mut self) -> Self {
        self.is_word = true;
        self
    }
}
