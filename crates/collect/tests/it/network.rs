//! Where requests go: to the hosts that the profile names or allows, whatever publishers answer.

use filrouge_collect::SourceKind;

use crate::server::{Fault, Server};
use crate::world::{World, failed};

const STATUS: &str = "/gbfs/station_status.json";

/// The error of a source once a server misbehaves.
async fn error_of(world: &World, path: &str, fault: Fault, source: SourceKind) -> String {
    world.server.misbehave(path, fault);
    let report = world.collect_only(&[source]).await;
    world.server.behave();
    assert_eq!(failed(&report), [source]);
    world.entry(source).error.unwrap()
}

/// Another server of this machine, which nobody named.
async fn other_server() -> (Server, String) {
    let server = Server::start().await;
    let port = server.address.rsplit_once(':').unwrap().1.to_owned();
    (server, port)
}

// Preuve: C1.5 ni un flux, ni un lien, ni une redirection ne mène la collecte ailleurs que là où le profil le permet [code : crates/destinations/src/destinations.rs]
#[tokio::test]
async fn what_a_publisher_answers_leads_nowhere_that_the_profile_does_not_name() {
    let world = World::with_limits("attempts = 1").await;
    let (other, port) = other_server().await;
    let other_port = format!("port {port} of 127.0.0.1 is not that of an address of the profile");

    for (address, says) in [
        (
            "http://169.254.169.254/latest/meta-data/",
            "169.254.169.254 is not a host",
        ),
        (&format!("{}/secret", other.address), other_port.as_str()),
        (
            &format!("http://localhost:{port}/"),
            "localhost is not a host",
        ),
        (&format!("http://[::1]:{port}/"), "[::1] is not a host"),
        (&format!("http://2130706433:{port}/"), other_port.as_str()),
        ("http://ailleurs.example/", "ailleurs.example is not a host"),
        ("file:///etc/passwd", "answered 302"),
    ] {
        let redirect = Fault::Redirect(address.to_owned());
        let error = error_of(&world, STATUS, redirect, SourceKind::WebService).await;
        assert!(
            error.contains(STATUS) && error.contains(says),
            "{address}: {error}"
        );
    }

    let feeds = format!(
        r#"{{"data": {{"feeds": [{{"name": "system_information", "url": "{}/"}}]}}}}"#,
        other.address
    );
    let feeds = Fault::Content("application/json", feeds.leak());
    let error = error_of(&world, "/gbfs/gbfs.json", feeds, SourceKind::WebService).await;
    assert!(error.contains(&other_port), "{error}");

    let page = format!(
        r#"<article><h2>A</h2><time datetime="2026-03-01"></time></article><a rel="next" href="{}/">"#,
        other.address
    );
    let page = Fault::Content("text/html", page.leak());
    let error = error_of(&world, "/agenda", page, SourceKind::WebPage).await;
    assert!(error.contains(&other_port), "{error}");

    assert_eq!(other.all_requests(), 0);
}

#[tokio::test]
async fn a_name_that_the_profile_allows_may_not_lead_to_this_machine() {
    let mut world = World::new().await;
    world.add_section("[requests]\nhosts = [\"localhost\"]");

    let redirect = Fault::Redirect("http://localhost/".to_owned());
    let error = error_of(&world, STATUS, redirect, SourceKind::WebService).await;
    assert!(
        error.contains("localhost leads to") && error.contains("not a public address"),
        "{error}"
    );
}

#[tokio::test]
async fn a_redirect_between_hosts_of_the_profile_is_followed_and_tells_them_nothing() {
    let mut world = World::new().await;
    let (other, _) = other_server().await;
    world.add_section(&format!(
        "[web_page.school_holidays]\naddress = \"{}/vacances\"\nitem = \"li\"\n\
         [web_page.school_holidays.fields]\nstarts_on = \"a\"\nends_on = \"b\"\nname = \"i\"",
        other.address
    ));

    let status = format!("{}{STATUS}", other.address);
    world.server.misbehave(STATUS, Fault::Redirect(status));
    let report = world.collect_only(&[SourceKind::WebService]).await;

    assert!(report.succeeded(), "{report}");
    let received = other.requests(STATUS);
    assert_eq!(received.len(), 1);
    // The address that redirects may hold a secret.
    assert!(!received[0].contains_key("referer"));
}
