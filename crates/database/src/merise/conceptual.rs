//! The conceptual model as its description gives it, and the faults of a description.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Model;
use crate::Engine;

/// A rule of the organisation (« règle de gestion »).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManagementRule {
    /// Its short name, such as `RG1`.
    pub id: String,
    /// The rule, in French.
    pub text: String,
}

/// A thing of the domain that has an identifier of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// Its French name.
    pub name: String,
    /// Its definition, in French.
    pub definition: String,
    /// The table that the first rule of passage makes of it.
    pub table: String,
    /// Its properties, the identifier first.
    pub properties: Vec<Property>,
}

/// A property of an entity or of an association.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Property {
    /// Its French name, unique in the model.
    pub name: String,
    /// Its name in the schema.
    pub column: String,
    /// The domain of its values.
    #[serde(rename = "type")]
    pub domain: Domain,
    /// Its definition, in French.
    pub meaning: String,
    /// True when it is part of the identifier.
    #[serde(default)]
    pub identifier: bool,
    /// True when it may be missing.
    #[serde(default)]
    pub optional: bool,
    /// True when it is personal data.
    #[serde(default)]
    pub personal: bool,
}

/// The domain of a property's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Domain {
    /// A whole number.
    #[serde(rename = "entier")]
    Integer,
    /// A 32-bit number.
    #[serde(rename = "réel")]
    Real,
    /// A 64-bit number.
    #[serde(rename = "double")]
    Double,
    /// A text.
    #[serde(rename = "texte")]
    Text,
    /// Yes or no.
    #[serde(rename = "booléen")]
    Boolean,
    /// Seconds since 1970-01-01T00:00Z.
    #[serde(rename = "instant")]
    Instant,
    /// Hours since 1970-01-01T00:00Z.
    #[serde(rename = "heure")]
    Hour,
    /// A month, `YYYYMM`.
    #[serde(rename = "mois")]
    Month,
}

impl Domain {
    /// The type that this engine gives to the domain.
    pub fn sql(self, engine: Engine) -> &'static str {
        match (self, engine) {
            (Self::Text, _) => "TEXT",
            (Self::Real | Self::Double, Engine::Sqlite) => "REAL",
            (Self::Real, Engine::Postgres) => "REAL",
            (Self::Double, Engine::Postgres) => "DOUBLE PRECISION",
            (Self::Boolean, Engine::Postgres) => "BOOLEAN",
            (_, Engine::Sqlite) => "INTEGER",
            (_, Engine::Postgres) => "BIGINT",
        }
    }

    pub(super) fn french(self) -> &'static str {
        match self {
            Self::Integer => "entier",
            Self::Real => "réel, 32 bits",
            Self::Double => "réel, 64 bits",
            Self::Text => "texte",
            Self::Boolean => "booléen",
            Self::Instant => "instant, à la seconde",
            Self::Hour => "heure",
            Self::Month => "mois",
        }
    }
}

/// An association between entities.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Association {
    /// Its French name, a verb.
    pub name: String,
    /// The management rules that it follows.
    pub rules: Vec<String>,
    /// The table that it becomes, when none of its legs has 1 as maximum.
    pub table: Option<String>,
    /// The entity that the others determine: a functional integrity constraint (CIF).
    pub determines: Option<String>,
    /// True when taking part is personal data.
    #[serde(default)]
    pub personal: bool,
    /// The entities that take part, two or more.
    pub legs: Vec<Leg>,
    /// Its own properties.
    #[serde(default)]
    pub properties: Vec<Property>,
}

/// The part of an entity in an association.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leg {
    /// The name of the entity.
    pub entity: String,
    /// The least and the most times that it takes part.
    pub cardinality: Cardinality,
    /// True when the entity is identified by way of this association.
    #[serde(default)]
    pub relative: bool,
    /// The part it plays, when the entity takes part twice.
    pub role: Option<String>,
    /// The name of the foreign key in the table, when the identifier's would be ambiguous.
    pub column: Option<String>,
}

/// How many times an occurrence of an entity takes part in an association: minimum, maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Cardinality {
    /// At most once.
    #[serde(rename = "0,1")]
    ZeroOne,
    /// Exactly once.
    #[serde(rename = "1,1")]
    OneOne,
    /// Any number of times.
    #[serde(rename = "0,n")]
    ZeroMany,
    /// Once or more.
    #[serde(rename = "1,n")]
    OneMany,
}

impl Cardinality {
    /// True when the maximum is 1.
    pub fn is_single(self) -> bool {
        matches!(self, Self::ZeroOne | Self::OneOne)
    }

    /// The cardinality as Merise writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ZeroOne => "0,1",
            Self::OneOne => "1,1",
            Self::ZeroMany => "0,n",
            Self::OneMany => "1,n",
        }
    }
}

/// A functional dependency: two rows with the same left side have the same right side.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dependency {
    /// The data that determine.
    pub from: Vec<String>,
    /// The data that they determine.
    pub to: Vec<String>,
    /// The management rule that says so; none for a technical table.
    pub rule: Option<String>,
}

impl Association {
    /// The leg whose entity takes part at most once: the foreign key goes to its table.
    pub(super) fn single_leg(&self) -> Option<&Leg> {
        let mut single = self.legs.iter().filter(|leg| leg.cardinality.is_single());
        // With two single legs, the one that must take part holds the key.
        single
            .clone()
            .find(|leg| leg.cardinality == Cardinality::OneOne)
            .or_else(|| single.next())
            .filter(|_| self.legs.len() == 2)
    }
}

impl Model {
    pub(super) fn entity(&self, name: &str) -> Result<&Entity, String> {
        let mut entities = self.entities.iter();
        entities
            .find(|entity| entity.name == name)
            .ok_or_else(|| format!("no entity is called {name}"))
    }

    /// Every property of the conceptual model, with the object that holds it.
    pub(super) fn properties(&self) -> impl Iterator<Item = (&str, &Property)> {
        let entities = self.entities.iter().flat_map(|entity| {
            let properties = entity.properties.iter();
            properties.map(|property| (entity.name.as_str(), property))
        });
        let associations = self.associations.iter().flat_map(|association| {
            let properties = association.properties.iter();
            properties.map(|property| (association.name.as_str(), property))
        });
        entities.chain(associations)
    }

    /// Faults of the conceptual model: an entity without an identifier or without an association,
    /// a property told twice, a rule that nobody cites or that does not exist.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        faults.extend(
            self.entities
                .iter()
                .filter_map(|entity| self.entity_fault(entity)),
        );
        faults.extend(self.repeated_properties());
        faults.extend(self.rule_faults());
        faults
    }

    fn entity_fault(&self, entity: &Entity) -> Option<String> {
        let name = &entity.name;
        if !entity.properties.iter().any(|property| property.identifier) {
            return Some(format!("{name} has no identifier"));
        }

        let mut legs = self.associations.iter().flat_map(|one| &one.legs);
        (!legs.any(|leg| leg.entity == *name)).then(|| format!("{name} has no association"))
    }

    fn repeated_properties(&self) -> Vec<String> {
        let mut holders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (holder, property) in self.properties() {
            holders.entry(&property.name).or_default().push(holder);
        }

        holders.retain(|_, holders| holders.len() > 1);
        let told = |(name, holders): (&str, Vec<&str>)| {
            format!("`{name}` is told by {}", holders.join(" and "))
        };
        holders.into_iter().map(told).collect()
    }

    fn rule_faults(&self) -> Vec<String> {
        let by_associations = self.associations.iter().flat_map(|one| &one.rules);
        let by_dependencies = self.dependencies.iter().filter_map(|one| one.rule.as_ref());
        let cited: Vec<&String> = by_associations.chain(by_dependencies).collect();

        let unused = self.rules.iter().filter(|rule| !cited.contains(&&rule.id));
        let unused = unused.map(|rule| format!("nothing cites {}", rule.id));
        let unknown = cited
            .iter()
            .filter(|id| !self.rules.iter().any(|rule| rule.id == ***id))
            .map(|id| format!("no rule is called {id}"));
        unused.chain(unknown).collect()
    }
}
