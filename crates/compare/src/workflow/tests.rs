use super::{Workflow, read, settle_calls};
use crate::fact::FactKind;
use crate::limits::{SHARED_LINES, SHARING_JOBS};
use crate::yaml;

fn workflow(text: &str) -> Workflow {
    read(".github/workflows/ci.yml", &yaml::read(text))
}

fn facts(text: &str) -> Vec<(FactKind, usize, bool)> {
    super::facts(&workflow(text))
        .into_iter()
        .map(|fact| (fact.kind, fact.line, fact.exercised))
        .collect()
}

#[test]
fn each_command_of_a_job_is_what_it_does() {
    let text = "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          pip install -r requirements.txt\n          pytest --cov\n      - run: python scripts/train.py\n      - uses: docker/build-push-action@v6\n";
    let expected = [
        (FactKind::JobTrigger, 1, true),
        (FactKind::JobPreparation, 6, true),
        (FactKind::JobTest, 7, true),
        (FactKind::CoverageTool, 7, true),
        (FactKind::JobTraining, 8, true),
        (FactKind::JobPackaging, 9, true),
    ];
    assert_eq!(facts(text), expected);
}

#[test]
fn what_cannot_fail_is_not_exercised() {
    let text = "on: push\njobs:\n  a:\n    steps:\n      - run: pytest || true\n";
    assert_eq!(facts(text)[1..], [(FactKind::JobTest, 5, false)]);
}

#[test]
fn a_job_never_starts_on_an_event_that_nobody_sends() {
    let never = |on: &str, condition: &str| {
        let text = format!("on:\n{on}jobs:\n  a:\n    if: {condition}\n    steps: []\n");
        let workflow = workflow(&text);
        workflow.never_starts(&workflow.jobs[0]).is_some()
    };
    assert!(never("  push:\n", "github.event_name == 'schedule'"));
    assert!(!never(
        "  push:\n  schedule:\n",
        "github.event_name == 'schedule'"
    ));

    assert!(!never(
        "  push:\n",
        "github.event_name == 'schedule' || github.event_name == 'push'"
    ));
    assert!(never(
        "  push:\n    branches: [main]\n",
        "startsWith(github.ref, 'refs/tags/')"
    ));

    assert!(!never("  push:\n", "startsWith(github.ref, 'refs/tags/')"));
    assert!(never(
        "  push:\n    branches: [dev]\n",
        "github.ref == 'refs/heads/main'"
    ));
    assert!(!never(
        "  push:\n    branches: [main]\n",
        "github.ref == 'refs/heads/main'"
    ));
}

#[test]
fn a_delivery_that_prints_is_told_from_one_that_delivers() {
    let prints = |steps: &str| {
        let text = format!("on: push\njobs:\n  deploy:\n    steps:\n{steps}");
        workflow(&text).jobs[0].only_prints_a_delivery()
    };

    assert!(prints(
        "      - run: |\n          echo \"deploying\"\n          sleep 2\n"
    ));
    assert!(!prints(
        "      - run: echo start\n      - run: kubectl apply -f k8s\n"
    ));
    assert!(!prints(
        "      - uses: docker/build-push-action@v6\n      - name: Résumé du déploiement\n        run: echo done\n"
    ));
}

#[test]
fn gitlab_jobs_are_read_with_their_sources() {
    let text = "workflow:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == \"schedule\"\ntests:\n  script:\n    - pytest\n  allow_failure: true\nnight:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == \"web\"\n  script: [python train.py]\n";
    let workflow = read(".gitlab-ci.yml", &yaml::read(text));
    assert_eq!(workflow.jobs[0].steps[0].may_fail, Some(7));
    assert_eq!(
        workflow.never_starts(&workflow.jobs[1]).as_deref(),
        Some("web")
    );
}

#[test]
fn a_file_named_before_the_verb_of_compose_changes_nothing() {
    let text = "on: push\njobs:\n  a:\n    steps:\n      - run: docker compose -f infra/compose.yml build\n      - run: docker compose --profile api up -d --build\n      - run: docker compose -f infra/compose.yml push\n";
    let expected = [
        (FactKind::JobPackaging, 5, true),
        (FactKind::JobPackaging, 6, true),
        (FactKind::JobDelivery, 7, true),
    ];
    assert_eq!(facts(text)[1..], expected);
}

#[test]
fn a_pipeline_that_waits_to_be_called_is_a_word_until_one_calls_it() {
    let waiting = "on:\n  workflow_call:\njobs:\n  a:\n    steps:\n      - run: pytest\n";
    let caller = "on: push\njobs:\n  b:\n    uses: ./.github/workflows/ci.yml\n";

    let settled = |texts: &[(&str, &str)]| {
        let mut all: Vec<Workflow> = texts
            .iter()
            .map(|(path, text)| read(path, &yaml::read(text)))
            .collect();
        settle_calls(&mut all);

        super::facts(&all[0])
            .iter()
            .any(|fact| fact.kind == FactKind::JobTest && fact.exercised)
    };

    assert!(!settled(&[(".github/workflows/ci.yml", waiting)]));
    assert!(settled(&[
        (".github/workflows/ci.yml", waiting),
        (".github/workflows/cd.yml", caller)
    ]));
}

#[test]
fn pipelines_of_azure_circle_and_jenkins_are_read_in_their_own_words() {
    let azure = "trigger: [main]\njobs:\n  - job: a\n    steps:\n      - script: pytest\n      - task: Docker@2\n        inputs:\n          command: buildAndPush\n";
    let circle = "version: 2.1\njobs:\n  a:\n    steps:\n      - checkout\n      - run: pip install -r requirements.txt\n      - run:\n          name: Tests\n          command: pytest\n";
    let groovy = "pipeline {\n  stages {\n    stage('Tests') {\n      steps {\n        sh 'pytest'\n        sh '''\n          docker build -t a .\n          docker push a\n        '''\n      }\n    }\n  }\n}\n";

    let kinds = |workflow: Workflow| -> Vec<(FactKind, usize)> {
        super::facts(&workflow)
            .iter()
            .filter(|fact| fact.exercised)
            .skip(1)
            .map(|fact| (fact.kind, fact.line))
            .collect()
    };

    assert_eq!(
        kinds(read("azure-pipelines.yml", &yaml::read(azure))),
        [(FactKind::JobTest, 5), (FactKind::JobPackaging, 6)]
    );
    assert_eq!(
        kinds(read(".circleci/config.yml", &yaml::read(circle))),
        [(FactKind::JobPreparation, 6), (FactKind::JobTest, 9)]
    );

    assert_eq!(
        kinds(super::jenkins("Jenkinsfile", groovy)),
        [
            (FactKind::JobTest, 5),
            (FactKind::JobPackaging, 7),
            (FactKind::JobDelivery, 8)
        ]
    );
}

#[test]
fn lines_that_stand_before_every_job_are_not_copied_into_each_without_end() {
    let steps = |count: usize| {
        let shared = "  - pip install x\n".repeat(count);
        let jobs: String = (0..count)
            .map(|at| format!("j{at}:\n  script: pytest\n"))
            .collect();
        let text = format!("before_script:\n{shared}\n{jobs}");
        read(".gitlab-ci.yml", &yaml::read(&text)).steps().count()
    };
    assert_eq!(steps(10), 10 + 10 * 10);
    assert_eq!(steps(2_000), 2_000 + SHARED_LINES * SHARING_JOBS);
}

#[test]
fn each_command_of_one_line_counts() {
    use FactKind::{JobDelivery, JobPackaging, JobPreparation, JobTest};

    let table: [(&str, &[(FactKind, bool)]); 9] = [
        (
            "pip install -r requirements.txt && pytest",
            &[(JobPreparation, true), (JobTest, true)],
        ),
        (
            "npm ci; npm test",
            &[(JobPreparation, true), (JobTest, true)],
        ),
        (
            "docker build -t app . && docker push ghcr.io/lea/app",
            &[(JobPackaging, true), (JobDelivery, true)],
        ),
        // What swallows a failure swallows that of every command that leads to it.
        (
            "pip install pytest && pytest || true",
            &[(JobPreparation, false), (JobTest, false)],
        ),
        (
            "flake8 . || true; pytest",
            &[(JobPreparation, false), (JobTest, true)],
        ),
        ("if [ -d tests ]; then pytest; fi", &[(JobTest, true)]),
        // Words between quotes are no commands of this machine.
        ("echo \"pip install && pytest; docker push\"", &[]),
        ("if true; then echo pytest; fi", &[]),
        (
            "ssh hote \"docker compose pull && docker compose up\"",
            &[(JobDelivery, true)],
        ),
    ];
    for (run, expected) in table {
        let text = format!("on: push\njobs:\n  a:\n    steps:\n      - run: '{run}'\n");
        let found: Vec<_> = facts(&text)[1..]
            .iter()
            .map(|(kind, _, exercised)| (*kind, *exercised))
            .collect();
        assert_eq!(found, expected, "{run}");
    }
}
