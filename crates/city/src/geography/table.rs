//! The tables: every name is invented or common to most French towns.

use super::{Character, Counter, District, Site, Venue};

/// Districts, by index.
pub(crate) static DISTRICTS: [District; 7] = [
    District { id: "gare", name: "Quartier de la Gare" },
    District { id: "vieille-ville", name: "Vieille-Ville" },
    District { id: "prairies", name: "Les Prairies" },
    District { id: "universite", name: "Université" },
    District { id: "confluence", name: "La Confluence" },
    District { id: "saint-roch", name: "Saint-Roch" },
    District { id: "coteaux", name: "Les Coteaux" },
];

/// Stations, by index: name, district, (latitude, longitude), docks, character, departures on a mild working day.
pub(crate) static STATIONS: [Site; 40] = [
    site("Gare – Parvis", 0, (45.60423, 4.08375), 80, Character::Transit, 339.0),
    site("Rue de la Gare", 0, (45.60212, 4.08883), 80, Character::Transit, 138.0),
    site("Place de l’Étoile", 0, (45.61268, 4.09561), 62, Character::Work, 108.0),
    site("Boulevard Thermal", 0, (45.61079, 4.08577), 50, Character::Work, 77.0),
    site("Palais des Congrès", 0, (45.60795, 4.08670), 46, Character::Leisure, 69.0),
    site("Rue des Tanneurs", 0, (45.60396, 4.09777), 50, Character::Home, 62.0),
    site("Place du Marché", 1, (45.60408, 4.10521), 80, Character::Leisure, 163.0),
    site("Hôtel de Ville", 1, (45.59764, 4.10216), 78, Character::Work, 142.0),
    site("Rue de la République", 1, (45.60471, 4.09297), 74, Character::Leisure, 132.0),
    site("Place Saint-Médard", 1, (45.60131, 4.10292), 58, Character::Leisure, 99.0),
    site("Théâtre de la Rive", 1, (45.60007, 4.09452), 52, Character::Leisure, 81.0),
    site("Quai des Mégissiers", 1, (45.60507, 4.10123), 54, Character::Leisure, 90.0),
    site("Rue des Écoles", 1, (45.60010, 4.09854), 48, Character::Home, 57.0),
    site("Stade des Prairies", 2, (45.61323, 4.11183), 48, Character::Leisure, 74.0),
    site("Allée des Peupliers", 2, (45.60780, 4.10969), 44, Character::Home, 46.0),
    site("Rue du Gué", 2, (45.61588, 4.10524), 38, Character::Home, 40.0),
    site("Piscine Olympique", 2, (45.60637, 4.11515), 42, Character::Leisure, 57.0),
    site("Avenue de l’Hippodrome", 2, (45.60928, 4.11359), 46, Character::Home, 51.0),
    site("Campus – Bibliothèque", 3, (45.58914, 4.11033), 80, Character::Work, 179.0),
    site("Campus – Sciences", 3, (45.59567, 4.10782), 66, Character::Work, 118.0),
    site("Cité Universitaire", 3, (45.58771, 4.11720), 80, Character::Home, 142.0),
    site("Rue du Belvédère", 3, (45.58406, 4.10839), 46, Character::Home, 51.0),
    site("Hôpital Sainte-Claire", 3, (45.59279, 4.11496), 62, Character::Work, 108.0),
    site("Avenue de l’Observatoire", 3, (45.58550, 4.11230), 48, Character::Home, 57.0),
    site("La Confluence – Tram", 4, (45.59283, 4.12235), 80, Character::Transit, 196.0),
    site("Grande Halle", 4, (45.60341, 4.12673), 52, Character::Leisure, 81.0),
    site("Technopole Nord", 4, (45.59739, 4.12654), 80, Character::Work, 147.0),
    site("Technopole Sud", 4, (45.59999, 4.12440), 72, Character::Work, 128.0),
    site("Quai de la Douane", 4, (45.59594, 4.11375), 52, Character::Work, 81.0),
    site("Rue des Entrepôts", 4, (45.60202, 4.11667), 46, Character::Work, 69.0),
    site("Place Saint-Roch", 5, (45.58740, 4.08215), 66, Character::Home, 90.0),
    site("Rue des Vergers", 5, (45.59597, 4.08771), 46, Character::Home, 54.0),
    site("Église Saint-Roch", 5, (45.58449, 4.08337), 46, Character::Home, 51.0),
    site("Faubourg du Midi", 5, (45.59219, 4.08304), 70, Character::Transit, 95.0),
    site("Rue de la Fontaine", 5, (45.58431, 4.08884), 42, Character::Home, 43.0),
    site("Les Coteaux – Terminus", 6, (45.59989, 4.08346), 60, Character::Transit, 81.0),
    site("Chemin des Vignes", 6, (45.59832, 4.07550), 36, Character::Home, 36.0),
    site("Rue du Vieux-Pressoir", 6, (45.60640, 4.07346), 34, Character::Home, 33.0),
    site("Place des Acacias", 6, (45.60905, 4.07462), 46, Character::Home, 54.0),
    site("Route de Beauregard", 6, (45.59719, 4.07082), 34, Character::Home, 31.0),
];

/// Places that draw crowds, by index.
pub(crate) static VENUES: [Venue; 6] = [
    Venue { name: "Stade des Prairies", district: 2 },
    Venue { name: "Grande Halle", district: 4 },
    Venue { name: "Place du Marché", district: 1 },
    Venue { name: "Théâtre de la Rive", district: 1 },
    Venue { name: "Palais des Congrès", district: 0 },
    Venue { name: "Parc du Belvédère", district: 3 },
];

/// Municipal counters: their names stay within ISO-8859-1, in which the city writes them.
pub(crate) static COUNTERS: [Counter; 6] = [
    counter("CPT-01", "Pont de la Rive, sens Gare", (45.60410, 4.09640), 0.34),
    counter("CPT-02", "Pont de la Rive, sens Vieille-Ville", (45.60398, 4.09655), 0.31),
    counter("CPT-03", "Boulevard de l'Université", (45.59210, 4.11020), 0.22),
    counter("CPT-04", "Voie verte des Prés", (45.60880, 4.11490), 0.12),
    counter("CPT-05", "Quai des Mégissiers", (45.59870, 4.10310), 0.18),
    counter("CPT-06", "Montée des Coteaux", (45.60240, 4.08210), 0.07),
];

const fn site(
    name: &'static str,
    district: usize,
    (latitude, longitude): (f64, f64),
    capacity: u16,
    character: Character,
    volume: f64,
) -> Site {
    Site { name, district, latitude, longitude, capacity, character, volume }
}

const fn counter(id: &'static str, name: &'static str, (latitude, longitude): (f64, f64), share: f64) -> Counter {
    Counter { id, name, latitude, longitude, share }
}
