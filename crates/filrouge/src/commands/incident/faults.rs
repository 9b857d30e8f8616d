//! The faults that a demonstration can play, each with the place where it shows.

use filrouge_city::IncidentKind;

/// A fault by its name.
#[derive(Debug)]
pub(super) struct PlayedFault {
    pub(super) name: &'static str,
    /// The fault, in French.
    pub(super) says: &'static str,
    /// Where it shows, and when.
    pub(super) seen: &'static str,
    pub(super) kind: PlayedKind,
}

/// How a fault is brought in.
#[derive(Debug)]
pub(super) enum PlayedKind {
    /// The city lives or publishes otherwise, from this hour on.
    City(fn() -> IncidentKind),
    /// The file of the version that serves is cut in two.
    TruncatedModel,
    /// The right to write in the state is held, as an import that does not end holds it.
    HeldWriting,
}

use PlayedKind::{City, HeldWriting, TruncatedModel};

#[rustfmt::skip]
pub(super) const FAULTS: [PlayedFault; 8] = [
    PlayedFault { name: "demande-plus-30", says: "les départs augmentent de 30 %",
        seen: "/monitoring : le biais relatif sort de ses limites en un jour au plus",
        kind: City(|| IncidentKind::DemandShift { factor: 1.3 }) },
    PlayedFault { name: "nouvelle-habitude", says: "les départs se font deux heures plus tard",
        seen: "/monitoring : la dispersion horaire sort de ses limites en un jour au plus",
        kind: City(|| IncidentKind::NewHabit) },
    PlayedFault { name: "capteur-fige", says: "la météo répète la même mesure",
        seen: "/monitoring : la dérive des entrées, après un jour entier",
        kind: City(|| IncidentKind::FrozenSensor) },
    PlayedFault { name: "unite-changee", says: "la météo donne des degrés Fahrenheit",
        seen: "/v1/quality de l’API de données : lignes hors des bornes ; /monitoring : dérive des entrées",
        kind: City(|| IncidentKind::UnitChange) },
    PlayedFault { name: "source-muette", says: "le flux GBFS répond 503",
        seen: "/health/ready de l’API de données : freshness, deux heures après ; journaux de la collecte aussitôt",
        kind: City(|| IncidentKind::FeedDown { path: "/gbfs".to_owned() }) },
    PlayedFault { name: "champs-renommes", says: "station_status change le nom de ses champs",
        seen: "/v1/runs de l’API de données : la source est en échec à la collecte suivante",
        kind: City(|| IncidentKind::SchemaChange) },
    PlayedFault { name: "modele-tronque", says: "le fichier de la version en service est coupé en deux",
        seen: "/health/ready de l’API du modèle, une fois relancée : une autre version sert à sa place, et le dit",
        kind: TruncatedModel },
    PlayedFault { name: "ecriture-retenue", says: "un programme garde le droit d’écrire dans l’état",
        seen: "`filrouge import` attend une minute, puis refuse et nomme ce programme",
        kind: HeldWriting },
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_fault_has_a_name_of_its_own_and_says_where_it_shows() {
        let names: HashSet<_> = FAULTS.iter().map(|fault| fault.name).collect();
        assert_eq!(names.len(), FAULTS.len());
        assert!(
            FAULTS
                .iter()
                .all(|fault| !fault.says.is_empty() && !fault.seen.is_empty())
        );
    }
}
