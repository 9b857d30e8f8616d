//! The operator's own database, as its software keeps it: a SQLite file.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc};
use filrouge_storage::{move_into_place, replace_file};
use rand::RngExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, QueryBuilder, Sqlite, SqliteConnection};

use super::people::{Subscriber, subscribers};
use crate::city::City;
use crate::publication::OPENING;
use crate::seed::{Seed, Stream};

const SCHEMA: &str = include_str!("operator/schema.sql");

/// Rows written by one statement: SQLite takes 32,766 parameters at most.
const ROWS: usize = 500;

/// Replaces the database at `path` by the one of `now`.
pub(super) async fn write(city: &City, path: &Path, now: DateTime<Utc>) -> Result<()> {
    // Beside its target, in the same file system: a rename is enough.
    let part = path.with_file_name(".operator.sqlite.part");
    match tokio::fs::remove_file(&part).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(error).with_context(|| format!("cannot replace {}", part.display()));
        }
        _ => {}
    }

    // As private as its folder; SQLite would open it to everybody.
    replace_file(&part, "").with_context(|| format!("cannot write {}", part.display()))?;
    fill(city, &part, now)
        .await
        .with_context(|| format!("cannot write the database {}", part.display()))?;

    // SQLite did not flush: one flush of the finished file is enough.
    tokio::fs::File::open(&part).await?.sync_all().await?;
    move_into_place(&part, path).with_context(|| format!("cannot write {}", path.display()))
}

async fn fill(city: &City, part: &Path, now: DateTime<Utc>) -> Result<()> {
    // The file is not the database yet: a crash leaves nothing to repair.
    let options = SqliteConnectOptions::new()
        .filename(part)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off);
    let mut connection = options.connect().await?;

    sqlx::raw_sql(SCHEMA).execute(&mut connection).await?;
    let mut transaction = connection.begin().await?;
    insert_stations(city, &mut transaction).await?;
    let people = subscribers(city.seed(), now.date_naive());
    insert_subscribers(&people, &mut transaction).await?;
    insert_subscriptions(&people, &mut transaction).await?;
    insert_maintenance(city, now, &mut transaction).await?;

    transaction.commit().await?;
    connection.close().await?;
    Ok(())
}

async fn insert_stations(city: &City, connection: &mut SqliteConnection) -> Result<()> {
    let mut insert = QueryBuilder::<Sqlite>::new(
        "INSERT INTO stations (station_id, name, district, latitude, longitude, capacity, installed_on) ",
    );

    insert.push_values(city.stations(), |mut row, station| {
        row.push_bind(station.station_id.as_str())
            .push_bind(&station.name)
            .push_bind(&station.district)
            .push_bind(station.latitude)
            .push_bind(station.longitude)
            .push_bind(station.capacity)
            .push_bind(OPENING);
    });

    insert.build().execute(connection).await?;
    Ok(())
}

async fn insert_subscribers(
    people: &[Subscriber],
    connection: &mut SqliteConnection,
) -> Result<()> {
    let people: Vec<_> = people.iter().zip(1_i64..).collect();
    for rows in people.chunks(ROWS) {
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO subscribers (subscriber_id, first_name, last_name, birth_date, email, district, signed_up_on) ",
        );

        insert.push_values(rows, |mut row, (person, id)| {
            row.push_bind(*id)
                .push_bind(person.first_name)
                .push_bind(person.last_name)
                .push_bind(person.birth_date)
                .push_bind(email(person, *id))
                .push_bind(person.district)
                .push_bind(person.signed_up_on);
        });

        insert.build().execute(&mut *connection).await?;
    }

    Ok(())
}

async fn insert_subscriptions(
    people: &[Subscriber],
    connection: &mut SqliteConnection,
) -> Result<()> {
    let subscriptions = people.iter().zip(1_i64..).flat_map(|(person, id)| {
        person
            .subscriptions
            .iter()
            .map(move |subscription| (id, subscription))
    });

    let subscriptions: Vec<_> = subscriptions.collect();
    for rows in subscriptions.chunks(ROWS) {
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO subscriptions (subscriber_id, plan, starts_on, ends_on, price_cents) ",
        );

        insert.push_values(rows, |mut row, (id, subscription)| {
            row.push_bind(*id)
                .push_bind(subscription.plan)
                .push_bind(subscription.starts_on)
                .push_bind(subscription.ends_on)
                .push_bind(subscription.price_cents);
        });

        insert.build().execute(&mut *connection).await?;
    }

    Ok(())
}

async fn insert_maintenance(
    city: &City,
    now: DateTime<Utc>,
    connection: &mut SqliteConnection,
) -> Result<()> {
    let records = maintenance(city, now);
    for rows in records.chunks(ROWS) {
        let mut insert = QueryBuilder::<Sqlite>::new(
            "INSERT INTO maintenance (station_id, kind, description, reported_at, closed_at) ",
        );

        insert.push_values(rows, |mut row, record| {
            row.push_bind(record.station)
                .push_bind(record.kind)
                .push_bind(record.description)
                .push_bind(record.reported_at)
                .push_bind(record.closed_at);
        });

        insert.build().execute(&mut *connection).await?;
    }

    Ok(())
}

/// Names without accents or spaces, and a number: no two people share an address.
fn email(person: &Subscriber, id: i64) -> String {
    let plain = |name: &str| name.chars().filter_map(plain_letter).collect::<String>();
    format!(
        "{}.{}.{id}@courriel.example",
        plain(person.first_name),
        plain(person.last_name)
    )
}

fn plain_letter(letter: char) -> Option<char> {
    match letter {
        'è' | 'é' | 'ê' | 'ë' | 'É' => Some('e'),
        'ï' | 'î' => Some('i'),
        'ô' => Some('o'),
        letter => letter
            .is_ascii_alphabetic()
            .then(|| letter.to_ascii_lowercase()),
    }
}

/// One visit of a technician, done or to come.
struct Maintenance<'a> {
    station: &'a str,
    kind: &'static str,
    description: &'static str,
    reported_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
}

const KINDS: [(&str, &str); 5] = [
    ("dock", "Point d’attache bloqué"),
    ("terminal", "Borne : écran illisible"),
    ("power", "Coupure d’alimentation"),
    ("cleaning", "Nettoyage après dégradation"),
    ("network", "Station injoignable"),
];

/// All visits asked for until `now`, day by day.
fn maintenance(city: &City, now: DateTime<Utc>) -> Vec<Maintenance<'_>> {
    let days = OPENING
        .iter_days()
        .take_while(|date| *date <= now.date_naive());
    let of_day = |date: NaiveDate| {
        city.stations()
            .iter()
            .zip(0_i64..)
            .filter_map(move |(station, index)| {
                visit(city.seed(), date, index, station.station_id.as_str(), now)
            })
    };
    days.flat_map(of_day).collect()
}

fn visit(
    seed: Seed,
    date: NaiveDate,
    index: i64,
    station: &str,
    now: DateTime<Utc>,
) -> Option<Maintenance<'_>> {
    let mut chance = seed.generator(
        Stream::Maintenance,
        // Room for 256 stations: two visits never share a generator.
        (i64::from(date.num_days_from_ce()) << 8) + index,
    );
    // About one visit a month and station.
    if !chance.random_bool(0.035) {
        return None;
    }

    let (kind, description) = KINDS[chance.random_range(0..KINDS.len())];
    // Told between 5:00 and 20:00, mended within three days.
    let reported_at = date.and_time(NaiveTime::MIN).and_utc()
        + TimeDelta::minutes(chance.random_range(300..1200));
    let closed_at = reported_at + TimeDelta::minutes(chance.random_range(45..4000));
    let closed_at = (closed_at <= now).then_some(closed_at);

    (reported_at <= now).then_some(Maintenance {
        station,
        kind,
        description,
        reported_at,
        closed_at,
    })
}
