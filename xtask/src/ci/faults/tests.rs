use super::*;

/// A sound workflow, of one job.
const SOUND: &str = "name: a
on:
  push: {branches: [main]}
  schedule: [{cron: '17 3 * * *'}]
  repository_dispatch: {types: [drift-alarm]}
  workflow_dispatch: {inputs: {rows: {type: number}}}
permissions: {}
concurrency: {group: a}
jobs:
  tests:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: {contents: read}
    steps:
      - name: Play
        run: cargo xtask ci tests
";

/// The faults of the sound workflow after one change of its text.
fn faults(from: &str, to: &str) -> Vec<String> {
    let text = SOUND.replace(from, to);
    assert_ne!(text, SOUND, "{from}");
    faults_of(&text)
}

fn faults_of(text: &str) -> Vec<String> {
    let mut workflow = WorkflowFile::parse(text).unwrap();
    workflow.path = "a.yml".to_owned();

    let mut faults = bounds(&workflow);
    faults.extend(steps::faults(&workflow));
    faults.extend(triggers::faults(&workflow).unwrap());
    faults
}

/// The step with other commands, one a line.
fn faults_of_commands(commands: &str) -> Vec<String> {
    let lines = commands.replace('\n', "\n          ");
    faults(
        "run: cargo xtask ci tests",
        &format!("run: |\n          {lines}"),
    )
}

#[test]
fn a_sound_workflow_has_no_fault() {
    assert_eq!(faults_of(SOUND), [""; 0]);
}

// Preuve: C18.4 une étape qui ne peut pas échouer est refusée : un test qui échoue arrête la chaîne
#[test]
fn a_step_that_cannot_fail_is_told() {
    for (commands, told) in [
        ("cargo test || true", "`|| true` hides a failure"),
        ("cargo test ||\n  :", "`|| :` hides a failure"),
        ("cargo test; true", "`; true` hides a failure"),
        ("set +e\ncargo test", "`set +e` hides a failure"),
        ("cargo test\nexit 0", "`exit 0` hides a failure"),
        (
            "# deploys\necho deployed",
            "it only prints, and cannot fail",
        ),
        (
            "cargo test | tee log",
            "without `shell: bash`, only the last command of a pipe can fail: `cargo test | tee log`",
        ),
        (
            "echo \"jobs=$(./list)\" >> \"$GITHUB_OUTPUT\"",
            "the failure of the command in `$(…)` is lost: `echo \"jobs=$(./list)\" >> \"$GITHUB_OUTPUT\"`",
        ),
    ] {
        assert_eq!(
            faults_of_commands(commands),
            [format!("`a.yml`: job `tests`, step « Play »: {told}")]
        );
    }

    assert_eq!(
        faults(
            "name: Play\n",
            "name: Play\n        continue-on-error: true\n"
        ),
        ["`a.yml`: job `tests`, step « Play »: `continue-on-error` hides its failure"]
    );
}

#[test]
fn a_value_handed_to_the_forge_and_a_pipe_of_bash_pass() {
    assert_eq!(
        faults_of_commands("echo /opt/bin >> \"$GITHUB_PATH\""),
        [""; 0]
    );
    assert_eq!(
        faults(
            "name: Play\n        run: cargo xtask ci tests",
            "name: Play\n        shell: bash\n        run: ls | wc -l"
        ),
        [""; 0]
    );
}

#[test]
fn a_job_that_runs_after_a_failure_is_told_unless_it_judges_one() {
    let always = "timeout-minutes: 5\n    if: always()";
    assert_eq!(
        faults("timeout-minutes: 5", always),
        ["`a.yml`: job `tests`: `if: always()` runs it after a failure, and it does not judge one"]
    );

    let judge = SOUND
        .replace("timeout-minutes: 5", always)
        .replace("cargo xtask ci tests", ".ci/verdict");
    assert_eq!(faults_of(&judge), [""; 0]);
}

// Preuve: C13.2 une condition sur un déclencheur qui n’est pas déclaré est refusée
// Preuve: C18.1 de même, un travail qui attend un déclencheur absent
#[test]
fn a_job_that_waits_for_what_is_not_declared_is_told() {
    for (condition, told) in [
        ("github.event_name == 'release'", "trigger `release`"),
        ("github.event.action == 'drift'", "type of event `drift`"),
        ("github.event.schedule == '0 0 * * *'", "hour `0 0 * * *`"),
        ("inputs.days > 3", "input `days`"),
        (
            "github.event.pull_request.draft",
            "pull request, as `pull_request`",
        ),
        (
            "startsWith(github.ref, 'refs/tags/')",
            "push of a tag, as `refs/tags/`",
        ),
    ] {
        let waiting = format!("timeout-minutes: 5\n    if: {condition}");
        assert_eq!(
            faults("timeout-minutes: 5", &waiting),
            [format!(
                "`a.yml`: job `tests` waits for the {told}, which `on` does not declare"
            )]
        );
    }
}

#[test]
fn conditions_on_what_is_declared_pass() {
    for condition in [
        "github.event_name == 'repository_dispatch' && github.event.client_payload.status == 'firing'",
        "github.event.action == 'drift-alarm'",
        "github.event.schedule == '17 3 * * *'",
        "inputs.rows > 3",
    ] {
        let waiting = format!("timeout-minutes: 5\n    if: {condition}");
        assert_eq!(
            faults("timeout-minutes: 5", &waiting),
            [""; 0],
            "{condition}"
        );
    }
}

#[test]
fn rights_and_times_that_nobody_bounded_are_told() {
    for (from, to, told) in [
        (
            "permissions: {}\n",
            "permissions: {contents: write}\n",
            "`a.yml`: the top has no `permissions: {}`; each job asks for its own rights",
        ),
        (
            "concurrency: {group: a}\n",
            "",
            "`a.yml`: there is no `concurrency`",
        ),
        (
            "    timeout-minutes: 5\n",
            "",
            "`a.yml`: job `tests` has no `timeout-minutes`",
        ),
        (
            "    permissions: {contents: read}\n",
            "",
            "`a.yml`: job `tests` does not say its `permissions`",
        ),
    ] {
        assert_eq!(faults(from, to), [told]);
    }
}

#[test]
fn a_figure_beside_the_name_of_a_gate_is_that_of_the_gate() {
    let gates = [
        ("lowest_skill".to_owned(), vec![0.0]),
        ("most_bytes".to_owned(), vec![5_000_000.0]),
    ]
    .into();
    let told = |line| gate_figures::of_line(line, &gates).unwrap();

    for line in [
        "| `lowest_skill` | 0,0 |",
        "most_bytes: 5_000_000",
        "`lowest_skill` est la part évitée",
        "lowest_skill = 0.0",
    ] {
        assert_eq!(told(line), None, "{line}");
    }
    for line in [
        "| `lowest_skill` | 0,1 |",
        "lowest_skill: -0.5",
        "`most_bytes` = 6000000",
    ] {
        assert!(told(line).is_some(), "{line}");
    }
}
