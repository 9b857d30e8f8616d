use super::*;

fn workflow() -> WorkflowFile {
    let text = "name: model
on:
  push: {branches: [main], paths: [data/**]}
  schedule: [{cron: '41 4 * * 1'}]
  workflow_dispatch: {inputs: {rows: {description: lignes, default: 9}}}
permissions: {}
jobs:
  train:
    timeout-minutes: 5
    permissions: {contents: read}
    steps:
      - uses: actions/checkout@0
      - run: cargo xtask ci train
  gate:
    needs: train
    if: github.ref == 'a'
    permissions: {}
    steps: []
";
    let mut workflow = ci::WorkflowFile::parse(text).unwrap();
    workflow.path = ".github/workflows/model.yml".to_owned();
    workflow
}

fn jobs() -> Jobs {
    Jobs::parse(
        "[[job]]\nname = \"train\"\nproves = \"une version est entraînée\"\npaths = [\":/\"]\nsteps = [[\"cargo\", \"a\"], [\"b\"]]\n",
    )
    .unwrap()
}

#[test]
fn every_trigger_job_and_task_of_a_workflow_is_told() {
    assert_eq!(
        part(&workflow(), &jobs()).unwrap(),
        "### Les déclencheurs de `.github/workflows/model.yml`

- `push` : une poussée sur la branche `main` qui change `data/**`
- `schedule` : à heure fixe (UTC) : chaque lundi à 4 h 41 (`41 4 * * 1`)
- `workflow_dispatch` : à la main, depuis la forge, avec `rows` (lignes, par défaut `9`)

### Les étapes de `.github/workflows/model.yml`

![Les travaux du workflow model et leur ordre ; la liste qui suit en donne le texte](model.svg)

- **`train`** : une version est entraînée. Commence aussitôt ; 5 minutes au plus ; droits `contents: read`.
  - prendre les sources
  - `cargo xtask ci train`, qui exécute `cargo a`, puis `b`
- **`gate`**. Après `train` ; seulement si `github.ref == 'a'` ; aucun droit.
"
    );
}

#[test]
fn a_job_is_drawn_right_of_those_it_waits_for_and_described() {
    let svg = diagram::svg(&workflow());

    for part in [
        "<title id=\"title\">Les travaux du workflow model</title>",
        "<desc id=\"description\">train commence aussitôt ; gate attend train.</desc>",
        "<text x=\"101\" y=\"39\" text-anchor=\"middle\" fill=\"#111111\">train</text>",
        "<text x=\"331\" y=\"39\" text-anchor=\"middle\" fill=\"#111111\">gate</text>",
    ] {
        assert!(svg.contains(part), "{part}\n{svg}");
    }
    assert_eq!(svg.matches("<line").count(), 1);
}
