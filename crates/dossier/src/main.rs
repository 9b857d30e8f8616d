//! `cargo dossier`: the jury's commands.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use filrouge_dossier::compare::{self, Comparison};
use filrouge_dossier::index::{self, Index};
use filrouge_dossier::output;
use filrouge_dossier::referential::Referential;
use filrouge_dossier::replay;
use filrouge_dossier::verify::{self, Scope};

/// La porte du jury : les 142 critères et leurs preuves.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Racine du dépôt.
    #[arg(long, default_value = ".", global = true)]
    root: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Pose des dépôts de candidats à côté des 142 critères, sans rien en exécuter.
    Compare(CompareArguments),
    /// Rassemble les preuves déclarées dans docs/preuves.md.
    Index {
        /// N'écrit rien ; échoue si une preuve est fausse ou si la page n'est plus à jour.
        #[arg(long)]
        check: bool,
    },
    /// Déroule les 90 minutes devant le jury : quoi montrer, avec quelle commande, ce qui n'est pas prêt.
    Replay,
    /// Rejoue les tests qui prouvent les critères et dit ce qui tient.
    Verify {
        /// Une compétence (C5), une épreuve (E3) ou un bloc (bloc-1) ; tout, sinon.
        scope: Option<String>,
    },
}

#[derive(clap::Args)]
struct CompareArguments {
    /// Dossiers ou dépôts nus à lire.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Lit ce commit (empreinte, branche ou étiquette) au lieu des fichiers du dossier.
    #[arg(long, value_name = "REV")]
    commit: Option<String>,
    /// Écrit aussi le rapport en JSON.
    #[arg(long, value_name = "FICHIER")]
    json: Option<PathBuf>,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let referential = Referential::load()?;
    let mut code = ExitCode::SUCCESS;
    let text = match arguments.command {
        Command::Compare(arguments) => compare_all(&arguments, &referential)?,
        Command::Index { check } => index_summary(&arguments.root, &referential, check)?,
        Command::Replay => replay::render(&Index::gather(&arguments.root, &referential)?, &referential),
        Command::Verify { scope } => {
            let scope = scope.map_or(Ok(Scope::Everything), |scope| Scope::parse(&scope, &referential))?;
            let index = Index::gather(&arguments.root, &referential)?;
            let report = verify::run(&arguments.root, &index, &referential, &scope)?;
            if !report.held {
                code = ExitCode::FAILURE;
            }
            report.text
        }
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(code)
}

fn compare_all(arguments: &CompareArguments, referential: &Referential) -> anyhow::Result<String> {
    let options = compare::Options { commit: arguments.commit.clone() };
    let submissions = arguments.paths.iter().map(|path| compare::compare(path, &options));
    let comparison = Comparison::new(submissions.collect::<Result<_, _>>()?);
    if let Some(path) = &arguments.json {
        output::write(path, &serde_json::to_string_pretty(&comparison)?)?;
    }
    Ok(comparison.to_text(referential))
}

fn index_summary(root: &Path, referential: &Referential, check: bool) -> anyhow::Result<String> {
    let index = if check { index::check(root, referential)? } else { index::write(root, referential)? };
    let missing = index.without_proof(referential).count();
    Ok(format!("{} preuves déclarées ; {missing} critères sans preuve\n", index.proofs.len()))
}
