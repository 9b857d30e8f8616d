use filrouge_prerequisites as prerequisites;

use super::*;

fn avoid(toml: &str) -> Avoid {
    toml::from_str(&format!("say = \"x\"\nsense = \"y\"\n{toml}")).unwrap()
}

#[test]
fn a_word_is_found_in_every_case_and_never_inside_another() {
    let avoid = avoid("words = [\"total law\", \"excess\", \"rehears*\"]");
    let found = |line: &str| avoid.find(&Line::read(line)).is_some();

    for line in [
        "struct TotalLaw;",
        "total_laws: u8",
        "// the excess of",
        "EXCESS",
        "a_rehearsal()",
    ] {
        assert!(found(line), "{line}");
    }
    for line in ["excessive_duration", "a lawn, in total", "hear"] {
        assert!(!found(line), "{line}");
    }
}

#[test]
fn a_name_is_found_whole_and_as_it_is_written() {
    let avoid = avoid("names = [\"Call\"]");
    let found = |line: &str| avoid.find(&Line::read(line)).is_some();
    assert!(found("fn f(call: Call)"));
    assert!(found("/// Reads a [`Call`]."));
    assert!(!found("// Call it: CallSite, call"));
}

#[test]
fn a_phrase_is_found_whatever_its_apostrophe_and_its_number() {
    let avoid = avoid("phrases = [\"fil d'exécution\", \"tamis\", \"loi du total\"]");
    let found = |line: &str| avoid.find(&Line::read(line)).is_some();
    assert!(found("un fil d’exécution de plus"));
    assert!(found("Un Tamis : les règles"));
    assert!(found("la loi\u{a0}du total."));
    assert!(!found("le tamiser"));
}

#[test]
fn a_list_covers_its_folders_but_the_exceptions() {
    let avoid = avoid(
        "within = [\"crates/model\", \"README\"]\nexcept = [{ path = \"crates/model/src/a.rs\", why = \"z\" }]",
    );
    assert!(avoid.covers("crates/model/src/b.rs"));
    assert!(avoid.covers("README.md"));
    assert!(!avoid.covers("crates/model-api/src/b.rs"));
    assert!(!avoid.covers("crates/model/src/a.rs"));
}

#[test]
fn the_words_of_the_field_are_those_of_the_repository() {
    if prerequisites::program("git", "apt-get install git").is_none() {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let sentences = avoided(&root).unwrap();
    assert!(sentences.is_empty(), "{}", sentences.join("\n"));
}
