use super::{Workflow, read};
use crate::compare::fact::Tag;
use crate::compare::yaml;

fn workflow(text: &str) -> Workflow {
    read(".github/workflows/ci.yml", &yaml::read(text))
}

fn facts(text: &str) -> Vec<(Tag, usize, bool)> {
    workflow(text).facts().into_iter().map(|fact| (fact.tag, fact.line, fact.exercised)).collect()
}

#[test]
fn each_command_of_a_job_is_what_it_does() {
    let text = "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          pip install -r requirements.txt\n          pytest --cov\n      - run: python scripts/train.py\n      - uses: docker/build-push-action@v6\n";
    let expected = [
        (Tag::JobTrigger, 1, true),
        (Tag::JobPreparation, 6, true),
        (Tag::JobTest, 7, true),
        (Tag::CoverageTool, 7, true),
        (Tag::JobTraining, 8, true),
        (Tag::JobPackaging, 9, true),
    ];
    assert_eq!(facts(text), expected);
}

#[test]
fn what_cannot_fail_is_not_exercised() {
    let text = "on: push\njobs:\n  a:\n    steps:\n      - run: pytest || true\n";
    assert_eq!(facts(text)[1..], [(Tag::JobTest, 5, false)]);
}

#[test]
fn a_job_never_starts_on_an_event_that_nobody_sends() {
    let never = |on: &str, condition: &str| {
        let text = format!("on:\n{on}jobs:\n  a:\n    if: {condition}\n    steps: []\n");
        let workflow = workflow(&text);
        workflow.never_starts(&workflow.jobs[0]).is_some()
    };
    assert!(never("  push:\n", "github.event_name == 'schedule'"));
    assert!(!never("  push:\n  schedule:\n", "github.event_name == 'schedule'"));
    assert!(!never("  push:\n", "github.event_name == 'schedule' || github.event_name == 'push'"));
    assert!(never("  push:\n    branches: [main]\n", "startsWith(github.ref, 'refs/tags/')"));
    assert!(!never("  push:\n", "startsWith(github.ref, 'refs/tags/')"));
    assert!(never("  push:\n    branches: [dev]\n", "github.ref == 'refs/heads/main'"));
    assert!(!never("  push:\n    branches: [main]\n", "github.ref == 'refs/heads/main'"));
}

#[test]
fn a_delivery_that_prints_is_told_from_one_that_delivers() {
    let prints = |steps: &str| {
        let text = format!("on: push\njobs:\n  deploy:\n    steps:\n{steps}");
        workflow(&text).jobs[0].only_prints_a_delivery()
    };
    assert!(prints("      - run: |\n          echo \"deploying\"\n          sleep 2\n"));
    assert!(!prints("      - run: echo start\n      - run: kubectl apply -f k8s\n"));
    assert!(!prints(
        "      - uses: docker/build-push-action@v6\n      - name: Résumé du déploiement\n        run: echo done\n"
    ));
}

#[test]
fn gitlab_jobs_are_read_with_their_sources() {
    let text = "workflow:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == \"schedule\"\ntests:\n  script:\n    - pytest\n  allow_failure: true\nnight:\n  rules:\n    - if: $CI_PIPELINE_SOURCE == \"web\"\n  script: [python train.py]\n";
    let workflow = read(".gitlab-ci.yml", &yaml::read(text));
    assert_eq!(workflow.jobs[0].steps[0].may_fail, Some(7));
    assert_eq!(workflow.never_starts(&workflow.jobs[1]).as_deref(), Some("web"));
}
