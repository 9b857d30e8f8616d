use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use filrouge_prerequisites as prerequisites;

use super::*;
use crate::bounded::Bounds;
use crate::sandbox::Confinement;

fn referential() -> Referential {
    Referential::load().unwrap()
}

#[test]
fn a_scope_is_a_competency_an_epreuve_or_a_bloc() {
    let parse = |text: &str| Scope::parse(text, &referential()).map_err(|error| error.to_string());
    assert_eq!(parse("C5"), Ok(Scope::Competency("C5".to_owned())));
    assert_eq!(parse("E3"), Ok(Scope::Epreuve("E3".to_owned())));
    assert_eq!(parse("bloc-1"), Ok(Scope::Bloc(1)));
    assert!(parse("bloc-4").is_err() && parse("C22").is_err());
}

#[test]
fn a_test_is_called_by_its_exact_name_in_the_modules_of_its_file() {
    let names = [
        "auth::tests::refused",
        "limits::tests::refused",
        "auth::tests::refused_twice",
    ];
    let modules = |path: &str| vec![path.to_owned()];

    assert_eq!(
        binaries::exact(&names, "refused", &modules("auth")),
        ["auth::tests::refused"]
    );

    // A module declared under another path is still found by name.
    assert_eq!(
        binaries::exact(&names, "refused", &modules("moved")),
        ["auth::tests::refused", "limits::tests::refused"]
    );
    assert_eq!(
        binaries::exact(&names, "absent", &modules("auth")),
        Vec::<&str>::new()
    );
}

/// A proof of a criterion, on line 7 of a file.
fn proof(criterion: &str, subject: Subject) -> Proof {
    Proof {
        criterion: criterion.to_owned(),
        claim: "dit".to_owned(),
        principal: false,
        code: None,
        file: "docs/a.md".to_owned(),
        line: 7,
        subject,
    }
}

#[test]
fn what_only_a_person_can_judge_is_never_ticked() {
    let (test, section) = (
        Subject::Test("t".to_owned()),
        Subject::Item("Registre".to_owned()),
    );
    let told = |id: &str, subject: &Subject, finding: Finding| {
        let referential = referential();
        let criterion = referential.criteria().find(|one| one.id == id).unwrap();
        let proof = proof(id, subject.clone());

        let verdict = Verdict::at_once(finding);
        let (state, reason) = state(criterion, &proof, Some(&verdict));
        let outcome = outcome(state, reason.as_deref());
        CriterionOutcome::new(criterion, vec![outcome]).told()
    };

    // A machine checks the whole of C5.4, helps with C5.5, and leaves C6.5 to a person; C1.6 asks
    // for Git only.
    assert_eq!(told("C5.4", &test, Finding::Holds), "tient");
    assert_eq!(told("C5.5", &test, Finding::Holds), "tient, reste à juger");
    assert_eq!(told("C6.5", &test, Finding::Holds), "à juger");
    assert_eq!(told("C1.6", &section, Finding::Holds), "tient");
    // A machine sees that a section is there, and not what it is worth.
    assert_eq!(told("C5.4", &section, Finding::Holds), "à juger");

    let fails = Finding::DoesNotHold("le test échoue".to_owned());
    assert_eq!(told("C6.5", &test, fails), "ne tient pas");
    let missing = Finding::NotPlayed("promtool ; apt-get install prometheus".to_owned());
    assert_eq!(told("C6.5", &test, missing), "non joué");
}

fn outcome(state: State, reason: Option<&str>) -> ProofOutcome {
    ProofOutcome {
        claim: "<b>accès</b> refusé".to_owned(),
        principal: false,
        file: "crates/a/src/lib.rs".to_owned(),
        line: 7,
        how: "test refused".to_owned(),
        state,
        reason: reason.map(str::to_owned),
        seconds: Some(1.25),
    }
}

#[test]
fn a_criterion_never_holds_on_a_proof_that_was_not_played() {
    use State::{DoesNotHold, Holds, NotDeclared, NotPlayed, ToJudge};
    let referential = referential();
    let criterion = referential.criteria().find(|one| one.id == "C5.4").unwrap();
    let of = |states: &[(State, bool)]| {
        let proofs = states.iter().map(|(state, principal)| ProofOutcome {
            principal: *principal,
            ..outcome(*state, None)
        });
        CriterionOutcome::new(criterion, proofs.collect()).state
    };

    assert_eq!(of(&[]), NotDeclared);
    assert_eq!(of(&[(NotPlayed, false)]), NotPlayed);
    assert_eq!(of(&[(ToJudge, false), (NotPlayed, false)]), NotPlayed);
    assert_eq!(of(&[(Holds, false), (NotPlayed, false)]), Holds);
    assert_eq!(of(&[(Holds, false), (NotPlayed, true)]), NotPlayed);
    assert_eq!(of(&[(Holds, true), (DoesNotHold, false)]), DoesNotHold);
    assert_eq!(of(&[(ToJudge, true)]), ToJudge);
}

fn report() -> Report {
    let referential = referential();
    let criterion = |id: &str, proofs| {
        let criterion = referential.criteria().find(|one| one.id == id).unwrap();
        CriterionOutcome::new(criterion, proofs)
    };

    Report {
        format: 1,
        scope: "C5".to_owned(),
        commit: "0123abc".to_owned(),
        modified: false,
        remote: Some("origin/main, https://forge.example/a, étiquette v1".to_owned()),
        at: DateTime::from_timestamp(1_700_000_000, 0).unwrap(),
        criteria: vec![
            criterion(
                "C5.1",
                vec![
                    outcome(State::Holds, None),
                    outcome(State::ToJudge, None),
                    outcome(State::DoesNotHold, Some("le test échoue")),
                ],
            ),
            criterion(
                "C5.3",
                vec![outcome(State::NotPlayed, Some("npx ; apt-get install npm"))],
            ),
            criterion("C5.5", Vec::new()),
        ],
        refused: vec!["docs/preuves/E1.md n'est plus à jour".to_owned()],
    }
}

#[test]
fn a_report_says_what_holds_what_is_missing_when_and_on_which_commit() {
    let text = report().text();

    for line in [
        "Vérification de C5, commit 0123abc, 2023-11-14 22:13:20 UTC\n",
        "Dépôt distant : origin/main, https://forge.example/a, étiquette v1\n",
        "C5.1   ne tient pas         Doc couvre tous les points de terminaison\n",
        "       ne tient pas <b>accès</b> refusé (crates/a/src/lib.rs:7, 1.2 s) : le test échoue\n",
        "C5.3   non joué             ",
        "C5.5   sans preuve          ",
        "Il manque : npx ; apt-get install npm\n",
        "Refusé par `cargo dossier index --check` : docs/preuves/E1.md n'est plus à jour\n",
        "Critères : tient 0, non joué 1, ne tient pas 1, à juger 0, sans preuve 1\n",
        "Preuves : tient 1, non joué 1, ne tient pas 1, à juger 1\n",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

#[test]
fn a_page_and_a_junit_report_have_the_three_states_and_escape_what_they_quote() {
    let (page, junit) = (report().html().unwrap(), report().junit().unwrap());

    for text in [&page, &junit] {
        assert!(
            !text.contains("<b>") && text.contains("&#60;b&#62;accès"),
            "{text}"
        );
    }

    for cell in [
        "<td>tient</td>",
        "<td>ne tient pas : le test échoue</td><td>1.2 s</td>",
        "<td>non joué : npx ; apt-get install npm</td>",
        "<li>docs/preuves/E1.md n&#39;est plus à jour</li>",
    ] {
        assert!(page.contains(cell), "{cell}\n{page}");
    }

    for part in [
        "tests=\"5\" failures=\"2\" skipped=\"2\" timestamp=\"2023-11-14T22:13:20\"",
        "<failure message=\"le test échoue\"/>",
        "<skipped message=\"à juger par une personne : crates/a/src/lib.rs:7\"/>",
        "<skipped message=\"non joué : npx ; apt-get install npm\"/>",
        "<failure message=\"docs/preuves/E1.md n&#39;est plus à jour\"/>",
    ] {
        assert!(junit.contains(part), "{part}\n{junit}");
    }
}

/// A repository of one commit, with one small package.
struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    fn new(files: &[(&str, &str)]) -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let repository = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        repository.write(
            "Cargo.toml",
            "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n",
        );
        // Cargo names a binary after its package, not after its folder: in a target folder that
        // tests share, two packages of one version would take each other's place.
        let (process, number) = (std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        repository.write(
            "crates/small/Cargo.toml",
            &format!("[package]\nname = \"small\"\nversion = \"0.{process}.{number}\"\nedition = \"2024\"\n"),
        );
        repository.write("crates/small/src/lib.rs", "");
        repository.write("data/referential/.gitkeep", "");
        for (path, text) in files {
            repository.write(path, text);
        }

        repository.git(&["init", "-q", "-b", "main"]);
        repository.git(&["add", "."]);
        let author = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
        repository.git(&[&author[..], &["commit", "-qm", "t"]].concat());
        repository
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.args(arguments).current_dir(self.root());
        assert!(git.status().unwrap().success(), "{arguments:?}");
    }

    /// The report on a competency.
    fn verify(&self, competency: &str) -> Report {
        self.verify_after(None, competency)
    }

    /// The report on a competency, after a chain that tells in a file what it has played.
    fn verify_after(&self, played: Option<PathBuf>, competency: &str) -> Report {
        let index = Index::gather(self.root(), &referential()).unwrap();
        let plan = Plan {
            scope: Scope::Competency(competency.to_owned()),
            execution: Execution {
                bounds: Bounds::default(),
                confinement: Confinement::Trusted,
            },
            played,
            started_at: DateTime::from_timestamp(0, 0).unwrap(),
        };
        run(self.root(), &index, &referential(), &plan, &|_| ()).unwrap()
    }
}

fn told(report: &Report) -> Vec<(&str, State, Option<&str>)> {
    let each = |(criterion, proof): (_, _)| {
        let (criterion, proof): (&CriterionOutcome, &ProofOutcome) = (criterion, proof);
        (criterion.id.as_str(), proof.state, proof.reason.as_deref())
    };
    report.outcomes().map(each).collect()
}

/// Tests of every end: one that passes, fails, cannot play, hangs no one, kills its process.
const TESTS: &str = r#"
#[cfg(test)]
mod tests {
    // Preuve: C5.1 tout est dit
    #[test]
    fn aborts() {
        std::process::abort();
    }

    // Preuve: C5.2 les règles d'accès sont dites
    #[test]
    fn cannot_play() {
        if std::env::var("FILROUGE_STRICT").is_ok() {
            panic!("not played: promtool; apt-get install prometheus");
        }
    }

    // Preuve: C5.3 le contrat est conforme
    #[test]
    fn fails() {
        assert_eq!(1, 2, "deux réponses");
    }

    // Preuve: C5.4 accès refusé
    #[test]
    fn refused() {}

    #[test]
    fn refused_twice() {
        panic!();
    }
}
"#;

#[test]
fn tests_are_run_by_their_names_and_one_that_kills_its_process_hides_no_other() {
    if prerequisites::program("git", "apt-get install git").is_none() {
        return;
    }
    let repository = Repository::new(&[("crates/small/src/lib.rs", TESTS)]);
    let report = repository.verify("C5");

    let expected = [
        ("C5.1", State::DoesNotHold, Some("arrêté par le signal 6")),
        (
            "C5.2",
            State::NotPlayed,
            Some("promtool; apt-get install prometheus"),
        ),
        (
            "C5.3",
            State::DoesNotHold,
            Some("le test échoue : assertion `left == right` failed: deux réponses"),
        ),
        ("C5.4", State::Holds, None),
    ];
    assert_eq!(told(&report), expected);

    let states: Vec<State> = report.criteria.iter().map(|one| one.state).collect();
    let wanted = [
        State::DoesNotHold,
        State::NotPlayed,
        State::DoesNotHold,
        State::Holds,
        State::NotDeclared,
    ];
    assert_eq!(states, wanted);

    // Cargo has written its lock file meanwhile.
    assert!(report.modified);
}

const TESTS_OF_A_CHAIN: &str = r"
#[cfg(test)]
mod tests {
    // Preuve: C5.4 accès refusé
    #[test]
    fn refused() {
        TEST
    }
}
";

#[test]
fn a_test_that_passed_in_the_chain_is_not_run_again_on_the_same_files() {
    if prerequisites::program("git", "apt-get install git").is_none() {
        return;
    }
    let outside = tempfile::tempdir().unwrap();
    let (broken, log) = (outside.path().join("broken"), outside.path().join("a.log"));
    // Run again, it would fail.
    let test = format!("assert!(!std::path::Path::new({broken:?}).exists());");
    let repository = Repository::new(&[
        (".gitignore", "/Cargo.lock\n/target/\n"),
        (
            "crates/small/src/lib.rs",
            &TESTS_OF_A_CHAIN.replace("TEST", &test),
        ),
    ]);

    let mut chain = crate::cargo::command(repository.root());
    let written = std::fs::File::create(&log).unwrap();
    chain.arg("test").stdout(written.try_clone().unwrap());
    assert!(chain.stderr(written).status().unwrap().success());
    std::fs::write(&broken, "").unwrap();

    let commit = Git::open(repository.root()).unwrap().head().unwrap();
    let played = outside.path().join("played.tsv");
    std::fs::write(&played, format!("{commit}\t2\tcargo test\ta.log\n")).unwrap();
    let states = |played| {
        let report = repository.verify_after(played, "C5");
        told(&report)
            .into_iter()
            .map(|(_, state, _)| state)
            .collect::<Vec<_>>()
    };

    assert_eq!(states(None), [State::DoesNotHold]);
    assert_eq!(states(Some(played.clone())), [State::Holds]);

    repository.write("crates/small/src/new.rs", "");
    assert_eq!(states(Some(played)), [State::DoesNotHold]);
}

/// Declares proofs of C4 by a command that needs a tool, and by the section of a document.
const DECLARATIONS: &str = "# Preuve: C4.4 l'installation rejouée [commande : sh install.sh]\ninstall:\n\n\
    # Preuve: C4.8 le registre [voir : docs/registre.md#registre]\nregistre:\n";
const INSTALL: &str =
    "#!/bin/sh\n[ -e tool ] || { echo 'not played: tool; touch tool' >&2; exit 77; }\n";
const REGISTER: &str =
    "# Registre\n\nChaque traitement, sa finalité, sa base légale et sa durée de conservation.\n";

#[test]
fn a_tool_taken_away_is_not_played_and_an_emptied_file_does_not_hold() {
    if prerequisites::program("git", "apt-get install git").is_none() {
        return;
    }
    let repository = Repository::new(&[
        ("proofs.yml", DECLARATIONS),
        ("install.sh", INSTALL),
        ("docs/registre.md", REGISTER),
        ("tool", "present\n"),
    ]);
    let states = || {
        let report = repository.verify("C4");
        let of = |id: &str| {
            let found = report.criteria.iter().find(|one| one.id == id);
            found.unwrap().state
        };
        (of("C4.4"), of("C4.8"), report)
    };

    let (command, section, _) = states();
    assert_eq!((command, section), (State::Holds, State::ToJudge));

    std::fs::remove_file(repository.root().join("tool")).unwrap();
    let (command, _, report) = states();
    assert_eq!(command, State::NotPlayed);
    assert_every_format_says(&report, "non joué", "skipped", "tool; touch tool");

    repository.write("install.sh", "\n");
    repository.write("docs/registre.md", "");
    let (command, section, report) = states();
    assert_eq!((command, section), (State::DoesNotHold, State::DoesNotHold));
    for file in ["install.sh est vide", "docs/registre.md est vide"] {
        assert_every_format_says(&report, "ne tient pas", "failure", file);
    }
}

/// A document that declares its own proof, and a test that declares one.
const OWN_PROOF: &str = "# RGPD\n\n<!-- Preuve: C4.8 le registre des traitements -->\n## Registre\n\n\
    Chaque traitement, sa finalité, sa base légale et sa durée de conservation.\n";
const OWN_TEST: &str = "#[cfg(test)]\nmod tests {\n    // Preuve: C4.2 la base est créée\n    #[test]\n    fn created() {}\n}\n";

#[test]
fn a_proof_that_went_with_its_own_declaration_does_not_hold() {
    if prerequisites::program("git", "apt-get install git").is_none() {
        return;
    }
    let repository = Repository::new(&[
        ("docs/rgpd.md", OWN_PROOF),
        ("crates/small/src/lib.rs", OWN_TEST),
    ]);
    let states = |report: &Report| {
        let of = |id: &str| {
            let found = report.criteria.iter().find(|one| one.id == id);
            found.unwrap().state
        };
        (of("C4.2"), of("C4.8"))
    };

    // The pages are committed with what they tell.
    index::write(repository.root(), &referential()).unwrap();
    let report = repository.verify("C4");
    assert_eq!(states(&report), (State::Holds, State::ToJudge));
    assert_eq!(report.refused, [""; 0]);

    repository.write("docs/rgpd.md", "");
    repository.write("crates/small/src/lib.rs", "\n");
    let report = repository.verify("C4");
    assert_eq!(states(&report), (State::DoesNotHold, State::DoesNotHold));
    for file in ["docs/rgpd.md", "crates/small/src/lib.rs"] {
        let reason =
            format!("{file} ne porte plus cette preuve (supprimée : `cargo xtask regenerate`)");
        assert_every_format_says(&report, "ne tient pas", "failure", &reason);
    }
    assert_eq!(report.faults(), 2 + report.refused.len());
    assert!(!report.refused.is_empty());
}

const VERSIONED: &str = "# Import\n\n<!-- Preuve: CRITERION ce script est publié [code : crates/small/src/a.rs] -->\n## Script\n\n\
    Ce que le script importe, dans quel ordre, et comment le relancer.\n";

#[test]
fn what_has_to_be_in_a_remote_repository_is_not_played_without_one() {
    if prerequisites::program("git", "apt-get install git").is_none() {
        return;
    }
    let document = |criterion: &str| VERSIONED.replace("CRITERION", criterion);
    let repository = Repository::new(&[
        ("docs/collecte.md", &document("C1.6")),
        ("docs/nettoyage.md", &document("C3.2")),
        ("IMPORT.md", &document("C4.6")),
        ("crates/small/src/a.rs", "fn a() {}\n"),
    ]);
    let states = || {
        ["C1", "C3", "C4"].map(|competency| {
            let report = repository.verify(competency);
            let mut proofs = report.outcomes();
            let (_, proof) = proofs.next().unwrap();
            (proof.state, proof.reason.clone().unwrap_or_default())
        })
    };

    for (state, reason) in states() {
        assert_eq!(state, State::NotPlayed);
        assert!(reason.starts_with("ce clone n'a pas de dépôt distant ; git remote add"));
    }

    let forge = tempfile::tempdir().unwrap();
    let address = forge.path().to_str().unwrap();
    repository.git(&["init", "-q", "--bare", address]);
    repository.git(&["remote", "add", "origin", address]);
    repository.git(&["push", "-q", "-u", "origin", "main"]);
    assert_eq!(states().map(|(state, _)| state), [State::Holds; 3]);
}

#[test]
fn what_the_index_refuses_is_refused_here() {
    if prerequisites::program("git", "apt-get install git").is_none() {
        return;
    }
    let text = "// Preuve: C5.9 rien de connu\nfn a() {}\n";
    let repository = Repository::new(&[("crates/small/src/a.rs", text)]);

    let report = repository.verify("C6");

    let unknown = "crates/small/src/a.rs:2: le critère « C5.9 » n'existe pas dans le référentiel";
    assert_eq!(report.refused[0], unknown);
    let stale = "docs/preuves/README.md n'est plus à jour : lancer `cargo xtask regenerate`";
    assert_eq!(report.refused[1], stale);
}

/// The text, the page, the JSON and JUnit give the same state and reason to some proof.
fn assert_every_format_says(report: &Report, french: &str, junit: &str, reason: &str) {
    let json = serde_json::to_value(report).unwrap();
    let has = |text: &str, start: &str| {
        let mut lines = text.lines();
        lines.any(|line| line.contains(start) && line.contains(reason))
    };

    assert!(has(&report.text(), french), "{}", report.text());
    assert!(has(&report.html().unwrap(), french));
    assert!(has(&report.junit().unwrap(), &format!("<{junit} ")));

    let criteria = json["criteria"].as_array().unwrap().iter();
    let mut proofs = criteria.flat_map(|one| one["proofs"].as_array().unwrap());
    let state = if junit == "skipped" {
        "not_played"
    } else {
        "does_not_hold"
    };
    assert!(
        proofs.any(|proof| proof["state"] == state && proof["reason"] == reason),
        "{json:#}"
    );
}
