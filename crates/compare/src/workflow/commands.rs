//! What the commands of a step are: tests, training, packaging, delivery, or only words.

use super::Step;
use crate::fact::FactKind;

/// What one command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepKind {
    Preparation,
    Test,
    Lint,
    Training,
    Evaluation,
    DataCheck,
    Packaging,
    Delivery,
    /// Runs a program of the submission, named in the command.
    Program,
}

const TESTS: [&str; 18] = [
    "pytest",
    "unittest",
    "manage.py test",
    "npm test",
    "npm run test",
    "yarn test",
    "pnpm test",
    "vitest",
    "jest",
    "cargo test",
    "cargo nextest",
    "tox",
    "nox",
    "go test",
    "mvn test",
    "playwright test",
    "make test",
    "just test",
];
const DELIVERIES: [&str; 38] = [
    "docker push",
    "docker compose push",
    "docker-compose push",
    "kubectl apply",
    "helm upgrade",
    "helm install",
    "gcloud run deploy",
    "gcloud app deploy",
    "az webapp",
    "az containerapp",
    "aws ecs",
    "flyctl deploy",
    "fly deploy",
    "heroku container:release",
    "git push heroku",
    "vercel ",
    "netlify deploy",
    "gh release create",
    "twine upload",
    "ssh ",
    "rsync ",
    "scp ",
    "terraform apply",
    "deploy.sh",
    "render.com/deploy",
    "dvc push",
    "az container ",
    "az functionapp",
    "eb deploy",
    "serverless deploy",
    "docker stack deploy",
    "ansible-playbook",
    "huggingface-cli upload",
    "hf upload",
    "git push dokku",
    "clever deploy",
    "deploy_hook",
    "DEPLOY_HOOK",
];
const DELIVERY_ACTIONS: [&str; 16] = [
    "ssh-action",
    "scp-action",
    "webapps-deploy",
    "action-gh-release",
    "create-release",
    "release-action",
    "deploy-cloudrun",
    "flyctl-actions",
    "pypi-publish",
    "create-pull-request",
    "deploy-pages",
    "heroku-deploy",
    "container-apps-deploy",
    "huggingface",
    "render-deploy",
    "ecs-deploy",
];
const PACKAGES: [&str; 11] = [
    "docker build",
    "docker buildx build",
    "docker compose build",
    "docker-compose build",
    "python -m build",
    "poetry build",
    "podman build",
    "buildah",
    "uv build",
    "az acr build",
    "kaniko/executor",
];
const PREPARATIONS: [&str; 14] = [
    "pip install",
    "npm ci",
    "npm install",
    "poetry install",
    "uv sync",
    "uv pip",
    "pip3 install",
    "conda env",
    "yarn install",
    "apt-get install",
    "pipenv install",
    "pnpm install",
    "npm run build",
    "cargo build",
];
const LINTS: [&str; 15] = [
    "flake8",
    "ruff",
    "black",
    "pylint",
    "mypy",
    "eslint",
    "bandit",
    "safety",
    "isort",
    "clippy",
    "pip-audit",
    "npm run lint",
    "yarn lint",
    "pnpm lint",
    "trivy",
];

/// The commands of a step, by line of its text.
pub(crate) fn step_kinds(step: &Step) -> Vec<(usize, StepKind)> {
    if step.run.is_empty() {
        return action(&step.uses)
            .map(|kind| (0, kind))
            .into_iter()
            .collect();
    }
    step.run
        .lines()
        .enumerate()
        .filter_map(|(index, line)| command(line).map(|kind| (index, kind)))
        .collect()
}

fn action(uses: &str) -> Option<StepKind> {
    let has = |words: &[&str]| words.iter().any(|word| uses.contains(word));
    if has(&["build-push-action", "bake-action"]) {
        Some(StepKind::Packaging)
    } else if has(&DELIVERY_ACTIONS) {
        Some(StepKind::Delivery)
    } else if has(&["setup-", "actions/cache"]) {
        Some(StepKind::Preparation)
    } else {
        None
    }
}

fn command(line: &str) -> Option<StepKind> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') || prints(line) {
        return None;
    }

    let line = without_files(line);
    let line = line.as_str();
    let has = |words: &[&str]| words.iter().any(|word| line.contains(word));
    if has(&PREPARATIONS) {
        return Some(StepKind::Preparation);
    }

    if has(&TESTS) && !line.contains("--version") && !line.contains("--collect-only") {
        return Some(StepKind::Test);
    }

    if has(&DELIVERIES) {
        return Some(StepKind::Delivery);
    }

    if has(&PACKAGES) || (line.contains("compose up") && line.contains("--build")) {
        return Some(StepKind::Packaging);
    }

    if has(&LINTS) {
        return Some(StepKind::Lint);
    }

    if let Some(script) = script(line) {
        let name = script.to_ascii_lowercase();
        let names = |words: &[&str]| words.iter().any(|word| name.contains(word));
        return Some(if names(&["run_test", "test.sh", "tests.sh", "run-test"]) {
            StepKind::Test
        } else if names(&["train", "entrain", "fit_"]) {
            StepKind::Training
        } else if names(&[
            "check_data",
            "data_check",
            "validate_data",
            "data_valid",
            "quality",
            "test_data",
            "qualite",
            "verifier_donnees",
        ]) {
            StepKind::DataCheck
        } else if names(&[
            "eval",
            "valid",
            "gate",
            "seuil",
            "metrics",
            "score",
            "benchmark_model",
        ]) {
            StepKind::Evaluation
        } else {
            StepKind::Program
        });
    }

    if has(&["dvc repro", "mlflow run", "cargo run -- train", "-- train"]) {
        return Some(StepKind::Training);
    }

    if has(&["great_expectations checkpoint", "soda scan", "dbt test"]) {
        return Some(StepKind::DataCheck);
    }
    None
}

/// A command of Docker Compose without the files that it names before its verb: `docker compose -f
/// a.yml build`.
fn without_files(line: &str) -> String {
    if !line.contains("compose ") {
        return line.to_owned();
    }

    let mut words = Vec::new();
    let mut rest = line.split_whitespace();
    while let Some(word) = rest.next() {
        match word {
            "-f" | "--file" | "--env-file" | "-p" | "--project-name" | "--profile" => {
                rest.next();
            }
            _ => words.push(word),
        }
    }

    words.join(" ")
}

/// The program of the submission that a command runs: `python scripts/train.py`, `python -m
/// ml.train`, `bash x.sh`.
pub(crate) fn script(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().skip_while(|word| {
        word.contains('=')
            || word.starts_with('-')
            || ["poetry", "uv", "run", "time", "exec", "sudo", "env"].contains(word)
    });
    let program = words.next()?;
    let is_runner = [
        "python", "python3", "py", "node", "bash", "sh", "npx", "Rscript",
    ]
    .contains(&program);

    if program.starts_with("./") {
        return Some(program);
    }

    if !is_runner {
        return None;
    }

    words
        .find(|word| !word.starts_with('-'))
        .filter(|word| !word.starts_with(['"', '\'']))
}

/// What the text of a script does beside preparing: each work once, in the order of its lines.
pub(crate) fn script_kinds(script: &str) -> Vec<StepKind> {
    let mut found = Vec::new();
    for kind in script.lines().filter_map(command) {
        if !matches!(
            kind,
            StepKind::Preparation | StepKind::Lint | StepKind::Program
        ) && !found.contains(&kind)
        {
            found.push(kind);
        }
    }
    found
}

/// Whether a line only prints: its words are no work.
fn prints(line: &str) -> bool {
    ["echo ", "echo\t", "printf ", "Write-Host", "cat <<"]
        .iter()
        .any(|start| line.starts_with(start))
        && !line.contains("&& ")
}

/// Whether the text of a step has no other command than printing and waiting.
pub(crate) fn is_only_print(run: &str) -> bool {
    let mut lines = run
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .peekable();

    lines.peek().is_some()
        && lines.all(|line| {
            prints(line)
                || ["echo", "true", "exit 0", "fi", "else", "then", "done"].contains(&line)
                || line.starts_with("sleep ")
                || line.starts_with("if ")
                || line.starts_with("date")
                || line.starts_with("VERSION=")
        })
}

/// How a line swallows its failure.
pub(crate) fn swallows(line: &str) -> Option<&'static str> {
    let line = line.trim();
    let after = line.split_once("||").map(|(_, after)| after.trim());
    match after {
        Some(after) if after.starts_with("true") || after.starts_with(':') => Some("|| true"),
        Some(after) if after.starts_with("exit 0") => Some("|| exit 0"),
        Some(after) if after.starts_with("echo") && !after.contains("exit 1") => Some("|| echo"),
        _ if line.contains("--exit-zero") && !line.contains("flake8") => Some("--exit-zero"),
        _ => None,
    }
}

impl StepKind {
    /// The facts of a command, given the words of its job and step.
    pub(crate) fn facts(self, words: &str, line: &str) -> Vec<(FactKind, &'static str)> {
        let words = format!("{words} {line}").to_ascii_lowercase();
        let about = |names: &[&str]| names.iter().any(|name| words.contains(name));

        match self {
            Self::Preparation => vec![(FactKind::JobPreparation, "étape préalable aux tests")],
            Self::Test => {
                let mut found = vec![(FactKind::JobTest, "tests lancés par la chaîne")];
                let is_about_data = about(&["data", "donnee", "dataset", "donnée"]);
                let is_about_model = about(&[
                    "model", "modèle", "modele", "train", " ml", "/ml", "_ml", "mlops",
                ]);

                if is_about_data {
                    found.push((FactKind::JobDataTest, "tests des données dans la chaîne"));
                }

                if is_about_model {
                    found.push((FactKind::JobModelTest, "tests du modèle dans la chaîne"));
                }

                if words.contains("--cov") {
                    found.push((FactKind::CoverageTool, "couverture mesurée dans la chaîne"));
                }
                found
            }
            Self::Lint => vec![(FactKind::JobPreparation, "contrôle du code")],
            Self::Training => vec![(FactKind::JobTraining, "entraînement dans la chaîne")],
            Self::Evaluation => vec![(
                FactKind::JobValidation,
                "évaluation ou validation dans la chaîne",
            )],
            Self::DataCheck => vec![(FactKind::JobDataTest, "contrôle des données dans la chaîne")],
            Self::Packaging => vec![(FactKind::JobPackaging, "empaquetage")],
            Self::Delivery => vec![(FactKind::JobDelivery, "livraison")],
            Self::Program if about(&["train", "entrain"]) => {
                vec![(FactKind::JobTraining, "entraînement dans la chaîne")]
            }
            Self::Program if about(&["evalu", "valid"]) => {
                vec![(
                    FactKind::JobValidation,
                    "évaluation ou validation dans la chaîne",
                )]
            }
            Self::Program => Vec::new(),
        }
    }
}
