//! The index of proofs: gathers the declarations of a tree and writes them as pages, one an épreuve.

mod exists;
mod page;
mod principal;
#[cfg(test)]
mod tests;
mod told;

use std::path::Path;

use anyhow::{Context, bail};

pub(crate) use exists::slug;
pub use page::{FOLDER, ProofPage, render};
pub use told::ToldProof;

use crate::git::Git;
use crate::referential::{Criterion, Referential};
use crate::source;
use filrouge_compare::proof::{self, Mistake, Proof};

/// The number of criteria without a proof that must not grow, from the root of the repository.
pub const CEILING: &str = "data/referential/without-proof.txt";
/// Proofs that are read of a tree: ten times as many as a jury could look at.
const MOST: usize = 2_000;

/// The proofs of a tree.
#[derive(Debug, Default)]
pub struct Index {
    /// Proofs of known criteria, by file and line.
    pub proofs: Vec<Proof>,
    /// Declarations that prove nothing.
    pub mistakes: Vec<Mistake>,
    /// Proofs that the pages tell, and that their files declare no more.
    pub lost: Vec<ToldProof>,
}

impl Index {
    /// Reads the files of the repository at `root` that git does not ignore.
    ///
    /// # Errors
    /// When git cannot list the files.
    pub fn gather(root: &Path, referential: &Referential) -> anyhow::Result<Self> {
        let mut index = Self::default();

        for file in Git::open(root)?.files()? {
            // The pages quote every declaration.
            if file.starts_with(FOLDER) {
                continue;
            }
            // A file that is no text, or that was removed meanwhile, declares nothing.
            let Ok(text) = source::read(root, &file) else {
                continue;
            };
            index.add(&file, &text, referential);
        }

        index.cut();
        index.look(root, referential);
        Ok(index)
    }

    /// Leaves out the proofs that nobody could look at.
    fn cut(&mut self) {
        if let Some(first) = self.proofs.get(MOST) {
            self.mistakes.push(Mistake {
                file: first.file.clone(),
                line: first.line,
                reason: format!("plus de {MOST} preuves : les suivantes ne sont pas lues"),
            });
            self.proofs.truncate(MOST);
        }
    }

    /// Looks in the tree for the code that the proofs name, and in its pages for proofs that were
    /// lost.
    fn look(&mut self, root: &Path, referential: &Referential) {
        let named = self.proofs.iter();
        let named: Vec<Mistake> = named
            .flat_map(|proof| exists::mistakes(root, proof))
            .collect();

        self.mistakes.extend(named);
        self.mistakes.extend(principal::several(self, referential));
        self.lost = told::lost(root, &self.proofs, referential);
    }

    /// The proofs of one criterion, the principal one first.
    pub fn of<'index>(
        &'index self,
        criterion: &'index Criterion,
    ) -> impl Iterator<Item = &'index Proof> {
        let of_criterion = |principal| {
            self.proofs.iter().filter(move |proof| {
                proof.criterion == criterion.id && proof.principal == principal
            })
        };
        of_criterion(true).chain(of_criterion(false))
    }

    /// The proof of a criterion to show first: the principal one, or the only one.
    pub fn principal<'index>(&'index self, criterion: &'index Criterion) -> Option<&'index Proof> {
        let mut proofs = self.of(criterion);
        let first = proofs.next()?;
        (first.principal || proofs.next().is_none()).then_some(first)
    }

    /// The criteria of which no proof is the one to show first, among several.
    pub fn without_principal<'all>(
        &'all self,
        referential: &'all Referential,
    ) -> impl Iterator<Item = &'all Criterion> {
        referential.criteria().filter(|criterion| {
            self.of(criterion).next().is_some() && self.principal(criterion).is_none()
        })
    }

    /// The criteria that have no proof.
    pub fn without_proof<'all>(
        &'all self,
        referential: &'all Referential,
    ) -> impl Iterator<Item = &'all Criterion> {
        referential
            .criteria()
            .filter(|criterion| self.of(criterion).next().is_none())
    }

    fn add(&mut self, file: &str, text: &str, referential: &Referential) {
        let (proofs, mistakes) = proof::read(file, text);

        self.mistakes.extend(mistakes);
        for proof in proofs {
            if referential.has_criterion(&proof.criterion) {
                self.proofs.push(proof);
            } else {
                self.mistakes.push(unknown_criterion(proof));
            }
        }
    }
}

fn unknown_criterion(proof: Proof) -> Mistake {
    let reason = format!(
        "le critère « {} » n'existe pas dans le référentiel",
        proof.criterion
    );

    Mistake {
        file: proof.file,
        line: proof.line,
        reason,
    }
}

/// Writes the pages and lowers the ceiling.
///
/// # Errors
/// When a declaration is wrong, when more criteria are without a proof than before, or when a file
/// cannot be written.
pub fn write(root: &Path, referential: &Referential) -> anyhow::Result<Index> {
    let index = Index::gather(root, referential)?;
    // Before anything is written: a wrong declaration leaves all files as they were.
    verify(root, &index, referential)?;
    let missing = index.without_proof(referential).count();
    crate::output::write(&root.join(CEILING), format!("{missing}\n"))?;
    for ProofPage { path, text } in render(&index, referential) {
        crate::output::write(&root.join(path), text)?;
    }
    Ok(index)
}

/// Checks the declarations, the ceiling and the pages, and writes nothing.
///
/// # Errors
/// As [`write()`], and when a page is not the one that it would write.
pub fn check(root: &Path, referential: &Referential) -> anyhow::Result<Index> {
    let index = Index::gather(root, referential)?;
    verify(root, &index, referential)?;

    if let Some(page) = stale(root, &index, referential).next() {
        bail!("{page}");
    }
    Ok(index)
}

/// All that [`check`] refuses of a tree, in French.
pub(crate) fn refusals(root: &Path, index: &Index, referential: &Referential) -> Vec<String> {
    let wrong = verify(root, index, referential).err();
    let wrong = wrong.map(|error| error.to_string()).unwrap_or_default();
    let wrong = wrong.lines().map(str::to_owned);

    wrong.chain(stale(root, index, referential)).collect()
}

/// The pages that are not those that [`write()`] would write, in French.
fn stale(root: &Path, index: &Index, referential: &Referential) -> impl Iterator<Item = String> {
    let pages = render(index, referential).into_iter();
    pages.filter_map(|ProofPage { path, text }| {
        // One that is absent is stale too: the same command mends both.
        let held = source::read(root, &path).unwrap_or_default();
        (held != text)
            .then(|| format!("{path} n'est plus à jour : lancer `cargo xtask regenerate`"))
    })
}

fn verify(root: &Path, index: &Index, referential: &Referential) -> anyhow::Result<()> {
    if !index.mistakes.is_empty() {
        let lines: Vec<String> = index.mistakes.iter().map(Mistake::to_string).collect();
        bail!("{}", lines.join("\n"));
    }

    let undecided: Vec<&str> = index
        .without_principal(referential)
        .map(|criterion| criterion.id.as_str())
        .collect();
    if !undecided.is_empty() {
        bail!(
            "plusieurs preuves, aucune principale (`Preuve principale:`) : {}",
            undecided.join(", ")
        );
    }

    // A proof that is lost must be missed at once, not on the day of the jury.
    let missing = index.without_proof(referential).count();
    let ceiling = ceiling(root)?.unwrap_or(missing);
    if missing > ceiling {
        bail!(
            "{missing} critères sans preuve, contre {ceiling} auparavant : ce nombre ne peut que baisser"
        );
    }
    Ok(())
}

fn ceiling(root: &Path) -> anyhow::Result<Option<usize>> {
    match std::fs::read_to_string(root.join(CEILING)) {
        Ok(text) => {
            let number = text.trim().parse();
            number
                .map(Some)
                .with_context(|| format!("{CEILING} : un nombre est attendu"))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{CEILING} : illisible")),
    }
}
