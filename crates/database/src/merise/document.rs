//! The pages of `docs/merise/`.

use super::drawing::{Level, svg};
use super::{Association, Attribute, Model, Table};
use crate::Engine;

/// Every file of `docs/merise/`: its name and its content.
pub fn documents(model: &Model) -> Vec<(&'static str, String)> {
    let conceptual = conceptual_alternative(model);
    let logical = logical_alternative(model);
    let drawing = |level, title: &str, description: &str| svg(model, level, title, description);

    vec![
        (
            "mcd.svg",
            drawing(
                Level::Conceptual,
                "Modèle conceptuel des données",
                &conceptual,
            ),
        ),
        (
            "mld.svg",
            drawing(Level::Logical, "Modèle logique des données", &logical),
        ),
        (
            "mpd.svg",
            drawing(
                Level::Physical,
                "Modèle physique des données",
                PHYSICAL_ALTERNATIVE,
            ),
        ),
        ("README.md", page(model)),
    ]
}

const PHYSICAL_ALTERNATIVE: &str = "Les mêmes tables et les mêmes liens que le modèle logique, avec le type de chaque \
    colonne dans SQLite puis dans PostgreSQL. Le dictionnaire de la page en donne le texte.";

const INTRODUCTION: &str = "\
<!-- Preuve principale: C4.1 modèles conceptuel, logique et physique selon Merise, avec leurs cardinalités [code : data/merise/model.toml] -->
# Les modèles de données, selon Merise

Page et dessins tirés de `data/merise/model.toml` par `cargo xtask regenerate` : ne pas les modifier à la main. \
Un test compare cette description, colonne par colonne et lien par lien, au schéma que les migrations créent sur SQLite et sur PostgreSQL, \
et vérifie que chaque cardinalité est celle que les clés permettent.

Notation : `●` identifiant ou clé primaire, `#` clé étrangère, `?` valeur facultative. Les entités sur fond orangé, dites « personnel », portent des données personnelles : \
leurs durées et leurs droits sont dans le [registre](../donnees-personnelles.md).

";

const CONCEPTUAL: &str = "\
## Modèle conceptuel (MCD)

![Modèle conceptuel des données ; le tableau qui suit en donne le texte](mcd.svg)

| Association | Entité | Cardinalité | Entité | Cardinalité |
| --- | --- | --- | --- | --- |
";

const LOGICAL: &str = "
Une entité dont l’identifiant contient celui d’une autre lui est relative : l’heure passée est identifiée par son heure et sa station.

## Modèle logique (MLD)

![Modèle logique des données ; la liste qui suit en donne le texte](mld.svg)

Clés primaires en gras, clés étrangères précédées de `#`.

";

const PHYSICAL: &str = "
## Modèle physique (MPD) et dictionnaire des données

![Modèle physique des données ; les tableaux qui suivent en donnent le texte](mpd.svg)

Les contraintes de domaine (`CHECK`), d’intégrité référentielle et d’unicité sont dans les migrations : `crates/database/migrations/sqlite` et `crates/database/migrations/postgres`. \
Instants en secondes depuis le 1er janvier 1970 UTC, heures en heures, sur 64 bits : le même nombre sur les deux moteurs.
";

fn page(model: &Model) -> String {
    let associations = model.associations.iter().map(association_line);
    let tables = model.tables.iter().map(table_line);
    let dictionaries = model.tables.iter().map(dictionary);

    [INTRODUCTION.to_owned(), CONCEPTUAL.to_owned()]
        .into_iter()
        .chain(associations)
        .chain([LOGICAL.to_owned()])
        .chain(tables)
        .chain([PHYSICAL.to_owned()])
        .chain(dictionaries)
        .collect()
}

fn association_line(association: &Association) -> String {
    let roles: Vec<_> = association
        .roles
        .iter()
        .map(|role| format!("{} | {}", role.entity, role.cardinality))
        .collect();

    format!("| {} | {} |\n", association.name, roles.join(" | "))
}

fn table_line(table: &Table) -> String {
    let columns: Vec<String> = table.columns.iter().map(logical).collect();
    format!("- {} ({})\n", table.name, columns.join(", "))
}

fn logical(column: &Attribute) -> String {
    let foreign = if column.references.is_some() { "#" } else { "" };
    let name = format!("{foreign}{}", column.name);
    if column.key {
        format!("**{name}**")
    } else {
        name
    }
}

fn dictionary(table: &Table) -> String {
    let heading = format!(
        "\n### {} : {}\n\n{}.\n\n| Colonne | Signification | Domaine | SQLite | PostgreSQL | Facultative | Clé | Personnelle |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
        table.name, table.entity, table.title
    );

    heading + &table.columns.iter().map(column_line).collect::<String>()
}

fn column_line(column: &Attribute) -> String {
    let key = match (column.key, &column.references) {
        (true, Some(target)) => format!("primaire, étrangère vers `{target}`"),
        (true, None) => "primaire".to_owned(),
        (false, Some(target)) => format!("étrangère vers `{target}`"),
        (false, None) => "non".to_owned(),
    };
    let yes = |is: bool| if is { "oui" } else { "non" };

    format!(
        "| `{}` | {} | {} | {} | {} | {} | {key} | {} |\n",
        column.name,
        column.label,
        column.domain.french(),
        column.domain.sql(Engine::Sqlite),
        column.domain.sql(Engine::Postgres),
        yes(column.nullable),
        yes(column.personal)
    )
}

fn conceptual_alternative(model: &Model) -> String {
    let associations: Vec<_> = model
        .associations
        .iter()
        .map(association_sentence)
        .collect();

    let alone = model.tables.iter().filter(|table| {
        let mut roles = model
            .associations
            .iter()
            .flat_map(|association| &association.roles);
        !roles.any(|role| role.entity == table.entity)
    });
    let alone: Vec<&str> = alone.map(|table| table.entity.as_str()).collect();

    format!(
        "Associations et cardinalités. {}. Entités sans association : {}.",
        associations.join(" ; "),
        alone.join(", ")
    )
}

fn association_sentence(association: &Association) -> String {
    let roles: Vec<_> = association
        .roles
        .iter()
        .map(|role| format!("{} ({})", role.entity, role.cardinality))
        .collect();

    format!("{} : {}", association.name, roles.join(" et "))
}

fn logical_alternative(model: &Model) -> String {
    let links = model.tables.iter().flat_map(|table| {
        table.columns.iter().filter_map(|column| {
            let target = column.references.as_ref()?;
            Some(format!("{}.{} désigne {target}", table.name, column.name))
        })
    });

    format!(
        "Tables et clés étrangères. {}.",
        links.collect::<Vec<_>>().join(" ; ")
    )
}
