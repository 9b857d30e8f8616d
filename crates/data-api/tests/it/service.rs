use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use filrouge_data_api::Config;
use filrouge_database::{
    Begun, CleanedSource, CollectedFile, CollectedSource, CollectionRun, Database, Event,
    RuleCount, StationStatus,
};
use filrouge_http::{Client, Limits, RateLimit, Revocations, SecretHash, SigningKey};
use filrouge_types::{
    Conditions, FixedClock, Hour, Secret, Station, StationHour, StationId, Weather,
};
use http_body_util::BodyExt;
use tower::ServiceExt;

pub(crate) const SECRET: &str = "the-secret-of-every-test-client";
pub(crate) const STATIONS: [&str; 3] = ["RIV-001", "RIV-002", "RIV-003"];

/// A service with three stations, 24 known hours from [`first_hour`] and 6 hours to come.
pub(crate) struct TestService {
    pub(crate) router: Router,
    pub(crate) clock: FixedClock,
    pub(crate) database: Database,
    pub(crate) signing_key: Vec<u8>,
    _folder: Option<tempfile::TempDir>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

pub(crate) fn now() -> DateTime<Utc> {
    "2026-03-02T00:20:00Z".parse().unwrap()
}

pub(crate) fn first_hour() -> Hour {
    "2026-03-01T00:00:00Z".parse().unwrap()
}

impl TestService {
    pub(crate) async fn start() -> Self {
        Self::start_with(Limits::default()).await
    }

    pub(crate) async fn start_with(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.sqlite");
        let database = Database::open_file(&path).await.unwrap();

        let mut service = Self::serve(database, limits).await;
        service._folder = Some(folder);
        service
    }

    /// The same service on an empty database of any engine.
    pub(crate) async fn start_on(database: Database) -> Self {
        Self::serve(database, Limits::default()).await
    }

    async fn serve(database: Database, limits: Limits) -> Self {
        fill(&database).await;
        let clock = FixedClock::at(now());
        let signing_key = SigningKey::generate().unwrap();

        let pkcs8 = signing_key.pkcs8().to_vec();
        let config = Config {
            database: database.clone(),
            clients: vec![
                client("reader", &["data:read"]),
                client("exporter", &["data:export"]),
                client("auditor", &["quality:read"]),
                client("officer", &["gdpr:admin"]),
                client("predictor", &["model:predict"]),
            ],
            signing_key,
            former_keys: Vec::new(),
            revocations: Revocations::default(),
            renewal: None,
            clock: Arc::new(clock.clone()),
            limits,
            // One client stands for the two hundred of a test of load.
            rate_limit: RateLimit {
                concurrent: 256,
                ..RateLimit::per_second(100_000)
            },
        };

        let router = filrouge_data_api::router(config).unwrap();

        Self {
            router,
            clock,
            database,
            signing_key: pkcs8,
            _folder: None,
        }
    }

    /// A token for all that the client may do, asked for as clients do.
    pub(crate) async fn token(&self, client_id: &str) -> String {
        let form =
            format!("grant_type=client_credentials&client_id={client_id}&client_secret={SECRET}");
        let request = Request::post("/oauth/token")
            .header("content-type", "application/x-www-form-urlencoded");
        let answer = self.send(request.body(Body::from(form)).unwrap()).await;
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self
            .router
            .clone()
            .oneshot(request)
            .await
            .unwrap()
            .into_parts();

        let body = body.collect().await.unwrap().to_bytes();

        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request = headers
            .iter()
            .fold(Request::get(path), |request, (name, value)| {
                request.header(*name, *value)
            });
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A `GET` by this client.
    pub(crate) async fn get_as(&self, client_id: &str, path: &str) -> Answer {
        let token = format!("Bearer {}", self.token(client_id).await);
        self.get_with(path, &[("authorization", &token)]).await
    }

    /// A `GET` by the client that reads.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        let token = format!("Bearer {}", self.token("reader").await);
        self.get_with(path, &[("authorization", &token)]).await
    }
}

impl Answer {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn items(&self) -> Vec<serde_json::Value> {
        self.json()["items"].as_array().unwrap().clone()
    }
}

fn client(client_id: &str, scopes: &[&str]) -> Client {
    Client {
        client_id: client_id.to_owned(),
        secret_hash: SecretHash::of(&Secret::from(SECRET.to_owned())).unwrap(),
        scopes: scopes.iter().copied().map(str::to_owned).collect(),
    }
}

pub(crate) fn sample() -> Vec<StationHour> {
    sample_of(24)
}

/// So many hours of every station.
pub(crate) fn sample_of(hours: i64) -> Vec<StationHour> {
    let hours = (0..hours).map(|offset| first_hour() + offset);
    hours
        .flat_map(|hour| STATIONS.map(|station| row(station, hour)))
        .collect()
}

fn row(station_id: &str, hour: Hour) -> StationHour {
    let number = hour - first_hour();
    let weather = Weather {
        temperature_c: Some((number % 24) as f32 + 0.1),
        weather_code: Some(61),
        ..Weather::default()
    };

    let conditions = Conditions {
        station_id: station_id.parse().unwrap(),
        hour,
        weather,
        is_public_holiday: Some(false),
        is_school_holiday: None,
        event_count: Some(0),
    };

    StationHour {
        conditions,
        departures: number as u32,
    }
}

async fn fill(database: &Database) {
    let station = |(number, id): (usize, &&str)| Station {
        station_id: id.parse().unwrap(),
        name: format!("Station {number}"),
        district: (number > 0).then(|| "Centre".to_owned()),
        latitude: 45.6,
        longitude: 4.1,
        capacity: 20,
    };

    let stations: Vec<_> = STATIONS.iter().enumerate().map(station).collect();
    database.save_stations(&stations, now()).await.unwrap();
    database
        .replace_station_status(&[status("RIV-002", 7)], now())
        .await
        .unwrap();
    import(database, "a", sample()).await;

    let future = (24..30).map(|offset| first_hour() + offset);
    let conditions: Vec<_> = future
        .flat_map(|hour| STATIONS.map(|id| row(id, hour).conditions))
        .collect();

    database
        .replace_conditions(&conditions, now())
        .await
        .unwrap();
    fill_context(database).await;
}

/// Events, flows, quality and lineage.
async fn fill_context(database: &Database) {
    let event = |number: i64| Event {
        event_id: format!("EVT-{number}"),
        title: Some("Grand marché".to_owned()),
        place: None,
        starts_at: now() + TimeDelta::hours(number),
        ends_at: Some(now() + TimeDelta::hours(number + 1)),
        attendance: Some(300),
    };

    database
        .save_events(&[event(0), event(1), event(2)], now())
        .await
        .unwrap();
    let [one, two, three] = STATIONS;

    let flows = [
        (one, one, 2),
        (one, two, 30),
        (one, three, 9),
        (two, one, 7),
        (two, two, 40),
        (two, three, 50),
        (three, one, 60),
        (three, two, 8),
        (three, three, 70),
    ];

    let flows = flows
        .map(|(origin, destination, trips)| (origin.to_owned(), destination.to_owned(), trips));

    database
        .replace_trip_flows(202_602, &flows.into_iter().collect(), now())
        .await
        .unwrap();
    let rules = vec![RuleCount {
        rule: "duplicate_trip".to_owned(),
        action: "rejected".to_owned(),
        rows: 2,
    }];

    let source = CleanedSource {
        source: "lake".to_owned(),
        rows_read: 10,
        rows_kept: 8,
        rows_rejected: 2,
        rules,
    };

    database
        .replace_cleaned_sources(&[source], now())
        .await
        .unwrap();
    let file = CollectedFile {
        path: "sql/stations.jsonl".to_owned(),
        bytes: 12,
        sha256: "0".repeat(64),
    };

    let source = CollectedSource {
        source: "sql".to_owned(),
        address: "operator.sqlite".to_owned(),
        succeeded: true,
        error: None,
        rows: 3,
        bytes: 12,
        files: vec![file],
    };

    let run = |run_id: &str| CollectionRun {
        run_id: run_id.to_owned(),
        profile: "rivemont".to_owned(),
        program_version: "1".to_owned(),
        started_at: now(),
        ended_at: now(),
        sources: vec![source.clone()],
    };

    for run_id in ["20260301T080000Z", "20260301T090000Z"] {
        database.save_run(&run(run_id), now()).await.unwrap();
    }
}

pub(crate) fn status(station_id: &str, bikes_available: u32) -> StationStatus {
    let station_id: StationId = station_id.parse().unwrap();
    StationStatus {
        station_id,
        bikes_available,
        docks_available: 13,
        is_renting: true,
        reported_at: now(),
    }
}

pub(crate) async fn import(database: &Database, digit: &str, rows: Vec<StationHour>) {
    let Begun::Awaiting(mut importer) = database
        .begin_import(&digit.repeat(64), now())
        .await
        .unwrap()
    else {
        panic!("this data set was imported before");
    };
    importer.add(rows).await.unwrap();
    importer.finish(now()).await.unwrap();
}
