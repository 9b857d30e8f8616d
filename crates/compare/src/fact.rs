//! Facts: things that the readers found, each of a kind and with its place.

use serde::Deserialize;

/// The kind of a fact. The rules bind it to criteria.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FactKind {
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
    CommitCadence,
    FixCommit,
    FixCommitCited,
}

/// Something a reader saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) kind: FactKind,
    /// Path from the root; empty for the git history.
    pub(crate) path: String,
    /// Line from 1; 0 for the whole file.
    pub(crate) line: usize,
    /// The function that holds it; empty at the top of a file.
    pub(crate) scope: String,
    /// A French sentence on the thing.
    pub(crate) what: String,
    /// A test that asserts, or a job, really runs it.
    pub(crate) exercised: bool,
    /// It only looks so: a job that never starts, a deployment that prints. It counts as a word.
    pub(crate) is_word: bool,
}

impl Fact {
    pub(crate) fn new(
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
        }
    }

    /// A fact of a whole file.
    pub(crate) fn of_file(kind: FactKind, path: &str, what: impl Into<String>) -> Self {
        Self::new(kind, path, 1, "", what)
    }

    /// The same fact, exercised or not.
    pub(crate) fn exercised(mut self, exercised: bool) -> Self {
        self.exercised = exercised;
        self
    }

    /// The same fact, worth no more than a word.
    pub(crate) fn word(mut self) -> Self {
        self.is_word = true;
        self
    }
}
