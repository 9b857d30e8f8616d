//! `filrouge feeds`: the technology and regulatory watch.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use filrouge_feeds::{Archive, Digest, Fetched, Fetcher, Note, Sources, Visits, Week, weekly_hour};
use filrouge_storage::StateFolder;
use filrouge_types::{Clock, SystemClock};

use crate::cli::{DigestForm, FeedsCommand, GlobalArgs};
use crate::print;
use crate::project::home;
use crate::state;

/// Says to publishers who asks.
const USER_AGENT: &str = concat!("filrouge-feeds/", env!("CARGO_PKG_VERSION"));

/// Where the digests of a fork would be published; their Atom feed names it.
const ADDRESS: &str = "https://exemple.fr/veille/";

pub(crate) async fn run(global: &GlobalArgs, command: &FeedsCommand) -> Result<()> {
    match command {
        FeedsCommand::Fetch => fetch(global).await,
        FeedsCommand::Digest { week, form } => digest(global, *week, *form),
        FeedsCommand::Calendar { from, zone } => {
            print::text(&weekly_hour(*from, zone.name()));
            Ok(())
        }
    }
}

/// Asks each source that is followed, and keeps the new articles. A source that fails leaves the others.
async fn fetch(global: &GlobalArgs) -> Result<()> {
    let sources = sources()?;
    let state = state::open(&global.state)?;

    let (visits_path, archive_path) = (visits_path(&state), archive_path(&state));
    let mut visits = Visits::read(&visits_path)
        .with_context(|| format!("`{}` ne se lit pas", visits_path.display()))?;
    let mut archive = Archive::read(&archive_path)?;
    let mut fetcher = Fetcher::new(USER_AGENT, global.seed, sources.followed())?;

    for source in sources.followed() {
        let now = SystemClock.now();
        let outcome = match fetcher.fetch(source, visits.of(&source.name), now).await {
            Fetched::Articles(articles) => {
                format!("{} nouveaux articles", archive.add(articles, now))
            }
            Fetched::Unchanged => "rien de nouveau".to_owned(),
            Fetched::NotAsked => "pas encore : une visite par heure au plus".to_owned(),
            Fetched::Failed(reason) => format!("échec : {reason}"),
        };
        print::line(&format!("{} : {outcome}", source.publisher));

        // The articles first: with the validators alone, the publisher would say "unchanged".
        archive.write(&archive_path)?;
        visits
            .write(&visits_path)
            .with_context(|| format!("`{}` ne s’écrit pas", visits_path.display()))?;
    }
    Ok(())
}

fn digest(global: &GlobalArgs, week: Week, form: DigestForm) -> Result<()> {
    let sources = sources()?;
    let notes = notes()?;
    let archive = Archive::read(&archive_path(&state::open(&global.state)?))?;

    let note = notes.iter().find(|note| note.week == week);
    let digest = Digest::new(week, &sources, &archive, note);

    let text = match form {
        DigestForm::Html => digest.to_html(),
        DigestForm::Markdown => digest.to_markdown("."),
        DigestForm::Atom => Digest::to_atom(&[digest], &ADDRESS.parse()?),
    };
    print::text(&text);
    Ok(())
}

/// `docs/veille/syntheses.md`: the digests of the notes, newest first.
pub(crate) fn digests_document() -> Result<String> {
    let sources = sources()?;
    let notes = notes()?;
    let archive = Archive::default();

    let mut page = "# Synthèses de la veille\n\n\
        <!-- Preuve principale: C6.4 les synthèses, en pages structurées, lisibles par tous [code : crates/feeds/src/digest/html.rs#page] -->\n\
        <!-- Preuve principale: C6.5 chaque synthèse nomme son thème, donne des faits sourcés et datés, ce qu’ils changent pour le projet et des recommandations [code : crates/feeds/src/note.rs#Note] -->\n\n\
        Page écrite par `cargo xtask regenerate` depuis [les notes](notes) de chaque semaine. \
        La même synthèse en page accessible : `cargo run -- feeds digest --week 2026-W48`.\n"
        .to_owned();

    for note in notes.iter().rev() {
        let digest = Digest::new(note.week, &sources, &archive, Some(note));
        let _ = write!(page, "\n{}", digest.to_markdown("../.."));
    }
    Ok(page)
}

/// `docs/veille/sources.md`: the themes, then each source with its grid.
pub(crate) fn sources_document() -> Result<String> {
    let sources = sources()?;
    let mut page = "# Sources de la veille\n\n\
        <!-- Preuve principale: C6.6 chaque source est notée sur les six questions de fiabilité, avec la raison [code : data/feeds.toml] -->\n\n\
        Page écrite par `cargo xtask regenerate` depuis [`data/feeds.toml`](../../data/feeds.toml). \
        Une source est suivie à partir de 7 points sur 12, si son auteur est identifié.\n\n\
        <!-- Preuve principale: C6.1 chaque thème est un outil ou une réglementation dont le projet se sert, et le tableau dit où [code : data/feeds.toml#theme] -->\n\
        ## Les thèmes\n\n| Thème | Où le projet s’en sert |\n| --- | --- |\n"
        .to_owned();

    for theme in &sources.themes {
        let used_in = &theme.used_in;
        let _ = writeln!(page, "| {} | [{used_in}](../../{used_in}) |", theme.title);
    }

    page.push_str("\n## Les sources\n");
    for source in &sources.sources {
        let decision = if source.is_followed() {
            "suivie"
        } else {
            "écartée"
        };
        let _ = write!(
            page,
            "\n### {}\n\n{} points sur 12 : {decision}. Flux : `{}`.\n\n\
             | Question | Points | Raison |\n| --- | --- | --- |\n",
            source.publisher,
            source.points(),
            source.address
        );
        for criterion in source.criteria() {
            let grade = criterion.grade;
            let _ = writeln!(
                page,
                "| {} | {} | {} |",
                criterion.question, grade.points, grade.why
            );
        }
    }
    Ok(page)
}

fn sources() -> Result<Sources> {
    Ok(Sources::read(&home().join("data/feeds.toml"))?)
}

fn notes() -> Result<Vec<Note>> {
    Ok(Note::read_all(&home().join("docs/veille/notes"))?)
}

fn visits_path(state: &StateFolder) -> PathBuf {
    state.root().join("feeds/visits.json")
}

fn archive_path(state: &StateFolder) -> PathBuf {
    state.root().join("feeds/articles.json")
}
