//! Subscribers: plausible people, none of them real. Names are drawn from two lists of common ones,
//! e-mail addresses belong to a domain that cannot exist (RFC 2606).

use chrono::{Datelike, Days, NaiveDate};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::geography::DISTRICTS;
use crate::publication::OPENING;
use crate::seed::{Seed, Stream};

/// One person who subscribed.
pub(super) struct Subscriber {
    pub(super) first_name: &'static str,
    pub(super) last_name: &'static str,
    pub(super) birth_date: NaiveDate,
    pub(super) district: &'static str,
    pub(super) signed_up_on: NaiveDate,
    pub(super) subscriptions: Vec<Subscription>,
}

/// One paid period.
pub(super) struct Subscription {
    pub(super) plan: &'static str,
    pub(super) starts_on: NaiveDate,
    /// Last day, or none for a period without end.
    pub(super) ends_on: Option<NaiveDate>,
    pub(super) price_cents: u32,
}

/// All who subscribed until `today`, in order.
pub(super) fn subscribers(seed: Seed, today: NaiveDate) -> Vec<Subscriber> {
    let days = OPENING.iter_days().take_while(|date| *date <= today);
    let of_day = |date: NaiveDate| {
        let mut chance = seed.generator(Stream::Subscriber, i64::from(date.num_days_from_ce()));
        let count = chance.random_range(0..6);
        (0..count)
            .map(move |_| subscriber(date, today, &mut chance))
            .collect::<Vec<_>>()
    };
    days.flat_map(of_day).collect()
}

fn subscriber(signed_up_on: NaiveDate, today: NaiveDate, chance: &mut ChaCha8Rng) -> Subscriber {
    // Two draws: most are young adults, some are old.
    let age_days = 16 * 366 + chance.random_range(0..30 * 365) * chance.random_range(40..=100) / 60;
    let subscriptions = subscriptions(signed_up_on, today, age_days / 365, chance);
    Subscriber {
        first_name: FIRST_NAMES[chance.random_range(0..FIRST_NAMES.len())],
        last_name: LAST_NAMES[chance.random_range(0..LAST_NAMES.len())],
        birth_date: signed_up_on - Days::new(age_days),
        district: DISTRICTS[chance.random_range(0..DISTRICTS.len())].name,
        signed_up_on,
        subscriptions,
    }
}

fn subscriptions(
    first: NaiveDate,
    today: NaiveDate,
    age: u64,
    chance: &mut ChaCha8Rng,
) -> Vec<Subscription> {
    if chance.random_bool(0.35) {
        let ends_on = first + Days::new(30 * chance.random_range(1..40));
        let ends_on = (ends_on <= today).then_some(ends_on);
        return vec![Subscription {
            plan: "monthly",
            starts_on: first,
            ends_on,
            price_cents: 690,
        }];
    }

    let (plan, price_cents) = if age < 26 {
        ("student", 1900)
    } else {
        ("annual", 3900)
    };
    let mut periods = Vec::new();
    let mut starts_on = first;

    while starts_on <= today {
        let ends_on = starts_on + Days::new(364);

        periods.push(Subscription {
            plan,
            starts_on,
            ends_on: Some(ends_on),
            price_cents,
        });

        starts_on = ends_on + Days::new(1);
        if !chance.random_bool(0.72) {
            break;
        }
    }

    periods
}

const FIRST_NAMES: [&str; 48] = [
    "Adèle",
    "Alban",
    "Amina",
    "Anaïs",
    "Antoine",
    "Awa",
    "Baptiste",
    "Béatrice",
    "Camille",
    "Chloé",
    "Clément",
    "Corentin",
    "Delphine",
    "Éléonore",
    "Élise",
    "Émile",
    "Farid",
    "Florence",
    "Gaëlle",
    "Hélène",
    "Hugo",
    "Inès",
    "Ismaël",
    "Jeanne",
    "Joël",
    "Juliette",
    "Karim",
    "Lamia",
    "Léo",
    "Lucie",
    "Maëlle",
    "Malik",
    "Margaux",
    "Mathilde",
    "Maxime",
    "Mehdi",
    "Nadia",
    "Noé",
    "Océane",
    "Paul",
    "Quentin",
    "Rania",
    "Rémi",
    "Salomé",
    "Solène",
    "Thibault",
    "Yanis",
    "Zoé",
];

const LAST_NAMES: [&str; 48] = [
    "Amblard",
    "Arnal",
    "Aubry",
    "Barrois",
    "Bellanger",
    "Benali",
    "Berthelot",
    "Besson",
    "Bonnefoy",
    "Bouvet",
    "Cadoret",
    "Chapuis",
    "Chevrier",
    "Colin",
    "Cordier",
    "Couture",
    "Delmas",
    "Diallo",
    "Duchêne",
    "Durieux",
    "Étienne",
    "Fabre",
    "Faivre",
    "Garnier",
    "Gaudin",
    "Girault",
    "Guérin",
    "Haddad",
    "Humbert",
    "Jacquet",
    "Lacombe",
    "Lafont",
    "Lemaire",
    "Maillard",
    "Mercadier",
    "Moreau",
    "N’Diaye",
    "Nguyen",
    "Pélissier",
    "Perrin",
    "Quéré",
    "Rivoire",
    "Roussel",
    "Sabatier",
    "Tessier",
    "Traoré",
    "Vasseur",
    "Verdier",
];
