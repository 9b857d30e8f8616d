//! The jobs of the chain, played from their declaration: what each one leaves, the next one takes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::commands::{Commands, text};
use crate::{save, town};

/// Days of the data set, of which the last ones are kept from the training.
const DAYS: i64 = 260;
const UNSEEN_DAYS: &str = "10";

#[derive(Deserialize)]
struct Declaration {
    parameters: BTreeMap<String, Parameter>,
    job: Vec<Job>,
}

#[derive(Deserialize)]
struct Parameter {
    variable: String,
}

#[derive(Deserialize)]
struct Job {
    name: String,
    steps: Vec<Vec<String>>,
}

/// The part of a workflow that says when it starts, and in which order its jobs run.
#[derive(Deserialize)]
struct Workflow {
    on: Triggers,
    env: BTreeMap<String, String>,
    jobs: BTreeMap<String, Needs>,
}

#[derive(Deserialize)]
struct Triggers {
    push: Changes,
    pull_request: Changes,
    schedule: Vec<BTreeMap<String, String>>,
    repository_dispatch: Types,
    workflow_dispatch: Inputs,
}

#[derive(Deserialize)]
struct Changes {
    branches: Option<Vec<String>>,
    paths: Vec<String>,
}

#[derive(Deserialize)]
struct Types {
    types: Vec<String>,
}

#[derive(Deserialize)]
struct Inputs {
    inputs: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize)]
struct Needs {
    needs: Option<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap()
}

fn declaration() -> Declaration {
    toml::from_str(&read(".ci/jobs.toml")).unwrap()
}

fn workflow() -> Workflow {
    serde_saphyr::from_str(&read(".github/workflows/model.yml")).unwrap()
}

/// The jobs in the order of their needs.
fn order(workflow: &Workflow) -> Vec<String> {
    let after = |before: Option<&str>| {
        let mut jobs = workflow.jobs.iter();
        let found = jobs.find(|(_, job)| job.needs.as_deref() == before);
        found.map(|(name, _)| name.clone())
    };
    let mut order = vec![after(None).unwrap()];
    while let Some(next) = after(order.last().map(String::as_str)) {
        order.push(next);
    }
    order
}

// Preuve principale: C13.2 les déclencheurs sont intégrés comme ils sont définis : une modification des données, de l’entraînement ou des critères, chaque semaine, une alarme, à la main avec des réglages qui arrivent aux travaux [code : .github/workflows/model.yml]
#[test]
fn the_triggers_are_those_that_are_defined() {
    let workflow = workflow();
    let Triggers {
        push,
        pull_request,
        schedule,
        repository_dispatch,
        workflow_dispatch,
    } = &workflow.on;

    assert_eq!(push.branches.as_deref(), Some(&["main".to_owned()][..]));
    assert_eq!(push.paths, pull_request.paths);
    for changed in ["data/**", "crates/train/**", "models/demand/gates.toml"] {
        assert!(push.paths.iter().any(|path| path == changed), "{changed}");
    }
    assert_eq!(schedule.len(), 1, "once a week");
    // The event of `filrouge model dispatch`: the loop below receives it.
    assert_eq!(repository_dispatch.types, ["model-drift"]);

    // A question of a person becomes a variable, which becomes a parameter of the jobs.
    let parameters = declaration().parameters;
    for input in workflow_dispatch.inputs.keys() {
        let parameter = &parameters[input];
        let value = &workflow.env[&parameter.variable];
        assert_eq!(*value, format!("${{{{ inputs.{input} }}}}"));
    }
    assert_eq!(workflow_dispatch.inputs.len(), 2);
}

// Preuve principale: C13.5 test, entraînement, évaluation et validation du modèle se suivent dans la chaîne, sans erreur, jusqu’à la version signée et promue [code : .ci/jobs.toml]
#[test]
fn the_jobs_follow_one_another_from_the_data_to_a_promoted_version() {
    let Some(commands) = Commands::new() else {
        return;
    };
    let town = town::Town::usual();
    let given = commands.path("given");
    std::fs::create_dir_all(&given).unwrap();
    let dataset = given.join("station_hours.parquet");
    let days = town.between(town::start(), town::start() + 24 * DAYS);
    save(&dataset, &days);
    let stations = serde_json::to_vec(town.stations()).unwrap();
    std::fs::write(given.join("stations.json"), stations).unwrap();

    let run = commands.path("run");
    let jobs = declaration().job;
    let order = order(&workflow());
    for name in &order {
        let job = jobs.iter().find(|job| job.name == *name).unwrap();
        for step in &job.steps {
            play(&commands, &run, &dataset, step);
        }
    }

    assert_eq!(
        order,
        [
            "data-test",
            "train",
            "evaluate",
            "gate",
            "package-model",
            "canary",
            "promote-model"
        ]
    );
    for left in [
        "station_hours.parquet.sha256",
        "dataset.json",
        "candidate/MODEL_CARD.md",
        "evaluation.json",
        "gate.json",
        "release.tar.minisig",
        "canary.json",
    ] {
        assert!(run.join(left).is_file(), "{left}");
    }
    let secrets = std::fs::read_dir(&run).unwrap().filter(|entry| {
        let path = entry.as_ref().unwrap().path();
        path.extension().is_some_and(|extension| extension == "key")
    });
    assert_eq!(secrets.count(), 0, "no secret key goes from job to job");
}

/// Plays a step as `cargo xtask ci` does.
fn play(commands: &Commands, run: &Path, dataset: &Path, step: &[String]) {
    let fill = |word: &String| {
        word.replace("{run}", text(run))
            .replace("{unseen_days}", UNSEEN_DAYS)
            .replace("{rows}", "20000")
    };
    let words: Vec<_> = step.iter().map(fill).collect();
    let (program, arguments) = words.split_first().unwrap();
    // The gates of another commit are the business of git.
    if program == "cargo" {
        return;
    }

    let mut command = if program == "filrouge" {
        Command::new(env!("CARGO_BIN_EXE_filrouge"))
    } else {
        Command::new(root().join(program))
    };
    command
        .args(arguments)
        .current_dir(root())
        .env("FILROUGE_PROGRAM", env!("CARGO_BIN_EXE_filrouge"))
        .env("FILROUGE_DATASET", dataset)
        .env("FILROUGE_STATE", commands.state())
        .env("FILROUGE_STORE", commands.path("objects"))
        .env_remove("FILROUGE_SIGNING_KEY");
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{words:?}\n{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

// Preuve principale: C13.7 la page dit d’installer, de configurer et de tester la chaîne : ses commandes sont les travaux qui viennent d’être joués, dans leur ordre [code : docs/chaines/modele.md]
#[test]
fn the_page_names_the_jobs_in_their_order() {
    let page = read("docs/chaines/modele.md");
    let named: Vec<_> = page
        .lines()
        .filter_map(|line| line.strip_prefix("cargo xtask ci "))
        .collect();
    assert_eq!(named, order(&workflow()));

    for question in workflow().on.workflow_dispatch.inputs.keys() {
        let variable = &declaration().parameters[question].variable;
        assert!(page.contains(&format!("`{variable}`")), "{variable}");
    }
    assert!(page.contains("`.ci/install`"));
}
