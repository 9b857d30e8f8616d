use chrono::{Datelike, NaiveDate, Weekday};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::calendar::is_working_day;
use crate::seed::{Seed, Stream};

/// One booking of one place.
pub(super) struct Slot {
    pub(super) title: &'static str,
    /// Index in [`crate::geography::VENUES`].
    pub(super) venue: usize,
    /// Local hour and minute.
    pub(super) opens: (u32, u32),
    pub(super) minutes: i64,
    pub(super) attendance: u32,
}

/// A kind of event: when it may take place, how often it then does, and how many come.
struct Kind {
    titles: &'static [&'static str],
    venue: usize,
    may: fn(NaiveDate) -> bool,
    chance: f64,
    opens: (u32, u32),
    minutes: i64,
    crowd: std::ops::Range<u32>,
}

pub(super) fn of_the_day(seed: Seed, date: NaiveDate) -> Vec<Slot> {
    let mut chance = seed.generator(Stream::Event, i64::from(date.num_days_from_ce()));
    KINDS
        .iter()
        .filter_map(|kind| kind.draw(date, &mut chance))
        .collect()
}

impl Kind {
    fn draw(&self, date: NaiveDate, chance: &mut ChaCha8Rng) -> Option<Slot> {
        // No draw on other days: a new kind moves only the days it may fall on.
        let drawn = (self.may)(date) && chance.random_bool(self.chance);
        drawn.then(|| Slot {
            title: self.titles[chance.random_range(0..self.titles.len())],
            venue: self.venue,
            opens: self.opens,
            minutes: self.minutes,
            // As an agenda announces it.
            attendance: chance.random_range(self.crowd.clone()) / 50 * 50,
        })
    }
}

static KINDS: [Kind; 8] = [
    Kind {
        titles: &[
            "Football : Rivemont reçoit Valbrune",
            "Rugby : derby de la Rive",
            "Football : match de coupe",
        ],
        venue: 0,
        // No championship is played in June and July.
        may: |date| date.weekday() == Weekday::Sat && !(6..=7).contains(&date.month()),
        chance: 0.55,
        opens: (20, 0),
        minutes: 130,
        crowd: 6_000..12_000,
    },
    Kind {
        titles: &[
            "Athlétisme : meeting régional",
            "Courses scolaires",
            "Football féminin : championnat",
        ],
        venue: 0,
        may: |date| matches!(date.weekday(), Weekday::Wed | Weekday::Sun),
        chance: 0.25,
        opens: (14, 0),
        minutes: 240,
        crowd: 1_500..5_000,
    },
    Kind {
        titles: &[
            "Concert : Les Marées Hautes",
            "Concert symphonique",
            "Concert : Orage d’Été",
            "Soirée jazz",
        ],
        venue: 1,
        may: |date| matches!(date.weekday(), Weekday::Thu | Weekday::Fri | Weekday::Sat),
        chance: 0.4,
        opens: (20, 30),
        minutes: 150,
        crowd: 2_000..7_000,
    },
    Kind {
        titles: &["Grand marché"],
        venue: 2,
        may: |date| matches!(date.weekday(), Weekday::Wed | Weekday::Sat),
        chance: 0.97,
        opens: (8, 0),
        minutes: 300,
        crowd: 2_500..5_500,
    },
    Kind {
        titles: &[
            "Brocante de la Vieille-Ville",
            "Fête du livre",
            "Marché des potiers",
        ],
        venue: 2,
        may: |date| date.weekday() == Weekday::Sun && (3..=10).contains(&date.month()),
        chance: 0.35,
        opens: (9, 0),
        minutes: 540,
        crowd: 2_000..6_000,
    },
    Kind {
        titles: &[
            "Théâtre : Le Passeur",
            "Théâtre : Trois Saisons",
            "Danse : Contretemps",
        ],
        venue: 3,
        may: |date| {
            matches!(date.weekday(), Weekday::Tue | Weekday::Thu | Weekday::Fri)
                && date.month() != 8
        },
        chance: 0.3,
        opens: (19, 30),
        minutes: 150,
        crowd: 800..1_600,
    },
    Kind {
        titles: &[
            "Salon de l’habitat",
            "Forum des métiers",
            "Salon du tourisme",
        ],
        venue: 4,
        may: is_working_day,
        chance: 0.14,
        opens: (9, 0),
        minutes: 540,
        crowd: 2_000..5_000,
    },
    Kind {
        titles: &[
            "Festival Les Nuits du Belvédère",
            "Cinéma en plein air",
            "Fête du parc",
        ],
        venue: 5,
        may: |date| (5..=9).contains(&date.month()) && date.weekday().num_days_from_monday() >= 4,
        chance: 0.45,
        opens: (18, 0),
        minutes: 330,
        crowd: 2_500..9_000,
    },
];
