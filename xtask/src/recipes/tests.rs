use super::*;

fn recipe(told: &str) -> Recipe {
    Recipe {
        name: "règle".to_owned(),
        whole: String::new(),
        half: String::new(),
        commands: Vec::new(),
        told: vec![told.to_owned()],
    }
}

#[test]
fn commands_and_sentences_are_read_in_the_first_blocks() {
    let page =
        "# A\n\n```sh\n# Vérifier\ncargo test -p a\n```\n\n```text\nrule `x` never fires\n```\n";
    assert_eq!(block(page, "sh").unwrap(), ["cargo test -p a"]);
    assert_eq!(block(page, "text").unwrap(), ["rule `x` never fires"]);
    assert_eq!(
        block("# A\n", "sh").unwrap_err().to_string(),
        "the page has no `sh` block"
    );
}

#[test]
fn files_of_a_patch_are_counted() {
    let patch =
        "diff --git a/x.rs b/x.rs\n--- a/x.rs\n+++ b/x.rs\n@@\n+y\ndiff --git a/z.rs b/z.rs\n";
    assert_eq!(patched_files(patch), ["x.rs", "z.rs"]);
}

#[test]
fn a_half_that_nothing_tells_is_an_error() {
    let recipe = recipe("never fires");
    let failure = |output: &str| Some(("cargo test".to_owned(), output.to_owned()));

    assert!(recipe.half_is_told(failure("rule 12 never fires")).is_ok());
    assert_eq!(
        recipe
            .half_is_told(failure("panicked"))
            .unwrap_err()
            .to_string(),
        "`cargo test` fails without saying « never fires »:\npanicked"
    );
    assert_eq!(
        recipe.half_is_told(None).unwrap_err().to_string(),
        "a half of the change is left out, and every command passes"
    );
}
