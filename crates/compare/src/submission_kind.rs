//! Nature of a tree: the work of a candidate, something else, or nothing at all.

use crate::corpus::Corpus;
use crate::fact::FactKind;
use crate::model::{CompetencyResult, Finding, FindingKind, Skipped, Strength, SubmissionKind};
use crate::unread::Unread;

/// The nature of a tree, from everything that was found in it.
pub(crate) fn of(
    corpus: &Corpus,
    skipped: &[Skipped],
    competencies: &[CompetencyResult],
    red_flags: &[Finding],
) -> SubmissionKind {
    let strengths = Strengths(competencies);
    let is_unread = is_unread(corpus, skipped);

    if is_empty(corpus) && !is_unread {
        SubmissionKind::Empty
    } else if names_certification(corpus, red_flags)
        || is_case(&strengths)
        || is_data_work(&strengths)
        || is_model_work(corpus, &strengths)
        || strengths.described() >= 6
    {
        SubmissionKind::Submission
    } else if is_unread {
        SubmissionKind::Unread
    } else {
        SubmissionKind::NotASubmission
    }
}

/// True when no reader knows most of the code, or when every file is beyond the bounds: what was not
/// read is not absent.
fn is_unread(corpus: &Corpus, skipped: &[Skipped]) -> bool {
    let unread = Unread::of(&corpus.paths).files();
    let is_foreign = unread > 0 && unread >= corpus.modules.len();
    let is_beyond = corpus.read.files == 0 && !skipped.is_empty();
    is_foreign || is_beyond
}

/// The strengths of the competencies, by identifier.
struct Strengths<'all>(&'all [CompetencyResult]);

impl Strengths<'_> {
    fn reaches(&self, id: &str, least: Strength) -> bool {
        self.0
            .iter()
            .any(|one| one.id == id && one.strength >= least)
    }

    /// Number of these competencies that code shows.
    fn implemented_of(&self, ids: &[&str]) -> usize {
        ids.iter()
            .filter(|id| self.reaches(id, Strength::Implemented))
            .count()
    }

    fn at_least(&self, least: Strength) -> usize {
        self.0.iter().filter(|one| one.strength >= least).count()
    }

    fn described(&self) -> usize {
        self.at_least(Strength::Described)
    }
}

fn is_empty(corpus: &Corpus) -> bool {
    let says_nothing = corpus.modules.is_empty()
        && corpus.workflows.is_empty()
        && corpus.facts.is_empty()
        && corpus.said.is_empty();
    // A lone README with a title is as empty as no file at all.
    corpus.paths.is_empty() || (corpus.read.bytes < 200 && says_nothing)
}

/// True when a page names the certification, or is its grid: only candidates paste it.
fn names_certification(corpus: &Corpus, red_flags: &[Finding]) -> bool {
    corpus.pages.iter().any(|page| page.names_certification)
        || red_flags
            .iter()
            .any(|one| one.kind == FindingKind::PastedGrid)
}

/// True when the tree answers a case of the certification: a watch beside a comparison of services
/// makes E2, and little else does; stories around a call to a model make E4.
fn is_case(strengths: &Strengths) -> bool {
    let is_second = strengths.reaches("C6", Strength::Described)
        && strengths.reaches("C7", Strength::Described);
    let is_fourth = strengths.reaches("C10", Strength::Implemented)
        && strengths.reaches("C14", Strength::Described);
    is_second || is_fourth
}

fn is_data_work(strengths: &Strengths) -> bool {
    let all = strengths.implemented_of(&["C1", "C2", "C3", "C4", "C5"]);
    let prepares = strengths.implemented_of(&["C1", "C3"]) > 0;
    let goes_on = strengths.implemented_of(&["C3", "C5"]) > 0;
    prepares && (goes_on && all >= 3 || all == 2 && strengths.described() >= 3)
}

fn is_model_work(corpus: &Corpus, strengths: &Strengths) -> bool {
    let has_any = |kinds: &[FactKind]| corpus.all_facts().any(|fact| kinds.contains(&fact.kind));
    let has_model = has_any(&[
        FactKind::Training,
        FactKind::AiService,
        FactKind::Evaluation,
        FactKind::ModelSaving,
    ]);
    let serves_model = has_any(&[FactKind::ModelRoute]);

    (has_model && strengths.described() >= 2)
        || (serves_model && strengths.at_least(Strength::Implemented) >= 4)
}
