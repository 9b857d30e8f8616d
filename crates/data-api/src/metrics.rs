//! The metrics that the data API declares beside those of every service: age of the data and of the
//! purge, connections to the database.

use chrono::{DateTime, Utc};
use filrouge_database::{Database, DatabaseError};
use filrouge_http::{Catalogue, MetricSpec, Unit};
use prometheus::{Error, Gauge};

const CONNECTIONS: Unit = Unit::Count("connexions");

/// Asked of the database each time that somebody reads them.
#[derive(Debug, Clone)]
pub(crate) struct DataMetrics {
    last_hour: Gauge,
    last_collection: Gauge,
    last_purge: Gauge,
    busy: Gauge,
    limit: Gauge,
}

impl DataMetrics {
    pub(crate) fn new(catalogue: &mut Catalogue) -> Result<Self, Error> {
        let mut gauge = |name, unit, meaning| {
            catalogue.gauge(MetricSpec {
                name,
                unit,
                labels: &[],
                meaning,
            })
        };

        Ok(Self {
            last_hour: gauge(
                "data_last_hour_timestamp_seconds",
                Unit::Instant,
                "Début de la dernière heure importée dans la base ; 0 quand il n’y en a aucune.",
            )?,
            last_collection: gauge(
                "data_last_collection_timestamp_seconds",
                Unit::Instant,
                "Fin de la dernière collecte importée ; 0 quand il n’y en a aucune.",
            )?,
            last_purge: gauge(
                "personal_data_last_purge_timestamp_seconds",
                Unit::Instant,
                "Dernière purge des données personnelles, d’après le journal des accès ; 0 quand il n’y en a aucune.",
            )?,
            busy: gauge(
                "database_busy_connections",
                CONNECTIONS,
                "Connexions à la base qui travaillent à cet instant.",
            )?,
            limit: gauge(
                "database_connections_limit",
                CONNECTIONS,
                "Connexions à la base que le service peut ouvrir.",
            )?,
        })
    }

    /// Measures the database now. A figure that it does not give keeps its last value.
    pub(crate) async fn sample(self, database: Database) {
        let load = database.load();
        self.busy.set(load.busy.into());
        self.limit.set(load.limit.into());

        if let Err(error) = self.ask(&database).await {
            tracing::debug!(%error, "the ages of the data are not known");
        }
    }

    async fn ask(&self, database: &Database) -> Result<(), DatabaseError> {
        let last_hour = database.last_hour().await?.map(|hour| hour.start());
        show(&self.last_hour, last_hour);
        show(&self.last_collection, database.last_collection().await?);
        show(&self.last_purge, database.last_action("purge").await?);
        Ok(())
    }
}

/// 0 is far in the past: an instant that never was is late.
fn show(gauge: &Gauge, instant: Option<DateTime<Utc>>) {
    gauge.set(instant.map_or(0.0, |instant| instant.timestamp() as f64));
}
