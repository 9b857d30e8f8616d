use axum::body::Body;
use axum::http::Request;

use crate::support::{Site, station};

async fn site() -> Site {
    Site::with_stations(vec![station("RIV-001", "Gare", 1, 1)]).await
}

fn style_address(page: &str) -> &str {
    page.split("rel=\"stylesheet\" href=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
}

#[tokio::test]
async fn the_style_sheet_is_cached_for_a_year_under_its_hash_and_asked_again_for_nothing() {
    let site = site().await;
    let home = site.get("/").await;
    let address = style_address(&home.text);
    let style = site.get(address).await;
    assert_eq!(style.status, 200);
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
    assert_eq!(
        style.headers["cache-control"],
        "public, max-age=31536000, immutable"
    );

    let etag = style.headers["etag"].to_str().unwrap();
    assert!(etag.starts_with("W/"), "compressed or not, it is one file");
    let again = site
        .send(
            Request::get(address)
                .header("if-none-match", format!("\"other\", {etag}"))
                .body(Body::empty())
                .unwrap(),
        )
        .await;

    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
}

#[tokio::test]
async fn every_answer_closes_the_page_to_what_it_does_not_need() {
    let site = site().await;
    let style = style_address(&site.get("/").await.text).to_owned();
    for address in ["/", "/stations/RIV-001", "/accessibilite", "/rien", &style] {
        let headers = site.get(address).await.headers;
        let policy = headers["content-security-policy"].to_str().unwrap();

        assert!(
            policy.starts_with("default-src 'none'; style-src 'self';"),
            "{address}"
        );
        assert!(
            !policy.contains("script-src") && !policy.contains("unsafe"),
            "{address}"
        );

        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["x-frame-options"], "DENY");
        assert_eq!(headers["referrer-policy"], "same-origin");
    }
}

#[tokio::test]
async fn a_page_is_compressed_for_a_browser_that_can_read_it() {
    let site = site().await;
    let request = Request::get("/accessibilite")
        .header("accept-encoding", "br")
        .body(Body::empty())
        .unwrap();
    assert_eq!(
        site.send_raw(request).await.headers()["content-encoding"],
        "br"
    );
}

#[tokio::test]
async fn the_style_sheet_of_somebody_who_is_logged_in_is_cached_too() {
    let site = site().await;
    let cookie = site.session_of(filrouge_accounts::Role::Rider).await;
    let home = site.get_as(&cookie, "/").await;
    assert_eq!(home.headers["cache-control"], "no-store");

    let style = site.get_as(&cookie, style_address(&home.text)).await;
    assert_eq!(
        style.headers["cache-control"],
        "public, max-age=31536000, immutable"
    );
}
