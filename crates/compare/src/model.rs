//! The report of a comparison: one submission beside the 142 criteria. Serialised, it is
//! `filrouge-compare/1`.

use serde::Serialize;

/// Strength of a piece of evidence. The order is the order of strength.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Nothing was found.
    Absent,
    /// A word: never a proof.
    Mentioned,
    /// A document that says how, with specifics.
    Described,
    /// Code or configuration that does it.
    Implemented,
    /// A test that really calls it and asserts, or a pipeline job that really runs it.
    Exercised,
}

impl Strength {
    /// All strengths, from none to the strongest.
    pub const ALL: [Self; 5] = [
        Self::Absent,
        Self::Mentioned,
        Self::Described,
        Self::Implemented,
        Self::Exercised,
    ];

    /// The French word of the reports.
    pub fn french(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Mentioned => "mentionné",
            Self::Described => "décrit",
            Self::Implemented => "réalisé",
            Self::Exercised => "exercé",
        }
    }
}

/// Something of the submission that bears on a criterion.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Evidence {
    /// Path from the root of the submission, with `/`; empty for the git history.
    pub path: String,
    /// Line from 1; none when the whole file or the git history is meant.
    pub line: Option<usize>,
    /// Its strength.
    pub strength: Strength,
    /// A French sentence on the thing that is there.
    pub what: String,
}

/// One criterion of the grid, and the evidence found of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CriterionResult {
    /// Such as `C5.4`.
    pub id: String,
    /// The strongest of its evidence.
    pub strength: Strength,
    /// Strongest first.
    pub evidence: Vec<Evidence>,
}

/// One competency and its criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CompetencyResult {
    /// `C1` to `C21`.
    pub id: String,
    /// The strongest evidence of the criteria at the core of the competency.
    pub strength: Strength,
    /// All its criteria, in order.
    pub criteria: Vec<CriterionResult>,
}

/// A kind of appearance that deceives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// A test that checks nothing.
    TestWithoutAssertion,
    /// A test that replaces the very thing it claims to test.
    TestAllMocked,
    /// A pipeline step whose failure is swallowed.
    StepCannotFail,
    /// A deployment that only prints.
    DeploymentOnlyEchoes,
    /// A job whose condition waits for an event that the workflow does not declare.
    JobTriggerNotDeclared,
    /// A threshold whose documented and coded values differ.
    GateNumbersDiffer,
    /// A file, command, workflow or link that a document names and that is not there.
    NamedButAbsent,
    /// A variable in a place where nothing expands it.
    VariableCannotExpand,
    /// A drift detector that computes no statistic.
    DriftWithoutStatistic,
    /// An alert rule without a way to a person.
    AlertReachesNobody,
    /// The target, or its parts, among the features.
    TargetInFeatures,
    /// A score computed on the training data.
    EvaluatedOnTrainingData,
    /// A shuffled split of dated rows.
    RandomSplitOfTimeSeries,
    /// A score too near perfection.
    ScoreTooGood,
    /// A secret in the repository; masked in every report.
    CommittedSecret,
    /// Data of real persons in the repository.
    PersonalData,
    /// A route documented as protected, and open.
    EndpointUnprotected,
    /// The jury's grid copied into a document.
    PastedGrid,
    /// The whole repository dumped in one file.
    RepositoryDump,
    /// A criterion that a comment or a page says is met.
    ClaimToCheck,
}

/// An appearance to clear up at the oral.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Finding {
    /// Its kind.
    pub kind: FindingKind,
    /// Path from the root of the submission, with `/`.
    pub path: String,
    /// Line from 1.
    pub line: usize,
    /// A question for the oral, in French: never a verdict.
    pub question: String,
}

impl Finding {
    /// A question about a line of a file.
    pub fn new(kind: FindingKind, path: &str, line: usize, question: impl Into<String>) -> Self {
        Self {
            kind,
            path: path.to_owned(),
            line,
            question: question.into(),
        }
    }
}

/// The nature of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubmissionKind {
    /// The work of a candidate.
    Submission,
    /// Something else: too little of it bears on the certification.
    NotASubmission,
    /// Most of it is code that no reader knows, or beyond the bounds: nothing can be said of it.
    Unread,
    /// No file at all.
    Empty,
}

/// Volume of the files that were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ReadVolume {
    /// Files whose content was read.
    pub files: usize,
    /// Bytes of those files.
    pub bytes: u64,
}

/// A part of the submission that was left unread.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Skipped {
    /// Path from the root of the submission, control characters escaped.
    pub path: String,
    /// The reason, in French.
    pub reason: String,
}

/// One submission beside the reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Submission {
    /// Name of its folder.
    pub name: String,
    /// The path as it was given.
    pub path: String,
    /// The commit that was read, or that the folder stands on.
    pub commit: Option<String>,
    /// Its nature.
    pub kind: SubmissionKind,
    /// Volume of the files that were read.
    pub read: ReadVolume,
    /// Parts that were left unread, with the reason.
    pub skipped: Vec<Skipped>,
    /// The 21 competencies, in order.
    pub competencies: Vec<CompetencyResult>,
    /// Questions for the oral.
    pub red_flags: Vec<Finding>,
    /// Limits of this reading, in French.
    pub cannot_see: Vec<String>,
}

/// All submissions of one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// `filrouge-compare/1`.
    pub schema: &'static str,
    /// In the order they were given.
    pub submissions: Vec<Submission>,
}

impl Comparison {
    /// The comparison of these submissions.
    pub fn new(submissions: Vec<Submission>) -> Self {
        Self {
            schema: "filrouge-compare/1",
            submissions,
        }
    }
}
