use crate::model::FindingKind;
use crate::tests::findings;

fn codes(files: &[(&str, &str)]) -> Vec<(FindingKind, usize)> {
    findings(files)
        .into_iter()
        .map(|(code, _, line)| (code, line))
        .collect()
}

#[test]
fn a_test_that_checks_nothing_or_only_its_own_mock_is_asked_about() {
    let test = "from unittest.mock import MagicMock\nfrom app.main import run\n\ndef test_silent():\n    run()\n\ndef test_true():\n    assert True\n\ndef test_mock():\n    model = MagicMock()\n    model.predict.return_value = 1\n    assert model.predict(2) == 1\n\ndef test_real():\n    assert run() == 1\n";
    let found = codes(&[
        ("app/main.py", "def run():\n    return 1\n"),
        ("tests/test_main.py", test),
    ]);

    assert_eq!(
        found,
        [
            (FindingKind::TestWithoutAssertion, 4),
            (FindingKind::TestWithoutAssertion, 7),
            (FindingKind::TestAllMocked, 10)
        ]
    );
}

#[test]
fn a_test_that_a_helper_checks_for_is_left_alone() {
    let test = "def check(x):\n    assert x == 1\n\ndef test_it():\n    check(1)\n";
    assert!(codes(&[("tests/test_main.py", test)]).is_empty());
}

#[test]
fn a_step_that_cannot_fail_is_asked_about_and_a_cleaning_is_not() {
    let ci = "on: push\njobs:\n  a:\n    steps:\n      - run: pytest || true\n      - run: docker rm -f x || true\n      - run: ls data || true\n      - run: ruff check .\n        continue-on-error: true\n";
    let found = codes(&[
        (".github/workflows/ci.yml", ci),
        ("tests/test_a.py", "def test_a():\n    assert f() == 1\n"),
    ]);
    assert_eq!(
        found,
        [
            (FindingKind::StepCannotFail, 5),
            (FindingKind::StepCannotFail, 9)
        ]
    );
}

#[test]
fn an_alert_without_a_receiver_is_asked_about() {
    let rules = (
        "rules.yml",
        "groups:\n  - name: g\n    rules:\n      - alert: Down\n        expr: up == 0\n",
    );
    assert_eq!(codes(&[rules]), [(FindingKind::AlertReachesNobody, 4)]);
    let team = (
        "alertmanager.yml",
        "route:\n  receiver: team\nreceivers:\n  - name: team\n    email_configs:\n      - to: a\n",
    );
    assert!(codes(&[rules, team]).is_empty());
}

#[test]
fn a_variable_where_nothing_expands_it_is_asked_about() {
    let alert = "route:\n  receiver: a\nreceivers:\n  - name: a\n    slack_configs:\n      - api_url: ${SLACK_URL}\n";

    assert_eq!(
        codes(&[("alertmanager.yml", alert)]),
        [(FindingKind::VariableCannotExpand, 6)]
    );

    let docker = "FROM python\nCMD [\"uvicorn\", \"--port\", \"$PORT\"]\n";

    assert_eq!(
        codes(&[("Dockerfile", docker)]),
        [(FindingKind::VariableCannotExpand, 2)]
    );

    assert!(
        codes(&[(
            "Dockerfile",
            "FROM python\nCMD [\"sh\", \"-c\", \"uvicorn --port $PORT\"]\n"
        )])
        .is_empty()
    );
}

#[test]
fn a_drift_detector_without_a_statistic_is_asked_about() {
    let bare = "def detect_drift(a, b):\n    log(a)\n    return {'drift': False}\n";
    assert_eq!(
        codes(&[("drift.py", bare)]),
        [(FindingKind::DriftWithoutStatistic, 1)]
    );
    let real = "from scipy.stats import ks_2samp\n\ndef detect_drift(a, b):\n    return ks_2samp(a, b).pvalue < 0.05\n";
    assert!(codes(&[("drift.py", real)]).is_empty());
}

#[test]
fn training_that_flatters_itself_is_asked_about() {
    let leak = "COLUMNS = ['a', 'price']\nX = df[COLUMNS]\ny = df['price']\nmodel.fit(X, y)\n";
    assert_eq!(
        codes(&[("train.py", leak)]),
        [(FindingKind::TargetInFeatures, 1)]
    );

    let honest = "X = df.drop(columns=['price'])\ny = df['price']\nmodel.fit(X, y)\n";
    assert!(codes(&[("train.py", honest)]).is_empty());

    let judged = "from sklearn.metrics import r2_score\nmodel.fit(X_train, y_train)\nprint(r2_score(y_train, model.predict(X_train)))\n";

    assert_eq!(
        codes(&[("train.py", judged)]),
        [(FindingKind::EvaluatedOnTrainingData, 3)]
    );

    let both = format!("{judged}print(r2_score(y_test, model.predict(X_test)))\n");
    assert!(codes(&[("train.py", &both)]).is_empty());

    let shuffled = "df['date'] = pd.to_datetime(df['date'])\ndf['lag_1'] = df['y'].shift(1)\na, b = train_test_split(df, test_size=0.2)\n";

    assert_eq!(
        codes(&[("train.py", shuffled)]),
        [(FindingKind::RandomSplitOfTimeSeries, 3)]
    );
    assert!(codes(&[("train.py", &shuffled.replace("0.2)", "0.2, shuffle=False)"))]).is_empty());
}

#[test]
fn a_score_near_perfection_is_asked_about_and_a_threshold_is_not() {
    assert_eq!(
        codes(&[("README.md", "# x\nAccuracy : 99,8 %\n")]),
        [(FindingKind::ScoreTooGood, 2)]
    );
    assert!(
        codes(&[(
            "README.md",
            "# x\nAccuracy : 87 %\nUn R² de 0,99 serait suspect.\n"
        )])
        .is_empty()
    );
}

#[test]
fn a_secret_is_found_and_never_repeated() {
    let secret = "q9Zx27LmPa83Vt5Rk1";
    let files = [(
        "app/config.py",
        format!("import os\nJWT_SECRET = \"{secret}\"\nDB_PASSWORD = os.getenv(\"DB_PASSWORD\")\n"),
    )];
    let read = crate::tests::submission(&[(files[0].0, &files[0].1)]);

    assert_eq!(
        read.red_flags
            .iter()
            .map(|one| (one.kind, one.line))
            .collect::<Vec<_>>(),
        [(FindingKind::CommittedSecret, 2)]
    );

    assert!(!serde_json::to_string(&read).unwrap().contains(secret));

    for placeholder in [
        "SECRET_KEY = \"change-me-in-production-123\"\n",
        "API_KEY = \"your-api-key-12345678\"\n",
        "TOKEN_URL = \"a1b2c3d4e5f6a7b8c9\"\n",
    ] {
        assert!(
            codes(&[("app/config.py", placeholder)]).is_empty(),
            "{placeholder}"
        );
    }
}

#[test]
fn rows_about_persons_are_asked_about_and_invented_ones_are_not() {
    let rows = "nom,email\nA,a@mail.fr\nB,b@mail.fr\n";

    assert_eq!(
        codes(&[("data/clients.csv", rows)]),
        [(FindingKind::PersonalData, 2)]
    );
    assert!(codes(&[("data/clients_fictifs.csv", rows)]).is_empty());

    assert!(
        codes(&[(
            "data/clients.csv",
            "nom,email\nA,a@example.org\nB,b@example.org\n"
        )])
        .is_empty()
    );
}

#[test]
fn what_a_page_says_and_the_tree_denies_is_asked_about() {
    let page = "# Projet\nVoir `docs/mcd.md`.\n`GET /films` exige un jeton JWT.\nRefusé si le F1 est sous 0,90.\n";
    let api = "@app.get('/films')\ndef films():\n    return 1\n\nMIN_F1 = 0.7\n";
    let found = findings(&[("README.md", page), ("api.py", api)]);
    let seen: Vec<(FindingKind, &str, usize)> = found
        .iter()
        .map(|(code, path, line)| (*code, path.as_str(), *line))
        .collect();

    assert_eq!(
        seen,
        [
            (FindingKind::GateNumbersDiffer, "README.md", 4),
            (FindingKind::NamedButAbsent, "README.md", 2),
            (FindingKind::EndpointUnprotected, "api.py", 1)
        ]
    );
}

fn swallowed(path: &str, text: &str) -> Vec<usize> {
    let test = ("tests/test_a.py", "def test_a():\n    assert f() == 1\n");
    let found = codes(&[(path, text), test]).into_iter();
    found
        .filter(|(kind, _)| *kind == FindingKind::StepCannotFail)
        .map(|(_, line)| line)
        .collect()
}

#[test]
fn a_failure_that_starts_a_rollback_is_not_swallowed() {
    const CI: &str = ".github/workflows/ci.yml";
    let deploy = "on: push\njobs:\n  a:\n    steps:\n      - id: deploy\n        run: kubectl apply -f k8s\n        continue-on-error: true\n";
    assert_eq!(swallowed(CI, deploy), [7]);

    for rollback in [
        "      - if: steps.deploy.outcome == 'failure'\n        run: kubectl rollout undo x\n",
        "      - if: ${{ steps.deploy.outcome != 'success' }}\n        run: kubectl rollout undo x\n",
        "      - run: test \"${{ steps.deploy.outcome }}\" = success\n",
        "      - run: ./rollback.sh\n        env:\n          RESULT: ${{ steps.deploy.outcome }}\n",
    ] {
        assert_eq!(
            swallowed(CI, &format!("{deploy}{rollback}")),
            [0; 0],
            "{rollback}"
        );
    }
    for other in [
        "      - if: steps.deploy.outcome == 'success'\n        run: ./tell.sh\n",
        "      - if: steps.build.outcome == 'failure'\n        run: ./tell.sh\n",
    ] {
        assert_eq!(swallowed(CI, &format!("{deploy}{other}")), [7], "{other}");
    }
}

#[test]
fn what_runs_after_a_failure_swallows_none_on_any_forge() {
    let github = "on: push\njobs:\n  a:\n    steps:\n      - run: pytest\n      - if: failure()\n        run: kubectl apply -f old || true\n  b:\n    needs: a\n    if: always() && needs.a.result == 'failure'\n    steps:\n      - run: kubectl apply -f old || true\n";
    let job = "on: push\njobs:\n  a:\n    continue-on-error: true\n    steps:\n      - run: kubectl apply -f k8s\n  b:\n    needs: a\n    if: needs.a.result == 'failure'\n    steps:\n      - run: kubectl apply -f old\n";
    let gitlab = "deploy:\n  script: [kubectl apply -f k8s]\nrollback:\n  when: on_failure\n  allow_failure: true\n  script: [kubectl apply -f old]\n";
    let jenkins = "pipeline {\n  stages {\n    stage('Deploy') {\n      steps {\n        sh 'kubectl apply -f k8s'\n      }\n    }\n  }\n  post {\n    failure {\n      sh 'kubectl apply -f old || true'\n    }\n  }\n}\n";
    let circle = "jobs:\n  a:\n    steps:\n      - run: pytest\n      - run:\n          when: on_fail\n          command: kubectl apply -f old || true\n";
    let azure = "steps:\n  - script: pytest\n  - script: kubectl apply -f old\n    condition: failed()\n    continueOnError: true\n";

    for (path, text) in [
        (".github/workflows/ci.yml", github),
        (".github/workflows/ci.yml", job),
        (".gitlab-ci.yml", gitlab),
        ("Jenkinsfile", jenkins),
        (".circleci/config.yml", circle),
        ("azure-pipelines.yml", azure),
    ] {
        assert_eq!(swallowed(path, text), [0; 0], "{path} {text}");
    }

    // The order of the jobs, and the place of the words in the file, change nothing.
    let first = "rollback:\n  stage: .post\n  when: on_failure\n  allow_failure: true\n  script: [kubectl apply -f old]\ndeploy:\n  script: [kubectl apply -f k8s]\n";
    let ruled = "rollback:\n  rules:\n    - if: $CI_COMMIT_TAG\n      when: never\n    - when: on_failure\n      allow_failure: true\n  script: [kubectl apply -f old]\n";
    let inherited = "rollback:\n  when: on_failure\n  allow_failure: true\n  rules:\n    - if: $CI_COMMIT_BRANCH\n  script: [kubectl apply -f old]\n";
    for gitlab in [first, ruled, inherited] {
        assert_eq!(swallowed(".gitlab-ci.yml", gitlab), [0; 0], "{gitlab}");
    }
    let stage = "stages:\n  - stage: deploy\n    jobs:\n      - job: a\n        steps:\n          - script: pytest\n  - stage: rollback\n    condition: failed()\n    jobs:\n      - job: b\n        steps:\n          - script: kubectl apply -f old\n            continueOnError: true\n";
    assert_eq!(swallowed("azure-pipelines.yml", stage), [0; 0]);

    // The same commands elsewhere hide their failure.
    assert_eq!(
        swallowed(
            "azure-pipelines.yml",
            &stage.replace("failed()", "always()")
        ),
        [13]
    );
    let ruled = ruled.replace("when: on_failure", "when: always");
    assert_eq!(swallowed(".gitlab-ci.yml", &ruled), [6]);
    let inherited = inherited.replace(
        "$CI_COMMIT_BRANCH\n",
        "$CI_COMMIT_BRANCH\n      when: always\n",
    );
    assert_eq!(swallowed(".gitlab-ci.yml", &inherited), [3]);
    // GitLab counts as a success a failure that is allowed: it starts no rollback.
    let watched = "deploy:\n  script: [kubectl apply -f k8s]\n  allow_failure: true\nrollback:\n  when: on_failure\n  script: [kubectl apply -f old]\n";
    assert_eq!(swallowed(".gitlab-ci.yml", watched), [3]);
    let always = github.replace("if: failure()", "if: always()");
    assert_eq!(swallowed(".github/workflows/ci.yml", &always), [7]);
    let cleanup = jenkins.replace("failure {", "always {");
    assert_eq!(swallowed("Jenkinsfile", &cleanup), [11]);
    let manual = gitlab.replace("on_failure", "manual");
    assert_eq!(swallowed(".gitlab-ci.yml", &manual), [5]);
}
