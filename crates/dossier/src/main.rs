//! `cargo dossier`: the jury's commands.

use std::fmt::Display;
use std::io::{IsTerminal, StdinLock};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use filrouge_command_line::write_result;
use filrouge_compare::{Comparison, Options, Submission, compare};
use filrouge_dossier::bounded::Bounds;
use filrouge_dossier::execution::Execution;
use filrouge_dossier::grid::{self, Grid, Head};
use filrouge_dossier::index::{self, Index};
use filrouge_dossier::output;
use filrouge_dossier::referential::Referential;
use filrouge_dossier::replay::{self, RunningCase};
use filrouge_dossier::report::{self, Reference, ReportInput};
use filrouge_dossier::sandbox::Confinement;
use filrouge_dossier::verify::{self, Plan, Scope, Stage, saved};

/// La porte du jury : les 142 critères et leurs preuves.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Racine du dépôt.
    #[arg(long, default_value = ".", global = true, value_name = "RACINE")]
    root: PathBuf,
    /// Dossier d’état, où la dernière vérification est gardée (depuis la racine du dépôt).
    #[arg(
        long,
        env = "FILROUGE_STATE",
        default_value = "var",
        global = true,
        value_name = "DOSSIER"
    )]
    state: PathBuf,
    #[command(subcommand)]
    command: Command,
}

/// Exit codes of `verify` and `replay`, told apart from each other and from an error.
mod exit {
    /// A proof does not hold.
    pub(super) const DOES_NOT_HOLD: u8 = 1;
    /// The verification could not be made; clap gives the same to a command that is misspelt.
    pub(super) const ERROR: u8 = 2;
    /// Nothing fails, and a proof was not played: the code by which a command of a proof says it too.
    pub(super) const NOT_PLAYED: u8 = 77;
}

#[derive(Subcommand)]
enum Command {
    /// Pose des dépôts de candidats à côté des 142 critères, sans rien en exécuter.
    Compare(CompareArguments),
    /// Prépare la grille individuelle d’évaluation, une par dépôt : ce qui a été trouvé est à côté
    /// de chaque critère, le jugement reste vide.
    Grid(GridArguments),
    /// Rassemble les preuves déclarées dans docs/preuves, une page par épreuve.
    Index {
        /// N'écrit rien ; échoue si une preuve est fausse ou si une page n'est plus à jour.
        #[arg(long)]
        check: bool,
    },
    /// Déroule les 90 minutes devant le jury : démarre le cas une fois, montre les preuves dans les
    /// minutes de chaque épreuve, dit ce qui doit se voir.
    Replay(ReplayArguments),
    /// Rejoue les preuves des critères et dit ce qui tient, ce qui n’est pas joué, ce qui ne tient
    /// pas.
    ///
    /// Code de sortie : 0 si tout ce qui peut être joué tient, 1 si une preuve ne tient pas, 77 si
    /// rien n’échoue mais qu’une preuve n’est pas jouée (un outil, une variable ou un dépôt distant
    /// manque), 2 si la vérification n’a pas pu se faire.
    #[command(verbatim_doc_comment)]
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
    /// Dossiers ou dépôts nus à lire, un par candidat.
    #[arg(required = true, value_name = "DOSSIER")]
    paths: Vec<PathBuf>,
    /// Nom du candidat ; à répéter dans l’ordre des dossiers.
    #[arg(long, value_name = "NOM")]
    candidate: Vec<String>,
    /// Session d’examen.
    #[arg(long, value_name = "SESSION", default_value = "")]
    session: String,
    /// Nom d’un juré ; à répéter.
    #[arg(long, value_name = "NOM")]
    juror: Vec<String>,
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
struct ReplayArguments {
    /// Une seule épreuve (E3) ; les cinq, sinon.
    epreuve: Option<String>,
    /// Écrit le plan et ses minutes, sans rien lancer.
    #[arg(long, visible_alias = "dry-run")]
    list: bool,
    /// Ne démarre pas le cas (`cargo run -- up`) : il tourne déjà, ou n’est pas montré.
    #[arg(long)]
    no_case: bool,
    /// Premier port du cas.
    #[arg(
        long,
        env = "FILROUGE_PORT_BASE",
        default_value_t = 8080,
        value_name = "PORT"
    )]
    port_base: u16,
}

#[derive(clap::Args)]
struct VerifyArguments {
    /// Une compétence (C5), une épreuve (E3) ou un bloc (bloc-1) ; tout, sinon.
    scope: Option<String>,
    /// Secondes laissées à chaque test et à chaque commande.
    #[arg(long, value_name = "SECONDES", default_value_t = 600)]
    seconds: u64,
    /// Mémoire laissée à chaque programme de test, en Mio.
    #[arg(long, value_name = "MIO", default_value_t = 16384)]
    memory: u64,
    /// Exécute sans bac à sable un dépôt qui n’est pas celui de cette commande : tout ce qu’il
    /// contient agit alors avec vos droits.
    #[arg(long)]
    no_sandbox: bool,
    /// Ne rejoue pas ce que la chaîne vient de réussir sur ce commit : une commande par ligne
    /// (commit, secondes, commande et, pour un `cargo test`, son journal, séparés par des
    /// tabulations).
    #[arg(long, value_name = "FICHIER")]
    played: Option<PathBuf>,
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

fn main() -> ExitCode {
    match run(filrouge_command_line::parse()) {
        Ok(code) => code,
        Err(error) => {
            fail(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let referential = Referential::load()?;

    let text = match arguments.command {
        Command::Compare(compared) => {
            let project = Project {
                root: &arguments.root,
                state: &arguments.state,
            };
            compare_all(project, &compared, &referential)?
        }
        Command::Grid(filled) => fill_grid(&filled, &referential)?,
        Command::Index { check } => index_summary(&arguments.root, &referential, check)?,
        Command::Replay(shown) => {
            let state = arguments.root.join(&arguments.state);
            return replay(&arguments.root, &state, &shown, &referential);
        }
        Command::Verify(verified) => {
            let state = arguments.root.join(&arguments.state);
            return Ok(verify(&arguments.root, &state, &verified, &referential));
        }
    };

    write_result(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The project itself: its root, and its state folder from there.
#[derive(Clone, Copy)]
struct Project<'all> {
    root: &'all Path,
    state: &'all Path,
}

fn compare_all(
    project: Project<'_>,
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
        let reference = reference(project, &arguments.paths);
        let input = ReportInput {
            reference: reference.as_ref(),
            submissions: &comparison.submissions,
        };
        output::write(path, &report::html(input, referential)?)?;
    }

    Ok(report::text(&comparison, referential))
}

fn fill_grid(arguments: &GridArguments, referential: &Referential) -> anyhow::Result<String> {
    let submissions = read_all(&arguments.paths, &Options::default())?;
    let grids: Vec<Grid> = submissions
        .iter()
        .enumerate()
        .map(|(rank, submission)| Grid::new(&head(arguments, rank), submission, referential))
        .collect();

    write_grids(&grids, arguments, referential)?;
    Ok(format!(
        "Grille remplie, jugement laissé au jury. {}\n",
        report::NO_MARK
    ))
}

fn head(arguments: &GridArguments, rank: usize) -> Head {
    Head {
        candidate: arguments.candidate.get(rank).cloned().unwrap_or_default(),
        session: arguments.session.clone(),
        jurors: arguments.juror.clone(),
    }
}

fn write_grids(
    grids: &[Grid],
    to: &GridArguments,
    referential: &Referential,
) -> anyhow::Result<()> {
    if let Some(path) = &to.html {
        output::write(path, grid::html(grids, referential)?)?;
    }

    if let Some(path) = &to.csv {
        output::write(path, grid::csv(grids)?)?;
    }

    if let Some(path) = &to.ods {
        output::write(path, grid::ods(grids)?)?;
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
fn reference(project: Project<'_>, paths: &[PathBuf]) -> Option<Reference> {
    let Project { root, state } = project;
    // Compared as real paths: `.` and its full name are one folder.
    let is_reference = |path: &PathBuf| matches!((path.canonicalize(), root.canonicalize()), (Ok(a), Ok(b)) if a == b);

    let is_alone = paths.len() < 2 || paths.iter().any(is_reference);
    let is_project = root.join("data/referential/rncp37827.toml").exists();
    (!is_alone && is_project).then(|| Reference::load(root, state))
}

fn replay(
    root: &Path,
    state: &Path,
    arguments: &ReplayArguments,
    referential: &Referential,
) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(
        arguments.list || is_own(root),
        "replay ne déroule que le projet de cette commande : `cargo dossier verify` joue celui d'un autre dans un bac à sable"
    );
    let index = Index::gather(root, referential)?;
    let last = saved::read(state)?;
    let mut plan = replay::Plan::new(root, &index, referential, last.as_ref());
    if let Some(epreuve) = &arguments.epreuve {
        plan.keep(epreuve)?;
    }

    write_result(&plan.text())?;
    if arguments.list {
        return Ok(ExitCode::SUCCESS);
    }

    let proofs: Vec<_> = plan.steps().map(|step| step.proof).collect();
    let execution = Execution {
        bounds: Bounds::default(),
        confinement: Confinement::Trusted,
    };
    let stage = Stage::build(root, &proofs, execution, &progress)?;
    let page = format!("http://127.0.0.1:{}", arguments.port_base);

    // Kept to the end: it stops when it is dropped.
    let _case = (!arguments.no_case)
        .then(|| RunningCase::start(root, &page))
        .transpose()?;
    let end = replay::play(&plan, &stage, std::io::stdout(), keys())?;
    Ok(ExitCode::from(code_of(end.failed, end.missing.first())))
}

/// The keyboard of the person who presents; none when a program does.
fn keys() -> Option<StdinLock<'static>> {
    let keys = std::io::stdin();
    keys.is_terminal().then(|| keys.lock())
}

fn verify(
    root: &Path,
    state: &Path,
    arguments: &VerifyArguments,
    referential: &Referential,
) -> ExitCode {
    match verify_scope(root, state, arguments, referential) {
        Ok(report) => ExitCode::from(code_of(report.faults(), report.missing().first())),
        Err(error) => {
            fail(&error);
            ExitCode::from(exit::ERROR)
        }
    }
}

/// The exit code of proofs that were played, and the last line that goes with it.
fn code_of(failed: usize, missing: Option<impl Display>) -> u8 {
    match missing {
        _ if failed > 0 => exit::DOES_NOT_HOLD,
        // The last line of a proof's command that cannot play.
        Some(missing) => {
            say(&format!("not played: {missing}"));
            exit::NOT_PLAYED
        }
        None => 0,
    }
}

fn verify_scope(
    root: &Path,
    state: &Path,
    arguments: &VerifyArguments,
    referential: &Referential,
) -> anyhow::Result<verify::Report> {
    let plan = plan(root, arguments, referential)?;
    let index = Index::gather(root, referential)?;
    let report = verify::run(root, &index, referential, &plan, &progress)?;

    // Before anything else: the outcomes are kept even where a report cannot be written.
    saved::write(state, &report)?;
    write_report(&report, arguments)?;
    write_result(&report.text())?;
    Ok(report)
}

/// One sentence: the trace of our own functions helps no jury.
fn fail(error: &anyhow::Error) {
    let causes = filrouge_command_line::causes(error.as_ref());
    say(&format!("erreur : {causes}"));
}

fn progress(sentence: &str) {
    say(&format!("… {sentence}"));
}

#[expect(
    clippy::print_stderr,
    reason = "the progress and the failure of a command, said at the edge"
)]
fn say(line: &str) {
    eprintln!("{line}");
}

fn write_report(report: &verify::Report, to: &VerifyArguments) -> anyhow::Result<()> {
    if let Some(path) = &to.html {
        output::write(path, report.html()?)?;
    }
    if let Some(path) = &to.json {
        output::write(path, serde_json::to_string_pretty(report)?)?;
    }
    if let Some(path) = &to.junit {
        output::write(path, report.junit()?)?;
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the edge of the program: the report says when it ran"
)]
fn plan(
    root: &Path,
    arguments: &VerifyArguments,
    referential: &Referential,
) -> anyhow::Result<Plan> {
    let scope = match &arguments.scope {
        Some(scope) => Scope::parse(scope, referential)?,
        None => Scope::Everything,
    };
    let bounds = Bounds {
        time: Duration::from_secs(arguments.seconds),
        memory_mib: Some(arguments.memory),
    };
    let confinement = if arguments.no_sandbox || is_own(root) {
        Confinement::Trusted
    } else {
        Confinement::of_a_stranger(root)
    };

    Ok(Plan {
        scope,
        execution: Execution {
            bounds,
            confinement,
        },
        played: arguments.played.clone(),
        started_at: chrono::Utc::now(),
    })
}

/// True when a repository is the one that this program was built from: who runs the program runs
/// its code already.
fn is_own(root: &Path) -> bool {
    let own = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    matches!((root.canonicalize(), own.canonicalize()), (Ok(a), Ok(b)) if a == b)
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
