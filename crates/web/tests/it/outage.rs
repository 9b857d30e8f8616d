//! APIs that stop, start again and change their key, while people read pages.

use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use filrouge_accounts::Role;
use filrouge_api_client::fake::FakeApi;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::support::{Site, fake_api, fake_routes, station};

/// An API in a runtime of its own: ending the runtime closes its port and its connections, as a
/// process that is killed.
struct Process(Runtime);

impl Process {
    async fn start(port: u16) -> (Self, FakeApi) {
        let runtime = Runtime::new().unwrap();
        let started = runtime.spawn(async move {
            let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
            FakeApi::start_on(listener, "web", fake_routes(Vec::new())).unwrap()
        });
        let api = started.await.unwrap();
        (Self(runtime), api)
    }

    fn kill(self) {
        self.0.shutdown_background();
    }
}

async fn in_front_of(model_api: &FakeApi) -> Site {
    let stations = vec![
        station("RIV-001", "Gare", 20, 0),
        station("RIV-002", "Quai", 0, 20),
    ];
    let data_api = fake_api(stations).await;
    let url = model_api.url.clone();
    Site::with(data_api, |config| config.model_api = url).await
}

// Preuve: C10.3 l’API du modèle arrêtée une minute, puis relancée : la page le dit, puis la prévision revient seule
#[tokio::test(flavor = "multi_thread")]
async fn a_model_api_that_is_down_for_a_minute_and_back_is_told_and_then_used() {
    let (process, api) = Process::start(0).await;
    let port = api.url.port().unwrap();
    let site = in_front_of(&api).await;
    let operator = site.session_of(Role::Operator).await;
    let pages = ["/stations/RIV-001", "/exploitation", "/monitoring"];

    let forecasts = async || {
        let mut told = Vec::new();
        for address in pages {
            let page = site.get_as(&operator, address).await;
            assert_eq!(page.status, 200, "{address}");
            told.push(!page.text.contains("class=\"notice\""));
        }
        told
    };
    assert_eq!(forecasts().await, [true; 3]);

    process.kill();
    for _ in 0..6 {
        assert_eq!(forecasts().await, [false; 3]);
        site.clock.advance(TimeDelta::seconds(10));
    }

    let (process, _api) = Process::start(port).await;
    site.clock.advance(TimeDelta::seconds(10));
    assert_eq!(forecasts().await, [true; 3]);
    process.kill();
}

// Preuve: C10.3 un jeton refusé au milieu d’une page est remplacé, pour chaque client et chaque route
#[tokio::test]
async fn a_token_that_is_refused_is_replaced_on_every_page_of_every_role() {
    let site = Site::with_stations(vec![station("RIV-001", "Gare", 20, 0)]).await;
    for (role, addresses) in [
        (Role::Operator, ["/exploitation", "/exploitation/qualite"]),
        (
            Role::Officer,
            ["/donnees-personnelles", "/donnees-personnelles/journal"],
        ),
    ] {
        let cookie = site.session_of(role).await;
        for address in addresses {
            for _ in 0..2 {
                let request = Request::get(address).header("cookie", &cookie);
                let page = site.send(request.body(Body::empty()).unwrap()).await;
                assert!(
                    !page.text.contains("ne répond pas"),
                    "{address}: {}",
                    page.text
                );
                site.data_api.revoke_tokens();
                site.model_api.revoke_tokens();
            }
        }
    }
}
