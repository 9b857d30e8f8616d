//! The checks of readiness: reading, writing, integrity, age of the data, signature of the audit log.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use filrouge_database::gdpr::AuditEnds;
use filrouge_database::{Database, DatabaseError};
use filrouge_http::{HealthCheck, Readiness};
use filrouge_types::Clock;
use tokio::sync::{Mutex, OnceCell};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// Time that one check has: all are asked at once, and a probe hears within a second.
const TIME_LIMIT: Duration = Duration::from_millis(700);
/// Time that an outcome stands: a probe is open to anybody, and one of its checks writes.
const FRESHNESS: Duration = Duration::from_secs(1);
/// The chain refreshes every hour: two hours without a collection is one that was missed.
const REFRESH: TimeDelta = TimeDelta::hours(2);

/// The checks of this database.
pub(crate) fn readiness(database: Database, clock: Arc<dyn Clock>) -> Readiness {
    let checks = Arc::new(Checks {
        database,
        clock,
        integrity: OnceCell::new(),
        write: Mutex::default(),
        last: Mutex::default(),
    });

    Readiness::of_checks(move || {
        let checks = Arc::clone(&checks);
        async move { checks.ask().await }
    })
}

struct Checks {
    database: Database,
    clock: Arc<dyn Clock>,
    /// Found once: reading the whole file takes too long for a probe.
    integrity: OnceCell<HealthCheck>,
    /// The last try to write, which may still wait for another writer.
    write: Mutex<Option<JoinHandle<Result<(), DatabaseError>>>>,
    last: Mutex<Option<(Instant, Vec<HealthCheck>)>>,
}

impl Checks {
    async fn ask(self: Arc<Self>) -> Vec<HealthCheck> {
        let mut last = self.last.lock().await;
        if let Some((_, known)) = last.as_ref().filter(|(at, _)| at.elapsed() < FRESHNESS) {
            return known.clone();
        }

        let (read, write, integrity, freshness, audit_log) = tokio::join!(
            self.read(),
            self.write(),
            Self::integrity(&self),
            self.freshness(),
            self.audit_log()
        );
        let checks = vec![read, write, integrity, freshness, audit_log];

        *last = Some((Instant::now(), checks.clone()));
        checks
    }

    async fn read(&self) -> HealthCheck {
        match tokio::time::timeout(TIME_LIMIT, self.database.ping()).await {
            Ok(Ok(())) => HealthCheck::ok("read"),
            Ok(Err(error)) => {
                tracing::warn!(%error, "database does not answer");
                HealthCheck::failed("read", "la base de données ne répond pas")
            }
            Err(_) => HealthCheck::failed("read", "la base de données ne répond pas à temps"),
        }
    }

    /// Tries to write, one try at a time: given up, each would keep a connection until its end.
    async fn write(&self) -> HealthCheck {
        let mut trying = self.write.lock().await;
        let task = trying.get_or_insert_with(|| {
            let database = self.database.clone();
            tokio::spawn(async move { database.ping_for_writing().await })
        });

        let Ok(tried) = tokio::time::timeout(TIME_LIMIT, task).await else {
            return HealthCheck::degraded("write", "l’écriture attend la fin d’une autre");
        };
        *trying = None;

        match tried {
            Ok(Ok(())) => HealthCheck::ok("write"),
            Ok(Err(error)) if error.is_overload() => {
                HealthCheck::degraded("write", "l’écriture attend la fin d’une autre")
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "nothing can be written to the database");
                HealthCheck::failed("write", "la base de données n’accepte aucune écriture")
            }
            Err(_) => HealthCheck::failed("write", "l’essai d’écriture s’est arrêté net"),
        }
    }

    async fn integrity(this: &Arc<Self>) -> HealthCheck {
        if let Some(found) = this.integrity.get() {
            return found.clone();
        }

        let checks = Arc::clone(this);
        // The first probes do not wait for it: the cell lets one task in at a time.
        let checking = tokio::spawn(async move {
            let find = || find_faults(&checks.database);
            checks.integrity.get_or_try_init(find).await.cloned()
        });
        match tokio::time::timeout(TIME_LIMIT, checking).await {
            Ok(Ok(Ok(found))) => found,
            _ => HealthCheck::degraded("integrity", "la vérification de la base n’est pas finie"),
        }
    }

    async fn freshness(&self) -> HealthCheck {
        let asked = tokio::time::timeout(TIME_LIMIT, self.age()).await;
        match asked {
            Ok(Ok(found)) => found,
            _ => HealthCheck::degraded("freshness", "l’âge des données n’est pas connu"),
        }
    }

    async fn audit_log(&self) -> HealthCheck {
        let asked = tokio::time::timeout(TIME_LIMIT, self.database.audit_signature()).await;
        match asked {
            Ok(Ok(ends)) => audit_log(ends),
            _ => HealthCheck::degraded(
                "audit_log",
                "la signature du journal des accès ne peut être lue",
            ),
        }
    }

    async fn age(&self) -> Result<HealthCheck, DatabaseError> {
        let until = self.database.last_hour().await?;
        let collected = self.database.last_collection().await?;
        Ok(freshness(
            until.map(|hour| hour.start()),
            collected,
            self.clock.now(),
        ))
    }
}

async fn find_faults(database: &Database) -> Result<HealthCheck, DatabaseError> {
    let faults = database.check_integrity().await?;
    let Some(first) = faults.first() else {
        return Ok(HealthCheck::ok("integrity"));
    };

    tracing::error!(faults = faults.len(), first, "the database is damaged");
    Ok(HealthCheck::failed(
        "integrity",
        "la base est endommagée : `filrouge doctor --repair` dit comment la rétablir",
    ))
}

/// Reading goes on without a signature; somebody must know that a cut would not show.
fn audit_log(ends: AuditEnds) -> HealthCheck {
    let detail = match ends {
        AuditEnds::Unsealed | AuditEnds::Whole => return HealthCheck::ok("audit_log"),
        AuditEnds::Behind => "les dernières lignes du journal des accès ne sont pas signées",
        AuditEnds::Missing => "la signature du journal des accès a disparu",
        AuditEnds::Forged => "la signature du journal des accès n’est pas la nôtre",
        AuditEnds::Cut => "le journal des accès a été coupé",
    };
    HealthCheck::degraded("audit_log", detail)
}

/// A publisher may be a month late: the age of the data is told, the age of the last collection
/// alone is judged.
fn freshness(
    until: Option<DateTime<Utc>>,
    collected: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> HealthCheck {
    let Some(until) = until else {
        return HealthCheck::degraded("freshness", "aucune heure n’est encore importée");
    };
    let data = format!("données jusqu’au {until}");

    match collected {
        Some(at) if now - at <= REFRESH => HealthCheck {
            detail: Some(data.into()),
            ..HealthCheck::ok("freshness")
        },
        Some(at) => HealthCheck::degraded(
            "freshness",
            format!("{data} ; la dernière collecte date du {at}"),
        ),
        None => HealthCheck::degraded("freshness", format!("{data} ; aucune collecte connue")),
    }
}
