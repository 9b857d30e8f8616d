use std::collections::BTreeSet;

use super::*;

fn model() -> Model {
    parse(TEXT).unwrap()
}

/// The relations that a conceptual model gives, as textbooks write them: key columns between `_`,
/// `#` before a foreign key, `?` after an optional column.
fn derived(text: &str) -> Vec<String> {
    let text = format!(
        "rule = []\ndependency = []\ndeviation = []\nexception = []\ntechnical = []\n\
         drawing = {{ conceptual = {{}}, tables = {{}} }}\n{text}"
    );
    let relations = parse(&text).unwrap().derived().unwrap();
    relations.iter().map(written).collect()
}

fn written(relation: &Relation) -> String {
    let columns = relation.columns.iter().map(|column| {
        let foreign = if column.references.is_some() { "#" } else { "" };
        let key = if column.key { "_" } else { "" };
        let optional = if column.optional { "?" } else { "" };
        format!("{key}{foreign}{}{key}{optional}", column.name)
    });
    let columns: Vec<String> = columns.collect();
    format!("{}({})", relation.name, columns.join(", "))
}

fn entity(name: &str, properties: &[&str]) -> String {
    let properties: Vec<String> = properties
        .iter()
        .enumerate()
        .map(|(rank, property)| {
            let identifier = rank == 0;
            format!(
                "{{ name = \"{property}\", column = \"{property}\", type = \"entier\", \
                 meaning = \"\", identifier = {identifier} }}"
            )
        })
        .collect();
    format!(
        "[[entity]]\nname = \"{name}\"\ndefinition = \"\"\ntable = \"{}\"\nproperties = [{}]\n",
        name.to_lowercase(),
        properties.join(", ")
    )
}

fn association(more: &str, legs: &str) -> String {
    format!("[[association]]\nname = \"LIER\"\nrules = []\n{more}\nlegs = [{legs}]\n")
}

// Preuve: C4.1 chaque règle de passage du modèle conceptuel au modèle logique, sur un exemple de manuel [code : crates/database/src/merise/derivation.rs#derive]
#[test]
fn each_rule_of_passage_gives_the_tables_of_the_textbook() {
    let both = entity("A", &["a", "x"]) + &entity("B", &["b", "y"]);
    let leg = |entity: &str, cardinality: &str| {
        format!("{{ entity = \"{entity}\", cardinality = \"{cardinality}\" }}")
    };
    let legs = |one: &str, other: &str| format!("{}, {}", leg("A", one), leg("B", other));
    let table = "table = \"ab\"";

    let mandatory = association("", &legs("1,1", "0,n"));
    assert_eq!(
        derived(&(both.clone() + &mandatory)),
        ["a(_a_, x, #b)", "b(_b_, y)"]
    );

    let optional = association("", &legs("0,n", "0,1"));
    assert_eq!(
        derived(&(both.clone() + &optional)),
        ["a(_a_, x)", "b(_b_, y, #a?)"]
    );

    let many = association(table, &legs("0,n", "1,n"));
    assert_eq!(
        derived(&(both.clone() + &many)),
        ["a(_a_, x)", "b(_b_, y)", "ab(_#a_, _#b_)"]
    );

    let relative = "{ entity = \"A\", cardinality = \"1,n\" }, \
                    { entity = \"B\", cardinality = \"1,1\", relative = true }";
    assert_eq!(
        derived(&(both.clone() + &association("", relative))),
        ["a(_a_, x)", "b(_#a_, _b_, y)"]
    );

    let determined = association("table = \"ab\"\ndetermines = \"B\"", &legs("0,n", "0,n"));
    assert_eq!(
        derived(&(both + &determined)),
        ["a(_a_, x)", "b(_b_, y)", "ab(_#a_, #b)"]
    );

    let calendar = entity("A", &["a", "x"]) + &entity("B", &["b"]);
    assert_eq!(
        derived(&(calendar + &many)),
        ["a(_a_, x)", "ab(_#a_, _b_)"],
        "an entity of one date is no table"
    );
}

#[test]
fn the_description_has_no_fault_and_a_planted_one_is_named() {
    assert_eq!(model().faults(), [""; 0]);

    for (former, planted, fault) in [
        (
            "identifier = true",
            "identifier = false",
            "STATION has no identifier",
        ),
        (
            "name = \"latitude\"",
            "name = \"longitude\"",
            "`longitude` is told by STATION and STATION",
        ),
        (
            "rules = [\"RG4\"]",
            "rules = [\"RG40\"]",
            "no rule is called RG40",
        ),
        ("id = \"RG4\"", "id = \"RG40\"", "nothing cites RG40"),
    ] {
        let faults = parse(&TEXT.replacen(former, planted, 1)).unwrap().faults();
        assert!(faults.iter().any(|one| one == fault), "{faults:?}");
    }
}

// Preuve: C4.1 la troisième forme normale est prouvée depuis les dépendances fonctionnelles, ses exceptions comprises [code : crates/database/src/merise/normal_form.rs#violations]
#[test]
fn the_schema_is_in_third_normal_form_but_for_the_argued_exceptions() {
    let model = model();
    let found: BTreeSet<_> = model
        .violations()
        .unwrap()
        .into_iter()
        .map(|one| (one.table, one.from, one.to))
        .collect();

    assert_eq!(found, model.argued_violations());
}

#[test]
fn a_dependency_on_a_part_of_a_key_and_one_between_other_columns_are_told_apart() {
    let second = model().violations().unwrap();
    let holiday = second.iter().find(|one| one.to == "jour férié").unwrap();
    assert_eq!(holiday.form, NormalForm::Second);

    let planted =
        "[[dependency]]\nfrom = [\"formule\"]\nto = [\"nom de quartier\"]\n\n[[deviation]]";
    let planted = parse(&TEXT.replacen("[[deviation]]", planted, 1)).unwrap();
    let added: Vec<_> = planted
        .violations()
        .unwrap()
        .into_iter()
        .filter(|one| !second.contains(one))
        .collect();
    assert_eq!(added.len(), 1, "{added:?}");
    assert_eq!(
        (&*added[0].table, added[0].form),
        ("subscribers", NormalForm::Third)
    );
}

#[test]
fn a_key_that_the_dependencies_do_not_carry_is_refused() {
    let former = "from = [\"numéro d’intervention\"]\nto = [\"clé de station\", ";
    assert!(TEXT.contains(former));
    let planted = TEXT.replacen(former, "from = [\"numéro d’intervention\"]\nto = [", 1);
    let error = parse(&planted).unwrap().violations().unwrap_err();
    assert!(error.starts_with("maintenance: "), "{error}");
}

#[test]
fn a_deviation_from_a_table_that_is_not_derived_is_refused() {
    let planted = TEXT.replacen(
        "kind = \"omit\"\ntable = \"event_stations\"",
        "kind = \"omit\"\ntable = \"x\"",
        1,
    );
    assert_eq!(
        parse(&planted).unwrap().tables().unwrap_err(),
        "no table is called x"
    );
}
