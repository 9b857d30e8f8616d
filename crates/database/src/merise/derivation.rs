//! The rules of passage from the conceptual model to the logical one, as Merise teaches them.
//!
//! R1: an entity becomes a table, its identifier the primary key.
//! R2: an entity that has its identifier alone becomes no table; the identifier stays where it is
//! referred to.
//! R3: an association with a maximum of 1 on one side becomes a foreign key on that side, optional
//! when the minimum is 0.
//! R4: when that side is identified by way of the association, the foreign key joins its primary
//! key.
//! R5: any other association becomes a table, whose primary key is the keys of all its entities.
//! R6: a functional integrity constraint takes the data it determines out of that primary key.

use super::{Association, Cardinality, Entity, Leg, Model, Property, Relation, RelationColumn};

/// Derives the logical model.
pub(super) fn derive(model: &Model) -> Result<Vec<Relation>, String> {
    let mut relations = Vec::new();

    for entity in &model.entities {
        let relation = entity_relation(model, entity)?;
        if !is_reduced_to_identifier(model, entity) {
            relations.push(relation);
        }
    }

    for association in &model.associations {
        if association.single_leg().is_none() {
            relations.push(association_relation(model, association)?);
        }
    }

    Ok(relations)
}

/// R1, then R3 and R4 for each association that gives its foreign key to the entity.
fn entity_relation(model: &Model, entity: &Entity) -> Result<Relation, String> {
    let mut columns: Vec<_> = entity.properties.iter().map(own_column).collect();
    let mut origin = format!("R1, entité {}", entity.name);

    for association in held_by(model, entity) {
        let Some(single) = association.single_leg() else {
            continue;
        };
        let foreign = foreign_key(model, association, single)?;
        let rule = if single.relative { "R4" } else { "R3" };

        origin += &format!(" ; {rule}, association {}", association.name);
        // An identifier reads from the whole to the part: the hour, then its conditions.
        let at = if single.relative { 0 } else { columns.len() };
        columns.splice(at..at, foreign);
        columns.extend(association.properties.iter().map(own_column));
    }

    Ok(Relation {
        name: entity.table.clone(),
        origin,
        columns,
    })
}

/// The columns by which the entity of `single` refers to the other entity.
fn foreign_key(
    model: &Model,
    association: &Association,
    single: &Leg,
) -> Result<Vec<RelationColumn>, String> {
    let mut others = association
        .legs
        .iter()
        .filter(|leg| !std::ptr::eq(*leg, single));
    let Some(other) = others.next() else {
        return Err(format!("{} has one leg", association.name));
    };
    if single.relative && single.cardinality != Cardinality::OneOne {
        return Err(format!(
            "{}: {} is identified by way of it, and takes part {}",
            association.name,
            single.entity,
            single.cardinality.as_str()
        ));
    }

    let mut columns = referring_columns(model, association, other)?;
    for column in &mut columns {
        column.key = single.relative;
        column.optional = single.cardinality == Cardinality::ZeroOne;
    }
    Ok(columns)
}

/// R5 and R6.
fn association_relation(model: &Model, association: &Association) -> Result<Relation, String> {
    let Some(name) = association.table.clone() else {
        return Err(format!(
            "{} becomes a table without a name",
            association.name
        ));
    };

    let mut columns: Vec<RelationColumn> = Vec::new();
    for leg in &association.legs {
        columns.extend(referring_columns(model, association, leg)?);
    }
    columns.extend(association.properties.iter().map(own_column));

    let mut origin = format!("R5, association {}", association.name);
    if let Some(determined) = &association.determines {
        remove_from_key(&mut columns, model.entity(determined)?);
        origin += &format!(" ; R6, {determined} est déterminée");
    }

    Ok(Relation {
        name,
        origin,
        columns,
    })
}

/// Takes the entity's own identifier out of the key: what identifies it by way of another entity
/// stays.
fn remove_from_key(columns: &mut [RelationColumn], entity: &Entity) {
    let own: Vec<&str> = identifier(entity).map(|one| one.name.as_str()).collect();
    for column in columns {
        column.key &= !own.contains(&column.datum.as_str());
    }
}

/// The columns that refer to the entity of a leg: a key of the association's table.
fn referring_columns(
    model: &Model,
    association: &Association,
    leg: &Leg,
) -> Result<Vec<RelationColumn>, String> {
    let entity = model.entity(&leg.entity)?;
    let target = (!is_reduced_to_identifier(model, entity)).then(|| entity.table.clone());
    let mut columns = key_of(model, entity)?;

    if leg.column.is_some() && columns.len() != 1 {
        return Err(format!(
            "{}: {} has a key of several columns",
            association.name, leg.entity
        ));
    }
    for column in &mut columns {
        column.references = target.clone();
        column.personal |= association.personal;
        if let Some(role) = &leg.role {
            column.datum += &format!(" ({role})");
        }
        if let Some(name) = &leg.column {
            column.name.clone_from(name);
        }
    }
    Ok(columns)
}

/// The whole key of an entity: of those that identify it first, then its own.
fn key_of(model: &Model, entity: &Entity) -> Result<Vec<RelationColumn>, String> {
    let mut key = Vec::new();
    for association in held_by(model, entity) {
        // A foreign key that identifies nothing may lead back here: it is not followed.
        if let Some(single) = association.single_leg().filter(|leg| leg.relative) {
            key.extend(foreign_key(model, association, single)?);
        }
    }
    key.extend(identifier(entity).map(own_column));
    Ok(key)
}

/// R2. An entity that holds a foreign key is more than its identifier.
fn is_reduced_to_identifier(model: &Model, entity: &Entity) -> bool {
    entity.properties.iter().all(|property| property.identifier)
        && held_by(model, entity).next().is_none()
}

/// The associations whose foreign key goes to the table of an entity.
fn held_by<'a>(model: &'a Model, entity: &'a Entity) -> impl Iterator<Item = &'a Association> {
    model.associations.iter().filter(|association| {
        let single = association.single_leg();
        single.is_some_and(|leg| leg.entity == entity.name)
    })
}

fn identifier(entity: &Entity) -> impl Iterator<Item = &Property> {
    entity.properties.iter().filter(|one| one.identifier)
}

fn own_column(property: &Property) -> RelationColumn {
    RelationColumn {
        name: property.column.clone(),
        datum: property.name.clone(),
        domain: property.domain,
        meaning: property.meaning.clone(),
        key: property.identifier,
        optional: property.optional,
        personal: property.personal,
        references: None,
    }
}
