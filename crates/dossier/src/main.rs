//! `cargo dossier`: the jury's commands.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use filrouge_compare::{Comparison, Options, Submission, compare};
use filrouge_dossier::grid::{self, Grid};
use filrouge_dossier::index::{self, Index};
use filrouge_dossier::output;
use filrouge_dossier::referential::Referential;
use filrouge_dossier::replay;
use filrouge_dossier::report::{self, Reference, ReportInput};
use filrouge_dossier::verify::{self, Bounds, Plan, Scope};

/// La porte du jury : les 142 critères et leurs preuves.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Racine du dépôt.
    #[arg(long, default_value = ".", global = true, value_name = "RACINE")]
    root: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Pose des dépôts de candidats à côté des 142 critères, sans rien en exécuter.
    Compare(CompareArguments),
    /// Remplit la grille individuelle d'évaluation avec ce qui a été trouvé ; le jugement reste
    /// vide.
    Grid(GridArguments),
    /// Rassemble les preuves déclarées dans docs/preuves, une page par épreuve.
    Index {
        /// N'écrit rien ; échoue si une preuve est fausse ou si une page n'est plus à jour.
        #[arg(long)]
        check: bool,
    },
    /// Déroule les 90 minutes devant le jury : quoi montrer, avec quelle commande, ce qui n'est pas
    /// prêt.
    Replay,
    /// Rejoue les tests qui prouvent les critères et dit ce qui tient.
    Verify(VerifyArguments),
}

#[derive(clap::Args)]
struct CompareArguments {
    /// Dossiers ou dépôts nus à lire.
    #[arg(required = true, value_name = "DOSSIER")]
    paths: Vec<PathBuf>,
    /// Lit ce commit (empreinte, branche ou étiquette) au lieu des fichiers du dossier.
    #[arg(long, value_name = "REV")]
    commit: Option<String>,
    /// Écrit aussi le rapport en JSON.
    #[arg(long, value_name = "FICHIER")]
    json: Option<PathBuf>,
    /// Écrit aussi une page HTML autonome et accessible ; plusieurs dépôts y sont posés à côté de
    /// la référence.
    #[arg(long, value_name = "FICHIER")]
    html: Option<PathBuf>,
}

#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("formats").args(["html", "csv", "ods"]).required(true).multiple(true)))]
struct GridArguments {
    /// Dossiers ou dépôts nus à lire ; s'il y en a plusieurs, la référence vient en première
    /// colonne.
    #[arg(required = true, value_name = "DOSSIER")]
    paths: Vec<PathBuf>,
    /// Écrit la grille en une page HTML autonome et accessible.
    #[arg(long, value_name = "FICHIER")]
    html: Option<PathBuf>,
    /// Écrit la grille en CSV (UTF-8, points-virgules).
    #[arg(long, value_name = "FICHIER")]
    csv: Option<PathBuf>,
    /// Écrit la grille en OpenDocument.
    #[arg(long, value_name = "FICHIER")]
    ods: Option<PathBuf>,
}

#[derive(clap::Args)]
struct VerifyArguments {
    /// Une compétence (C5), une épreuve (E3) ou un bloc (bloc-1) ; tout, sinon.
    scope: Option<String>,
    /// Secondes laissées à chaque programme de test et à chaque commande.
    #[arg(long, value_name = "SECONDES", default_value_t = 600)]
    seconds: u64,
    /// Mémoire laissée à chaque programme de test et à chaque commande, en Mio.
    #[arg(long, value_name = "MIO", default_value_t = 16384)]
    memory: u64,
    /// Écrit aussi une page HTML autonome et accessible.
    #[arg(long, value_name = "FICHIER")]
    html: Option<PathBuf>,
    /// Écrit aussi le rapport en JSON.
    #[arg(long, value_name = "FICHIER")]
    json: Option<PathBuf>,
    /// Écrit aussi le rapport en JUnit.
    #[arg(long, value_name = "FICHIER")]
    junit: Option<PathBuf>,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Arguments = filrouge_command_line::parse();
    let referential = Referential::load()?;
    let mut code = ExitCode::SUCCESS;

    let text = match arguments.command {
        Command::Compare(compared) => compare_all(&arguments.root, &compared, &referential)?,
        Command::Grid(filled) => fill_grid(&arguments.root, &filled, &referential)?,
        Command::Index { check } => index_summary(&arguments.root, &referential, check)?,
        Command::Replay => replay::render(
            &arguments.root,
            &Index::gather(&arguments.root, &referential)?,
            &referential,
        ),
        Command::Verify(verified) => {
            let report = verify_scope(&arguments.root, &verified, &referential)?;
            if !report.held() {
                code = ExitCode::FAILURE;
            }
            report.text()
        }
    };

    std::io::stdout().write_all(text.as_bytes())?;
    Ok(code)
}

fn compare_all(
    root: &Path,
    arguments: &CompareArguments,
    referential: &Referential,
) -> anyhow::Result<String> {
    let options = Options {
        commit: arguments.commit.clone(),
    };
    let comparison = Comparison::new(read_all(&arguments.paths, &options)?);

    if let Some(path) = &arguments.json {
        output::write(path, &serde_json::to_string_pretty(&comparison)?)?;
    }

    if let Some(path) = &arguments.html {
        let reference = reference(root, &arguments.paths);
        let input = ReportInput {
            reference: reference.as_ref(),
            submissions: &comparison.submissions,
        };
        output::write(path, &report::html(input, referential)?)?;
    }

    Ok(report::text(&comparison, referential))
}

fn fill_grid(
    root: &Path,
    arguments: &GridArguments,
    referential: &Referential,
) -> anyhow::Result<String> {
    let submissions = read_all(&arguments.paths, &Options::default())?;
    let reference = reference(root, &arguments.paths);

    let grid = Grid::new(
        ReportInput {
            reference: reference.as_ref(),
            submissions: &submissions,
        },
        referential,
    );

    write_grid(&grid, arguments, referential)?;
    Ok(format!(
        "Grille remplie, jugement laissé au jury. {}\n",
        report::NO_MARK
    ))
}

fn write_grid(grid: &Grid, to: &GridArguments, referential: &Referential) -> anyhow::Result<()> {
    if let Some(path) = &to.html {
        output::write(path, &grid.html(referential)?)?;
    }
    if let Some(path) = &to.csv {
        output::write(path, &grid::csv(grid)?)?;
    }
    if let Some(path) = &to.ods {
        output::write(path, grid::ods(grid)?)?;
    }
    Ok(())
}

fn read_all(
    paths: &[PathBuf],
    options: &Options,
) -> Result<Vec<Submission>, filrouge_compare::Error> {
    paths.iter().map(|path| compare(path, options)).collect()
}

/// The project itself, when several submissions are laid side by side and it is not one of them.
fn reference(root: &Path, paths: &[PathBuf]) -> Option<Reference> {
    // Compared as real paths: `.` and its full name are one folder.
    let is_reference = |path: &PathBuf| matches!((path.canonicalize(), root.canonicalize()), (Ok(a), Ok(b)) if a == b);

    let is_alone = paths.len() < 2 || paths.iter().any(is_reference);
    let is_project = root.join("data/referential/rncp37827.toml").exists();
    (!is_alone && is_project).then(|| Reference::load(root))
}

fn verify_scope(
    root: &Path,
    arguments: &VerifyArguments,
    referential: &Referential,
) -> anyhow::Result<verify::Report> {
    let plan = plan(arguments, referential)?;
    let report = verify::run(root, &Index::gather(root, referential)?, referential, &plan)?;

    if let Some(path) = &arguments.html {
        output::write(path, report.html()?)?;
    }
    if let Some(path) = &arguments.json {
        output::write(path, serde_json::to_string_pretty(&report)?)?;
    }
    if let Some(path) = &arguments.junit {
        output::write(path, report.junit()?)?;
    }
    Ok(report)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the edge of the program: the report says when it ran"
)]
fn plan(arguments: &VerifyArguments, referential: &Referential) -> anyhow::Result<Plan> {
    let scope = match &arguments.scope {
        Some(scope) => Scope::parse(scope, referential)?,
        None => Scope::Everything,
    };
    let bounds = Bounds {
        time: Duration::from_secs(arguments.seconds),
        memory_mib: arguments.memory,
    };

    Ok(Plan {
        scope,
        bounds,
        started_at: chrono::Utc::now(),
    })
}

fn index_summary(root: &Path, referential: &Referential, check: bool) -> anyhow::Result<String> {
    let index = if check {
        index::check(root, referential)?
    } else {
        index::write(root, referential)?
    };
    let missing = index.without_proof(referential).count();
    Ok(format!(
        "{} preuves déclarées ; {missing} critères sans preuve\n",
        index.proofs.len()
    ))
}
