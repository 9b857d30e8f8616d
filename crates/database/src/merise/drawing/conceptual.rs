//! The conceptual model: entities, associations, and a cardinality beside each leg.

use super::canvas::{BoxLine, BoxStyle, Canvas, DrawnBox, DrawnText, Link, TEXT_SIZE, text_width};
use super::geometry::{Point, Rectangle, Segment};
use crate::merise::{Association, Entity, Leg, Model, Property};

/// The distance of a leg from a corner of the box that it reaches.
const INSET: f64 = 16.0;
/// Half the distance of two legs between the same two boxes.
const APART: f64 = 15.0;
/// The distance of a cardinality from its leg.
const BESIDE: f64 = 3.0;

pub(super) fn draw(model: &Model) -> Result<Canvas, String> {
    let mut canvas = Canvas::default();

    for entity in &model.entities {
        canvas.boxes.push(entity_box(model, entity)?);
    }
    for association in &model.associations {
        canvas.boxes.push(association_box(model, association)?);
    }

    // Every leg comes before the first cardinality, which must lie on none.
    let mut legs = Vec::new();
    for association in &model.associations {
        legs.extend(association_legs(&canvas, association)?);
    }
    canvas.links.extend(legs.iter().map(|(_, segment)| Link {
        segment: *segment,
        dotted: false,
    }));
    for (leg, segment) in legs {
        let label = cardinality(&canvas, leg, segment)?;
        canvas.labels.push(label);
    }

    Ok(canvas)
}

fn place(model: &Model, name: &str) -> Result<Point, String> {
    let places = &model.drawing.conceptual;
    let place = places.get(name).map(|[x, y]| Point::new(*x, *y));
    place.ok_or_else(|| format!("{name} has no place in the drawing"))
}

fn entity_box(model: &Model, entity: &Entity) -> Result<DrawnBox, String> {
    let lines: Vec<BoxLine> = entity.properties.iter().map(line).collect();
    let is_personal = entity.properties.iter().any(|one| one.personal);
    let style = if is_personal {
        BoxStyle::Personal
    } else {
        BoxStyle::Plain
    };

    let size = DrawnBox::size(&entity.name, &lines);
    let center = place(model, &entity.name)?;
    Ok(DrawnBox::new(center, size, style, &entity.name, &lines))
}

fn association_box(model: &Model, association: &Association) -> Result<DrawnBox, String> {
    let mut lines: Vec<BoxLine> = association.properties.iter().map(line).collect();
    if let Some(determined) = &association.determines {
        lines.push(BoxLine {
            text: format!("CIF → {determined}"),
            underlined: false,
        });
    }

    let name = &association.name;
    let (width, height) = DrawnBox::size(name, &lines);
    // Room for the round ends.
    let size = (width + 10.0, height);
    let center = place(model, name)?;
    Ok(DrawnBox::new(
        center,
        size,
        BoxStyle::Association,
        name,
        &lines,
    ))
}

fn line(property: &Property) -> BoxLine {
    let optional = if property.optional { " ?" } else { "" };
    BoxLine {
        text: format!("{}{optional}", property.name),
        underlined: property.identifier,
    }
}

/// The legs of an association, from the entity to the association.
fn association_legs<'a>(
    canvas: &Canvas,
    association: &'a Association,
) -> Result<Vec<(&'a Leg, Segment)>, String> {
    let own = find(canvas, &association.name)?;
    let mut drawn = Vec::new();

    for (rank, leg) in association.legs.iter().enumerate() {
        let same = |other: &&Leg| other.entity == leg.entity;
        let before = association.legs[..rank].iter().filter(same).count();
        let all = association.legs.iter().filter(same).count();

        // Two legs to one entity run side by side.
        let shift = (2.0 * before as f64 - (all as f64 - 1.0)) * APART;
        drawn.push((leg, between(find(canvas, &leg.entity)?, own, shift)));
    }

    Ok(drawn)
}

fn find(canvas: &Canvas, name: &str) -> Result<Rectangle, String> {
    let mut boxes = canvas.boxes.iter();
    boxes
        .find(|one| {
            one.texts
                .first()
                .is_some_and(|heading| heading.text == name)
        })
        .map(|one| one.area)
        .ok_or_else(|| format!("{name} is not drawn"))
}

/// The line from the side of the entity to the side of the association, upright where it can be,
/// and shifted sideways.
fn between(entity: Rectangle, association: Rectangle, shift: f64) -> Segment {
    let center = association.center();
    let straight = entity.nearest(center, INSET);
    let length = straight.distance(center).max(1.0);
    let sideways = Point::new(
        -(straight.y - center.y) / length * shift,
        (straight.x - center.x) / length * shift,
    );

    let start = Point::new(center.x + sideways.x, center.y + sideways.y);
    let end = entity.nearest(
        Point::new(straight.x + sideways.x, straight.y + sideways.y),
        INSET,
    );
    let whole = Segment {
        from: end,
        to: start,
    };

    let (_, leave) = entity.clip(whole).unwrap_or((0.0, 0.0));
    let (enter, _) = association.clip(whole).unwrap_or((1.0, 1.0));
    Segment {
        from: end.toward(start, leave),
        to: end.toward(start, enter),
    }
}

/// The cardinality of a leg, beside it and as near to the entity as can be.
fn cardinality(canvas: &Canvas, leg: &Leg, segment: Segment) -> Result<DrawnText, String> {
    let mut text = leg.cardinality.as_str().to_owned();
    if leg.relative {
        text += " (R)";
    }
    if let Some(role) = &leg.role {
        text += &format!(" {role}");
    }

    let length = segment.from.distance(segment.to).max(1.0);
    let (width, height) = (text_width(&text, true), TEXT_SIZE);
    let along = Point::new(
        (segment.to.x - segment.from.x) / length,
        (segment.to.y - segment.from.y) / length,
    );
    let across = (along.y.abs() * width + along.x.abs() * height) / 2.0 + BESIDE;

    for distance in (4..length as u32).step_by(2) {
        for side in [1.0, -1.0] {
            let on_leg = segment
                .from
                .toward(segment.to, f64::from(distance) / length);
            let center = Point::new(
                on_leg.x + along.y * across * side,
                on_leg.y - along.x * across * side,
            );
            let label = DrawnText::centered(center, &text, true);
            if canvas.is_free(label.area.grown(1.0)) {
                return Ok(label);
            }
        }
    }
    Err(format!("no room for the cardinality of {}", leg.entity))
}
