//! `filrouge model canary`: a version beside the champion, in service or on hours of the past.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use filrouge_api_client::{TokenClient, TokenClientConfig};
use filrouge_dataset::read_dataset;
use filrouge_model::canary::{CanaryDecision, CanaryReason, CanaryVerdict};
use filrouge_model::champion;
use filrouge_storage::replace_file;
use filrouge_train::gates::{FILE_NAME, Gates};
use filrouge_train::{CanaryReplay, ReplayInputs, replay_canary};
use filrouge_types::SystemClock;
use reqwest::Method;
use serde_json::{Value, json};

use super::package;
use crate::cli::{ApplyArguments, CanaryCommand, GlobalArgs, ReplayArguments, Service};
use crate::credentials::{self, FileSecret};
use crate::progress::table;
use crate::{print, project, services, state};

/// The client that may choose the version that serves.
const OPERATOR: &str = "operator";

/// A version is loaded before the answer.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) async fn run(global: &GlobalArgs, command: &CanaryCommand) -> Result<()> {
    match command {
        CanaryCommand::Start { canary } => {
            let body = json!({ "version": canary });
            tell(&ask(global, Method::POST, "canary", Some(body)).await?);
        }
        CanaryCommand::Status => match &ask(global, Method::GET, "canary", None).await?["canary"] {
            Value::Null => print::line("aucun canari n’a été jugé"),
            canary => tell(canary),
        },
        CanaryCommand::Stop => {
            ask(global, Method::PUT, "rollout", Some(json!({}))).await?;
            print::line("la championne répond à tous");
        }
        CanaryCommand::Replay(arguments) => replay(global, arguments)?,
        CanaryCommand::Apply(arguments) => apply(global, arguments)?,
    }
    Ok(())
}

/// Asks the model API, and gives its answer or its refusal.
async fn ask(
    global: &GlobalArgs,
    method: Method,
    name: &str,
    body: Option<Value>,
) -> Result<Value> {
    let base = services::address(global, Service::ModelApi);
    let client = client(global, &base)?;

    let request = client
        .http()
        .request(method, format!("{base}/v1/admin/{name}"));
    let request = match &body {
        Some(body) => request.json(body),
        None => request,
    };
    let answer = client
        .send(request)
        .await
        .with_context(|| format!("l'API du modèle ne répond pas à {base}"))?;

    let is_done = answer.status().is_success();
    let answer: Value = answer
        .json()
        .await
        .context("la réponse n'est pas du JSON")?;
    ensure!(is_done, "refusé : {}", text(&answer, "detail"));
    Ok(answer)
}

fn client(global: &GlobalArgs, base: &str) -> Result<TokenClient> {
    let state = state::open(&global.state)?;
    let credentials = credentials::read_or_create(state.root())?;
    let http = services::client().timeout(PATIENCE).build()?;

    let config = TokenClientConfig {
        token_url: format!("{base}/oauth/token"),
        client_id: OPERATOR.to_owned(),
        client_secret: Arc::new(FileSecret::of(state.root(), OPERATOR, &credentials)?),
        scope: "model:admin".to_owned(),
    };
    Ok(TokenClient::new(http, config, Arc::new(SystemClock)))
}

/// Prints a canary as the model API tells it.
fn tell(canary: &Value) {
    let outcome = match text(canary, "outcome") {
        "running" => "en cours",
        "promoted" => "promu",
        "rolled_back" => "retiré",
        _ => "arrêté",
    };
    print::line(&format!(
        "{} à côté de {} : {outcome}, {} % des clients, première heure comparée {}",
        text(canary, "version"),
        text(canary, "champion"),
        canary["percent"],
        text(canary, "from"),
    ));

    if canary["verdict"].is_object() {
        let verdict = &canary["verdict"];
        print::line(&format!(
            "{} heures comparées, erreur rapportée à celle de la championne {}, probabilité d’une telle erreur par hasard {}",
            verdict["paired_hours"], verdict["error_ratio"], verdict["worse_by_chance"]
        ));
    }
}

fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name].as_str().unwrap_or_default()
}

fn replay(global: &GlobalArgs, arguments: &ReplayArguments) -> Result<()> {
    let gates = arguments
        .gates
        .clone()
        .unwrap_or_else(|| project::shipped_models().join(FILE_NAME));
    let gates = Gates::read(&gates).context("les bornes du canari ne peuvent être lues")?;
    let history = read_dataset(&arguments.history)?.table;
    let dataset = read_dataset(&arguments.dataset)?.table;

    let runtime = filrouge_onnx_runtime::ensure_runtime(&project::runtime_folder())?;
    let inputs = ReplayInputs {
        canary: &arguments.model,
        champion: &arguments.champion,
        history: &history,
        dataset: &dataset,
        seed: global.seed,
    };
    let replayed = replay_canary(&runtime, &inputs, &gates.canary)?;
    if let Some(path) = &arguments.json {
        write(path, &replayed)?;
    }

    print::line(&report(&replayed));
    Ok(())
}

fn write(path: &Path, replayed: &CanaryReplay) -> Result<()> {
    let json = serde_json::to_string_pretty(replayed).context("le verdict ne s'écrit pas")?;
    replace_file(path, json + "\n")
        .with_context(|| format!("`{}` ne peut être écrit", path.display()))
}

fn report(replayed: &CanaryReplay) -> String {
    let CanaryVerdict {
        days,
        paired_hours,
        error_ratio,
        worse_by_chance,
        significance,
        ..
    } = replayed.verdict;
    let figure = |value: f64| format!("{value:.4}").replace('.', ",");
    let ratio = error_ratio.map_or_else(|| "inconnue".to_owned(), figure);

    let rows = [
        ("version", replayed.version.clone()),
        ("championne", replayed.champion.clone()),
        ("jours entiers", days.to_string()),
        ("heures comparées", paired_hours.to_string()),
        ("erreur rapportée à celle de la championne", ratio),
        (
            "probabilité d’une telle erreur par hasard",
            figure(worse_by_chance),
        ),
        (
            "risque accepté à chaque verdict, dans chaque sens",
            figure(significance),
        ),
        ("verdict", wording(&replayed.verdict).to_owned()),
    ];
    let rows: Vec<_> = rows
        .map(|(name, value)| vec![name.to_owned(), value])
        .into();
    table(&["Canari rejoué", ""], &rows)
}

/// The decision and its reason, in words.
fn wording(verdict: &CanaryVerdict) -> &'static str {
    match (verdict.decision, verdict.reason) {
        (CanaryDecision::Promote, _) => "promue : elle se trompe moins",
        (CanaryDecision::Wait, _) => "ni promue ni retirée : il n’y a pas encore assez d’heures",
        (_, CanaryReason::Worse) => "retirée : elle se trompe davantage",
        (_, CanaryReason::Slower) => "retirée : elle est trop lente",
        (_, CanaryReason::TooFewHours) => "retirée : trop peu d’heures comparées",
        _ => "retirée : rien ne la distingue de la championne",
    }
}

/// Installs and promotes the version, when its verdict says so.
fn apply(global: &GlobalArgs, arguments: &ApplyArguments) -> Result<()> {
    let path = &arguments.verdict;
    let replayed =
        std::fs::read(path).with_context(|| format!("`{}` ne peut être lu", path.display()))?;
    let replayed: CanaryReplay = serde_json::from_slice(&replayed)
        .with_context(|| format!("`{}` n'est pas un verdict de canari", path.display()))?;

    let release = package::verify(&arguments.archive)?;
    ensure!(
        release.version() == replayed.version,
        "le verdict juge la version {}, l'archive est la version {}",
        replayed.version,
        release.version()
    );
    if replayed.verdict.decision != CanaryDecision::Promote {
        let wording = wording(&replayed.verdict);
        print::line(&format!("version {} {wording}", replayed.version));
        return Ok(());
    }

    let models = super::own_models(global, &arguments.folder)?;
    package::install(&arguments.archive, &models)?;
    super::try_out(&models, release.version())?;
    champion::promote(&models, release.version())?;
    print::line(&format!("championne : {}", release.version()));
    Ok(())
}
