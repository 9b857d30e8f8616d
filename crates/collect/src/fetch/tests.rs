use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use filrouge_destinations::Requests;
use filrouge_types::FixedClock;
use futures::future::join_all;
use tokio::net::TcpListener;

use super::*;

/// How many requests a server has had in hand at once.
#[derive(Default)]
struct Crowd {
    present: AtomicUsize,
    largest: AtomicUsize,
}

impl Crowd {
    async fn answer(self: Arc<Self>) -> &'static str {
        let present = self.present.fetch_add(1, Ordering::SeqCst) + 1;
        self.largest.fetch_max(present, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(5)).await;
        self.present.fetch_sub(1, Ordering::SeqCst);
        "bonjour"
    }
}

#[tokio::test]
async fn a_host_has_no_more_requests_in_hand_than_the_limit() {
    let crowd = Arc::new(Crowd::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    let router = Router::new().fallback({
        let crowd = Arc::clone(&crowd);
        move || Arc::clone(&crowd).answer()
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits {
        requests_per_host: 2,
        ..Limits::default()
    };
    let clock = Arc::new(FixedClock::at(DateTime::UNIX_EPOCH));
    let destinations = Destinations::new([&url], Requests::default());
    let fetcher = Fetcher::new(limits, destinations, None, folder.path(), clock, 1).unwrap();
    let bodies = join_all((0..20).map(|_| fetcher.get(&url))).await;
    assert!(
        bodies
            .into_iter()
            .all(|received| received.unwrap().body == b"bonjour")
    );
    assert_eq!(crowd.largest.load(Ordering::SeqCst), 2);
}

#[test]
fn the_user_agent_says_who_we_are_and_whom_to_write_to() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(user_agent(None), format!("filrouge/{version}"));
    assert_eq!(
        user_agent(Some("https://x.example")),
        format!("filrouge/{version} (+https://x.example)")
    );
}

#[test]
fn only_this_machine_is_reached_without_a_proxy() {
    let local = |text: &str| is_local(&text.parse().unwrap());

    assert!(
        [
            "http://localhost:1/",
            "http://127.0.0.2/",
            "http://[::1]:80/"
        ]
        .into_iter()
        .all(local)
    );

    assert!(
        ![
            "http://localhost.example/",
            "http://10.0.0.1/",
            "https://api.example/"
        ]
        .into_iter()
        .any(local)
    );
}
