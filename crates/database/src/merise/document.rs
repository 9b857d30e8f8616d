//! The pages of `docs/merise/`.

use std::fmt::Write as _;

use super::drawing::{Level, svg};
use super::normal_form::NormalForm;
use super::{Association, Dependency, Entity, Leg, Model, Property, Relation, TechnicalTable};
use crate::Engine;

/// Every file of `docs/merise/`: its name and its content.
///
/// # Errors
/// When the model contradicts itself: the message names the object.
pub fn documents(model: &Model) -> Result<Vec<(&'static str, String)>, String> {
    let conceptual = conceptual_description(model);
    let tables = model.business_tables()?;

    Ok(vec![
        ("mcd.svg", svg(model, Level::Conceptual, &conceptual)?),
        (
            "mld.svg",
            svg(model, Level::Logical, &logical_description(&tables))?,
        ),
        (
            "mpd.svg",
            svg(model, Level::Physical, PHYSICAL_DESCRIPTION)?,
        ),
        ("README.md", page(model, &tables)?),
    ])
}

const PHYSICAL_DESCRIPTION: &str = "Les tables et les liens du modèle logique, avec le type de chaque colonne dans \
    SQLite puis dans PostgreSQL. Les tableaux de la page en donnent le texte.";

const INTRODUCTION: &str = "\
<!-- Preuve principale: C4.1 modèles conceptuel, logique et physique selon Merise : règles de gestion, dictionnaire, cardinalités, passage d’un modèle à l’autre [code : data/merise/model.toml#entity] -->
# Les modèles de données, selon Merise

Page et dessins tirés de `data/merise/model.toml` par `cargo xtask regenerate` : ne pas les modifier à la main.

La description donne les règles de gestion, le dictionnaire et le modèle conceptuel. Un programme en dérive le modèle logique par les règles de passage, puis y applique les écarts que cette page argumente. Un test compare le résultat au schéma que les [migrations](../glossaire.md) créent, colonne par colonne et clé par clé, sur SQLite et sur PostgreSQL : `the_derived_model_is_the_schema_that_the_migrations_create`.

## Règles de gestion

| Règle | Énoncé |
| --- | --- |
";

const DICTIONARY: &str = "
## Dictionnaire des données

Chaque donnée du métier figure une fois. Une donnée personnelle a sa durée et ses droits dans le [registre](../donnees-personnelles.md).

| Donnée | Signification | Domaine | Objet | Identifiant | Facultative | Personnelle | Nom dans le schéma |
| --- | --- | --- | --- | --- | --- | --- | --- |
";

const CONCEPTUAL: &str = "
<!-- Preuve principale: C14.1 les données que l’application montre sont modélisées selon un formalisme : entités, associations, cardinalités [code : data/merise/model.toml#association] -->
## Modèle conceptuel (MCD)

![Modèle conceptuel des données ; les deux tableaux qui suivent en donnent le texte](mcd.svg)

Notation :

- un rectangle est une entité ; un rectangle arrondi, une association ;
- l’identifiant est souligné ; `?` marque une propriété facultative ;
- `(R)` marque une identification relative : l’entité est identifiée par rapport à l’autre ;
- « CIF → » marque une contrainte d’intégrité fonctionnelle : la station et l’heure déterminent ensemble les conditions ;
- le fond orangé marque des données personnelles.

| Entité | Définition | Identifiant | Autres propriétés |
| --- | --- | --- | --- |
";

const ASSOCIATIONS: &str = "
Une ligne pour chaque patte d’une association :

| Association | Entité | Cardinalité | Identification relative | Propriétés | CIF | Règles |
| --- | --- | --- | --- | --- | --- | --- |
";

const PASSAGE: &str = "
Deux règles ne sont pas des cardinalités : RG11 interdit toute association entre un abonné et un trajet, et RG12 lie la tranche d’âge au consentement. Le [registre](../donnees-personnelles.md) dit comment le programme les applique.

## Du modèle conceptuel au modèle logique

| Règle de passage | Dans le MCD | Dans le MLD |
| --- | --- | --- |
| R1 | une entité | une table ; l’identifiant devient la clé primaire |
| R2 | une entité réduite à son identifiant (quartier, mois, traitement) | pas de table : l’identifiant reste dans les tables qui la désignent |
| R3 | une association dont une patte est `0,1` ou `1,1` | une clé étrangère dans la table de ce côté, facultative si la patte est `0,1` |
| R4 | une identification relative | la clé étrangère entre dans la clé primaire |
| R5 | toute autre association | une table ; sa clé primaire réunit celles de ses entités |
| R6 | une contrainte d’intégrité fonctionnelle | l’entité déterminée sort de la clé primaire |

### Modèle logique dérivé

Clés primaires en gras, clés étrangères précédées de `#`, colonnes facultatives suivies de `?`.

";

const DEVIATIONS: &str = "
### Écarts entre le modèle dérivé et le schéma

Ils s’appliquent dans cet ordre. Aucun autre n’existe : le test le refuserait.

| Table | Écart | Raison |
| --- | --- | --- |
";

const LOGICAL: &str = "
Les tables techniques s’y ajoutent : elles servent le programme, pas le métier, et sont [plus bas](#tables-techniques).

## Modèle logique (MLD)

![Modèle logique des données ; la liste qui suit en donne le texte](mld.svg)

Le point est du côté de la table désignée.

";

const DEPENDENCIES: &str = "
## Dépendances fonctionnelles et formes normales

| Déterminant | Détermine | Règle |
| --- | --- | --- |
";

const NORMAL_FORMS: &str = "
Première forme normale : chaque colonne a une valeur simple d’un domaine. Pour les deux autres, le programme essaie tous les ensembles de colonnes de chaque table. Il vérifie que la clé primaire est une clé candidate, et qu’aucune colonne hors clé ne dépend d’autre chose que d’une clé entière. Le test `the_schema_is_in_third_normal_form_but_for_the_argued_exceptions` échoue si une exception manque ou n’a plus lieu d’être.

Toutes les tables sont en troisième [forme normale](../glossaire.md), sauf :

| Table | Dépendance | Forme normale enfreinte | Raison |
| --- | --- | --- | --- |
";

const PHYSICAL: &str = "
## Modèle physique (MPD)

![Modèle physique des données ; les tableaux qui suivent en donnent le texte](mpd.svg)

Le modèle physique est le code des migrations : `crates/database/migrations/sqlite` et `crates/database/migrations/postgres`. Les contraintes de domaine (`CHECK`), d’unicité, d’intégrité référentielle et les index y sont. Instants en secondes depuis le 1er janvier 1970 en temps universel, heures en heures, sur 64 bits : le même nombre sur les deux moteurs.
";

const TECHNICAL: &str = "
## Tables techniques

Elles n’ont pas leur place dans le modèle conceptuel : aucune règle de gestion n’en parle.

| Table | Contenu | Raison |
| --- | --- | --- |
";

fn page(model: &Model, tables: &[Relation]) -> Result<String, String> {
    let rules = model.rules.iter();
    let derived = model.derived()?;
    let technical: Vec<Relation> = model
        .technical_tables
        .iter()
        .map(TechnicalTable::relation)
        .collect();

    let parts = [
        INTRODUCTION.to_owned(),
        rules.map(|rule| row(&[&rule.id, &rule.text])).collect(),
        DICTIONARY.to_owned(),
        model.properties().map(dictionary_line).collect(),
        CONCEPTUAL.to_owned(),
        model.entities.iter().map(entity_line).collect(),
        ASSOCIATIONS.to_owned(),
        model.associations.iter().map(association_lines).collect(),
        PASSAGE.to_owned(),
        derived.iter().map(derived_line).collect(),
        DEVIATIONS.to_owned(),
        deviation_lines(model),
        LOGICAL.to_owned(),
        tables
            .iter()
            .map(|table| format!("- {}\n", written(table)))
            .collect(),
        DEPENDENCIES.to_owned(),
        dependency_lines(&model.dependencies),
        NORMAL_FORMS.to_owned(),
        exception_lines(model)?,
        PHYSICAL.to_owned(),
        tables.iter().map(table_section).collect(),
        TECHNICAL.to_owned(),
        technical_lines(&model.technical_tables),
        technical.iter().map(table_section).collect(),
    ];
    Ok(parts.concat())
}

/// A row of a Markdown table.
fn row(cells: &[&str]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn yes(is: bool) -> &'static str {
    if is { "oui" } else { "non" }
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        "aucune".to_owned()
    } else {
        names.join(", ")
    }
}

fn dictionary_line((object, property): (&str, &Property)) -> String {
    row(&[
        &property.name,
        &property.meaning,
        property.domain.french(),
        object,
        yes(property.identifier),
        yes(property.optional),
        yes(property.personal),
        &format!("`{}`", property.column),
    ])
}

fn entity_line(entity: &Entity) -> String {
    let names = |identifier: bool| {
        let properties = entity.properties.iter();
        let chosen = properties.filter(move |one| one.identifier == identifier);
        joined(chosen.map(|one| one.name.as_str()))
    };
    row(&[
        &entity.name,
        &entity.definition,
        &names(true),
        &names(false),
    ])
}

fn association_lines(association: &Association) -> String {
    let legs = association.legs.iter();
    legs.map(|leg| leg_line(association, leg)).collect()
}

fn leg_line(association: &Association, leg: &Leg) -> String {
    let properties = association.properties.iter();
    let determined = association.determines.as_ref();
    let determined = determined.map_or("aucune".to_owned(), |one| format!("→ {one}"));
    row(&[
        &association.name,
        &leg_name(leg),
        leg.cardinality.as_str(),
        yes(leg.relative),
        &joined(properties.map(|one| one.name.as_str())),
        &determined,
        &association.rules.join(", "),
    ])
}

fn leg_name(leg: &Leg) -> String {
    match &leg.role {
        Some(role) => format!("{} ({role})", leg.entity),
        None => leg.entity.clone(),
    }
}

fn derived_line(relation: &Relation) -> String {
    format!("- {} : {}\n", written(relation), relation.origin)
}

fn deviation_lines(model: &Model) -> String {
    let deviations = model.deviations.iter();
    let lines = deviations.map(|one| {
        let table = format!("`{}`", one.table());
        row(&[&table, &one.change(), one.reason()])
    });
    lines.collect()
}

/// A relation as textbooks write it.
fn written(relation: &Relation) -> String {
    let columns = relation.columns.iter().map(|column| {
        let foreign = if column.references.is_some() { "#" } else { "" };
        let optional = if column.optional { "?" } else { "" };
        let name = format!("{foreign}{}{optional}", column.name);
        if column.key {
            format!("**{name}**")
        } else {
            name
        }
    });
    let columns: Vec<String> = columns.collect();
    format!("{} ({})", relation.name, columns.join(", "))
}

fn dependency_lines(dependencies: &[Dependency]) -> String {
    let lines = dependencies.iter().map(|one| {
        let rule = one.rule.as_deref().unwrap_or("table technique");
        row(&[&one.from.join(", "), &one.to.join(", "), rule])
    });
    lines.collect()
}

fn exception_lines(model: &Model) -> Result<String, String> {
    let violations = model.violations()?;
    let lines = model.exceptions.iter().map(|one| {
        let mut found = violations.iter().filter(|found| found.table == one.table);
        let found = found.find(|found| one.to.contains(&found.to));
        let form = match found.map(|found| found.form) {
            Some(NormalForm::Second) => "deuxième",
            _ => "troisième",
        };
        let dependency = format!("{} → {}", one.from.join(", "), one.to.join(", "));
        row(&[&format!("`{}`", one.table), &dependency, form, &one.reason])
    });
    Ok(lines.collect())
}

fn table_section(table: &Relation) -> String {
    let mut text = format!(
        "\n### {}\n\n| Colonne | Signification | SQLite | PostgreSQL | Facultative | Clé | Personnelle |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
        table.name
    );

    for column in &table.columns {
        let key = match (column.key, &column.references) {
            (true, Some(target)) => format!("primaire, étrangère vers `{target}`"),
            (true, None) => "primaire".to_owned(),
            (false, Some(target)) => format!("étrangère vers `{target}`"),
            (false, None) => "non".to_owned(),
        };
        // Writing to a text cannot fail.
        let _ = write!(
            text,
            "{}",
            row(&[
                &format!("`{}`", column.name),
                &column.meaning,
                column.domain.sql(Engine::Sqlite),
                column.domain.sql(Engine::Postgres),
                yes(column.optional),
                &key,
                yes(column.personal),
            ])
        );
    }
    text
}

fn technical_lines(tables: &[TechnicalTable]) -> String {
    let lines = tables.iter().map(|table| {
        let name = format!("`{}`", table.name);
        row(&[&name, &table.definition, &table.reason])
    });
    lines.collect()
}

fn conceptual_description(model: &Model) -> String {
    let associations = model.associations.iter().map(|association| {
        let legs = association.legs.iter();
        let legs: Vec<String> = legs
            .map(|leg| format!("{} {}", leg_name(leg), leg.cardinality.as_str()))
            .collect();
        format!("{} : {}", association.name, legs.join(", "))
    });
    let associations: Vec<String> = associations.collect();
    format!(
        "Associations et cardinalités. {}.",
        associations.join(" ; ")
    )
}

fn logical_description(tables: &[Relation]) -> String {
    let links = tables.iter().flat_map(|table| {
        let targets = table.targets().into_iter();
        targets.map(|target| format!("{} désigne {target}", table.name))
    });
    let links: Vec<String> = links.collect();
    format!("Tables et clés étrangères. {}.", links.join(" ; "))
}
