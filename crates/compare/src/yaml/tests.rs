use super::{Value, Yaml, read};

#[test]
fn keys_lists_and_scalars_keep_their_line() {
    let tree = read(
        "# why\non: [push, pull_request]\njobs:\n  test:\n    steps:\n      - run: pytest\n      - name: x\n",
    );

    assert_eq!(
        tree.get("on")
            .map(|on| on.items().iter().map(Yaml::text).collect()),
        Some(vec!["push", "pull_request"])
    );

    let job = tree.get("jobs").and_then(|jobs| jobs.get("test")).unwrap();
    assert_eq!(job.line, 4);

    let steps = job.get("steps").unwrap().items();

    assert_eq!(
        (steps[0].text_of("run"), steps[0].line, steps[1].line),
        ("pytest", 6, 7)
    );
}

#[test]
fn a_block_keeps_its_lines() {
    let tree = read("run: |\n  a\n  b\n");
    assert_eq!(
        tree.text_of("run")
            .lines()
            .map(str::trim)
            .collect::<Vec<_>>(),
        ["a", "b"]
    );
}

#[test]
fn aliases_are_not_expanded_and_broken_text_is_survived() {
    let tree = read("a: &a [x, x]\nb: [*a, *a]\nc: {{ template }}\nd: [\n");
    assert!(matches!(tree.value, Value::Map(_) | Value::Scalar(_)));
}
