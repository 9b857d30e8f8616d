//! The data API on a real database, and the model API in front of it, under one clock.

use std::sync::Arc;

use axum::Router;
use chrono::TimeDelta;
use filrouge_data_api::Config as DataConfig;
use filrouge_database::{Begun, Database};
use filrouge_http::{Client, Limits, RateLimit, Revocations, SecretHash, SigningKey};
use filrouge_model::champion;
use filrouge_model_api::{Config, ModelApi};
use filrouge_train::gates::Gates;
use filrouge_types::{Clock, FixedClock, Hour, Secret};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::commands::Commands;
use crate::town::Town;

/// Days that the data API gives: those that the model API asks for, and some more.
const GIVEN_DAYS: i64 = 50;

pub(crate) struct Production<'a> {
    town: &'a Town,
    clock: FixedClock,
    database: Database,
    api: ModelApi,
    address: String,
    http: reqwest::Client,
    secret: String,
}

impl<'a> Production<'a> {
    /// Starts both services at `now`; the only version that is installed is the champion.
    pub(crate) async fn start(commands: &Commands, town: &'a Town, now: Hour) -> Self {
        // Any command that asks a service for something draws the secrets of a new state.
        let _ = std::process::Command::new(env!("CARGO_BIN_EXE_filrouge"))
            .args([
                "model",
                "canary",
                "status",
                "--model-api-url",
                "http://127.0.0.1:9",
            ])
            .arg("--state")
            .arg(commands.state())
            .output();
        let models = commands.models();
        let version = champion::versions(&models).unwrap().remove(0);
        champion::promote(&models, &version).unwrap();

        let clock = FixedClock::at(now.start());
        let database = Database::open_file(&commands.path("data.sqlite"))
            .await
            .unwrap();
        database.migrate().await.unwrap();
        database
            .save_stations(town.stations(), clock.now())
            .await
            .unwrap();

        let data_api = serve_data(&database, &clock, commands.secret("model-api")).await;
        let api = ModelApi::new(Config {
            data_api: data_api.parse().unwrap(),
            client_id: "model-api".to_owned(),
            client_secret: Arc::new(Secret::from(commands.secret("model-api"))),
            models,
            shipped: None,
            availability: None,
            trusted_key: Some(commands.key()),
            canary: Gates::read(&commands.path("gates.toml")).unwrap().canary,
            journal: Some(commands.path("journal.json")),
            runtime: filrouge_onnx_runtime::ensure_runtime(
                &filrouge_onnx_runtime::default_runtime_dir(),
            )
            .unwrap(),
            workers: 1,
            clients: vec![client(
                "operator",
                &commands.secret("operator"),
                &["model:predict", "model:admin"],
            )],
            signing_key: SigningKey::generate().unwrap(),
            former_keys: Vec::new(),
            revocations: Revocations::default(),
            renewal: None,
            clock: Arc::new(clock.clone()),
            limits: Limits::default(),
            rate_limit: RateLimit::per_second(1000),
        })
        .unwrap();

        let address = serve(filrouge_model_api::router(&api, Limits::default())).await;

        let production = Self {
            town,
            clock,
            database,
            api,
            address,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            secret: commands.secret("operator"),
        };
        production.count().await;
        assert!(production.api.reload().await.unwrap());
        assert!(production.api.refresh().await.unwrap());
        production
    }

    pub(crate) fn address(&self) -> String {
        self.address.clone()
    }

    /// Moves the clock a day at a time: hours are counted, imported, read.
    pub(crate) async fn live_until(&self, hour: Hour) {
        while Hour::containing(self.clock.now()) < hour {
            let left = hour - Hour::containing(self.clock.now());
            self.clock.advance(TimeDelta::hours(left.min(24)));
            self.count().await;
            assert!(self.api.refresh().await.unwrap());
        }
    }

    /// Metrics that the monitoring finds out of their limits, as Prometheus reads them.
    pub(crate) async fn alarms(&self) -> Vec<String> {
        let metrics = self.http.get(format!("{}/metrics", self.address));
        let metrics = metrics.send().await.unwrap().text().await.unwrap();
        let raised = metrics.lines().filter_map(|line| {
            let line = line.strip_prefix("model_alarm{metric=\"")?;
            let (metric, value) = line.split_once("\"} ")?;
            (value == "1").then(|| metric.to_owned())
        });
        let mut raised: Vec<_> = raised.collect();
        raised.sort();
        raised
    }

    /// The champion, as the service tells it.
    pub(crate) async fn version(&self) -> String {
        let form = [("grant_type", "client_credentials")];
        let token = self.http.post(format!("{}/oauth/token", self.address));
        let token = token.basic_auth("operator", Some(&self.secret)).form(&form);
        let token: Value = token.send().await.unwrap().json().await.unwrap();

        let model = self.http.get(format!("{}/v1/model", self.address));
        let model = model.bearer_auth(token["access_token"].as_str().unwrap());
        let model: Value = model.send().await.unwrap().json().await.unwrap();
        model["version"].as_str().unwrap().to_owned()
    }

    /// Imports what is counted now, and the conditions of the two days to come.
    async fn count(&self) {
        let now = Hour::containing(self.clock.now());
        let first = now - 24 * GIVEN_DAYS;
        let rows = self.town.rows(first, now);

        let hash = format!("{:064x}", now.hours_since_epoch());
        let begun = self.database.begin_import(&hash, self.clock.now()).await;
        let Begun::Awaiting(mut importer) = begun.unwrap() else {
            return;
        };
        importer.add(rows).await.unwrap();
        importer.finish(self.clock.now()).await.unwrap();

        let ahead = self.town.rows(now, now + 48).into_iter();
        let ahead: Vec<_> = ahead.map(|row| row.conditions).collect();
        let conditions = self.database.replace_conditions(&ahead, self.clock.now());
        conditions.await.unwrap();
    }
}

async fn serve_data(database: &Database, clock: &FixedClock, secret: String) -> String {
    let config = DataConfig {
        database: database.clone(),
        clients: vec![client("model-api", &secret, &["data:read"])],
        signing_key: SigningKey::generate().unwrap(),
        former_keys: Vec::new(),
        revocations: Revocations::default(),
        renewal: None,
        clock: Arc::new(clock.clone()),
        limits: Limits::default(),
        rate_limit: RateLimit::per_second(1000),
    };

    serve(filrouge_data_api::router(config).unwrap()).await
}

/// Serves for as long as the test, and gives the address.
async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(filrouge_http::serve(
        listener,
        router,
        std::future::pending(),
    ));
    address
}

fn client(client_id: &str, secret: &str, scopes: &[&str]) -> Client {
    let secret = Secret::from(secret.to_owned());
    Client {
        client_id: client_id.to_owned(),
        secret_hash: SecretHash::of(&secret).unwrap(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
    }
}
