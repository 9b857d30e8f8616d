//! The pages of `docs/merise/`.

use std::fmt::Write as _;

use super::drawing::{Level, svg};
use super::{Attribute, Model, Table};
use crate::Engine;

/// Every file of `docs/merise/`: its name and its content.
pub fn documents(model: &Model) -> Vec<(&'static str, String)> {
    vec![
        (
            "mcd.svg",
            svg(
                model,
                Level::Conceptual,
                "Modèle conceptuel des données",
                &conceptual_alternative(model),
            ),
        ),
        (
            "mld.svg",
            svg(
                model,
                Level::Logical,
                "Modèle logique des données",
                &logical_alternative(model),
            ),
        ),
        (
            "mpd.svg",
            svg(
                model,
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
<!-- Preuve: C4.1 modèles conceptuel, logique et physique selon Merise, avec leurs cardinalités -->
# Les modèles de données, selon Merise

Page et dessins tirés de `data/merise/model.toml` par `cargo xtask regenerate` : ne pas les modifier à la main. \
Un test compare cette description, colonne par colonne et lien par lien, au schéma que les migrations créent sur SQLite et sur PostgreSQL, \
et vérifie que chaque cardinalité est celle que les clés permettent.

Notation : `●` identifiant ou clé primaire, `#` clé étrangère, `?` valeur facultative. Les entités sur fond orangé, dites « personnel », portent des données personnelles : \
leurs durées et leurs droits sont dans le [registre](../donnees-personnelles.md).

";

fn page(model: &Model) -> String {
    let mut text = INTRODUCTION.to_owned();
    text += "## Modèle conceptuel (MCD)\n\n![Modèle conceptuel des données ; le tableau qui suit en donne le texte](mcd.svg)\n\n";
    text += "| Association | Entité | Cardinalité | Entité | Cardinalité |\n| --- | --- | --- | --- | --- |\n";
    for association in &model.associations {
        let roles = association
            .roles
            .iter()
            .map(|role| format!("{} | {}", role.entity, role.cardinality));
        // Writing to a text cannot fail, here and below.
        let _ = writeln!(
            text,
            "| {} | {} |",
            association.name,
            roles.collect::<Vec<_>>().join(" | ")
        );
    }
    text += "\nUne entité dont l'identifiant contient celui d'une autre lui est relative : l'heure passée est identifiée par son heure et sa station.\n";
    text += "\n## Modèle logique (MLD)\n\n![Modèle logique des données ; la liste qui suit en donne le texte](mld.svg)\n\n";
    text += "Clés primaires en gras, clés étrangères précédées de `#`.\n\n";
    for table in &model.tables {
        let columns: Vec<String> = table.columns.iter().map(logical).collect();
        let _ = writeln!(text, "- {} ({})", table.name, columns.join(", "));
    }
    text += "\n## Modèle physique (MPD) et dictionnaire des données\n\n![Modèle physique des données ; les tableaux qui suivent en donnent le texte](mpd.svg)\n\n";
    text += "Les contraintes de domaine (`CHECK`), d'intégrité référentielle et d'unicité sont dans les migrations : `crates/database/migrations/sqlite` et `crates/database/migrations/postgres`. \
        Instants en secondes depuis le 1er janvier 1970 UTC, heures en heures, sur 64 bits : le même nombre sur les deux moteurs.\n";
    for table in &model.tables {
        dictionary(&mut text, table);
    }
    text
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

fn dictionary(text: &mut String, table: &Table) {
    let _ = write!(
        text,
        "\n### {} : {}\n\n{}.\n\n| Colonne | Signification | Domaine | SQLite | PostgreSQL | Facultative | Clé | Personnelle |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
        table.name, table.entity, table.title
    );
    for column in &table.columns {
        let key = match (column.key, &column.references) {
            (true, Some(target)) => format!("primaire, étrangère vers `{target}`"),
            (true, None) => "primaire".to_owned(),
            (false, Some(target)) => format!("étrangère vers `{target}`"),
            (false, None) => "non".to_owned(),
        };
        let yes = |is: bool| if is { "oui" } else { "non" };
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {} | {} | {key} | {} |",
            column.name,
            column.label,
            column.domain.french(),
            column.domain.sql(Engine::Sqlite),
            column.domain.sql(Engine::Postgres),
            yes(column.nullable),
            yes(column.personal)
        );
    }
}

fn conceptual_alternative(model: &Model) -> String {
    let associations = model.associations.iter().map(|association| {
        let roles = association
            .roles
            .iter()
            .map(|role| format!("{} ({})", role.entity, role.cardinality));

        format!(
            "{} : {}",
            association.name,
            roles.collect::<Vec<_>>().join(" et ")
        )
    });

    let alone = model.tables.iter().filter(|table| {
        let mut roles = model
            .associations
            .iter()
            .flat_map(|association| &association.roles);

        !roles.any(|role| {
            model
                .entity(&role.entity)
                .is_some_and(|entity| entity.name == table.name)
        })
    });

    let alone: Vec<&str> = alone.map(|table| table.entity.as_str()).collect();

    format!(
        "Associations et cardinalités. {}. Entités sans association : {}.",
        associations.collect::<Vec<_>>().join(" ; "),
        alone.join(", ")
    )
}

fn logical_alternative(model: &Model) -> String {
    let links = model.tables.iter().flat_map(|table| {
        let columns = table.columns.iter();

        columns.filter_map(move |column| {
            Some(format!(
                "{}.{} désigne {}",
                table.name,
                column.name,
                column.references.as_ref()?
            ))
        })
    });

    format!(
        "Tables et clés étrangères. {}.",
        links.collect::<Vec<_>>().join(" ; ")
    )
}
