use std::any::Any;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{OriginalUri, Path};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use filrouge_http::{Limits, Middleware, Readiness};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::{CsrfLayer, ResponseForProtectionError};
use url::Url;

use crate::access::{AccessRule, Right, Route, guarded};
use crate::config::WebConfig;
use crate::frame::PREFIXES;
use crate::framing::{set_frame, show_refusals};
use crate::page::{
    PageError, accessibility, account, account_rights, account_security, audit_log, breach,
    comparison, favourites, home, log_in, monitoring, operations, personal_data, quality, recovery,
    report, reports, sign_up, site_map, state, station, trip,
};
use crate::web::Web;
use crate::{assets, health, security};

/// A form is a page of text at most, and its reader does not wait for long.
const LIMITS: Limits = Limits {
    concurrent_requests: 256,
    time_to_read: Duration::from_secs(5),
    time_to_answer: Duration::from_secs(20),
    body_bytes: 16 << 10,
};

/// A session that is over stays in the database this long at most.
const PURGE_EVERY: Duration = Duration::from_secs(3600);

/// Every address of the application.
pub fn router(web: Web) -> Router {
    let everywhere = guarded(pages()).merge(guarded(files()));
    let in_each_language = PREFIXES
        .into_iter()
        .fold(everywhere, |router, (_, prefix)| {
            router.nest(prefix, guarded(pages()))
        });

    let pages = in_each_language
        // After the pages of every language: it applies to those that are there already.
        .fallback(not_found)
        .method_not_allowed_fallback(|| async { PageError::MethodNotAllowed })
        .with_state(web.clone())
        // Inside the frame and the headers: the page of a panic is a page like any other.
        .layer(CatchPanicLayer::custom(panicked))
        .layer(same_site_forms(web.public_url()))
        .layer(from_fn_with_state(web.clone(), set_frame));

    Middleware {
        metrics: web.metrics(),
        limits: LIMITS,
        readiness: Readiness::of_checks({
            let web = web.clone();
            move || {
                let web = web.clone();
                async move { health::checks(web.data_api(), web.report_reader()).await }
            }
        }),
    }
    .around(pages)
    .layer(from_fn_with_state(web, show_refusals))
    .layer(from_fn(security::harden))
    .layer(CompressionLayer::new())
}

/// The page that nothing stands there; an address with a slash too many leads to the one without.
async fn not_found(method: Method, OriginalUri(uri): OriginalUri) -> Response {
    let reads = matches!(method, Method::GET | Method::HEAD);
    match without_last_slash(&uri).filter(|_| reads) {
        Some(address) => Redirect::permanent(&address).into_response(),
        None => PageError::NotFound.into_response(),
    }
}

/// `/fr/?page=2` is `/fr?page=2`. Never `//host/`: a browser would go to that host.
fn without_last_slash(uri: &Uri) -> Option<String> {
    let path = uri.path().trim_end_matches('/');
    let is_ours = path.len() > 1 && path.len() < uri.path().len() && !path.starts_with("//");
    let query = uri.query().map(|query| format!("?{query}"));
    is_ours.then(|| format!("{path}{}", query.unwrap_or_default()))
}

/// Refuses a form that another site sends in the name of its visitor (`Sec-Fetch-Site`, else
/// `Origin`): the cookie alone, which the browser adds by itself, is not enough.
fn same_site_forms(
    public_url: Option<&Url>,
) -> CsrfLayer<impl ResponseForProtectionError<Body> + Send + Sync + use<>> {
    let layer = CsrfLayer::new();
    // A proxy may give another `Host` than the browser knows.
    let layer = match public_url.map(|url| url.origin().ascii_serialization()) {
        Some(origin) => layer.clone().add_trusted_origin(origin).unwrap_or(layer),
        None => layer,
    };
    layer.with_rejection_response(|_| PageError::CrossSite.into_response())
}

/// The access table: every route of the application, and who may enter.
pub fn access_table() -> Vec<AccessRule> {
    let routes = pages().into_iter().chain(files());
    routes.map(|route| route.rule).collect()
}

// Preuve: C17.5 une route n’entre dans l’application qu’avec le droit qu’elle demande
/// The pages, which have an address in each language: one line each.
fn pages() -> Vec<Route> {
    use Right::{Everyone, Officer, Operator, SignedIn};

    vec![
        Route::get("/", Everyone, home::show_home),
        Route::get("/stations/{station_id}", Everyone, station::show_station),
        Route::get("/trajet", Everyone, trip::show_trip),
        Route::get("/comparer", Everyone, comparison::show_comparison),
        Route::get("/plan", Everyone, site_map::show_site_map),
        Route::get("/monitoring", Everyone, monitoring::show_monitoring),
        Route::get(
            "/accessibilite",
            Everyone,
            accessibility::show_accessibility,
        ),
        Route::get("/signaler", Everyone, report::show_report_form),
        Route::post("/signaler", Everyone, report::send_report),
        // Accounts.
        Route::get("/connexion", Everyone, log_in::show_log_in),
        Route::post("/connexion", Everyone, log_in::log_in),
        Route::post("/deconnexion", Everyone, log_in::log_out),
        Route::get("/inscription", Everyone, sign_up::show_sign_up),
        Route::post("/inscription", Everyone, sign_up::sign_up),
        Route::get("/mot-de-passe", Everyone, recovery::show_recovery),
        Route::post("/mot-de-passe", Everyone, recovery::ask_for_link),
        Route::get(
            "/mot-de-passe/nouveau",
            Everyone,
            recovery::show_new_password,
        ),
        Route::post(
            "/mot-de-passe/nouveau",
            Everyone,
            recovery::set_new_password,
        ),
        Route::get("/compte", SignedIn, account::show_account),
        Route::get("/compte/donnees.json", SignedIn, account_rights::export),
        Route::post("/compte/adresse", SignedIn, account_rights::correct_email),
        Route::post("/compte/effacement", SignedIn, account_rights::erase),
        Route::post("/compte/demandes", SignedIn, account_rights::send_request),
        Route::post(
            "/compte/consentements/{purpose}",
            SignedIn,
            account_rights::give_consent,
        ),
        Route::post(
            "/compte/consentements/{purpose}/fin",
            SignedIn,
            account_rights::withdraw_consent,
        ),
        Route::post(
            "/compte/mot-de-passe",
            SignedIn,
            account_security::change_password,
        ),
        Route::post(
            "/compte/sessions/{session_id}/fin",
            SignedIn,
            account_security::end_session,
        ),
        Route::post(
            "/compte/second-facteur",
            SignedIn,
            account_security::begin_second_factor,
        ),
        Route::post(
            "/compte/second-facteur/code",
            SignedIn,
            account_security::confirm_second_factor,
        ),
        Route::post(
            "/compte/second-facteur/fin",
            SignedIn,
            account_security::remove_second_factor,
        ),
        Route::post("/favoris/{station_id}", SignedIn, favourites::add_favourite),
        Route::post(
            "/favoris/{station_id}/fin",
            SignedIn,
            favourites::remove_favourite,
        ),
        // Operators.
        Route::get("/exploitation", Operator, operations::show_plan),
        Route::get("/exploitation/etat", Operator, state::show_state),
        Route::get("/exploitation/qualite", Operator, quality::show_quality),
        Route::get(
            "/exploitation/signalements",
            Operator,
            reports::show_reports,
        ),
        Route::post(
            "/exploitation/signalements/{report_id}",
            Operator,
            reports::sort_report,
        ),
        Route::post(
            "/exploitation/signalements/{report_id}/fin",
            Operator,
            reports::close_report,
        ),
        // The data-protection officer.
        Route::get(
            "/donnees-personnelles",
            Officer,
            personal_data::show_personal_data,
        ),
        Route::get(
            "/donnees-personnelles/journal",
            Officer,
            audit_log::show_audit_log,
        ),
        Route::get(
            "/donnees-personnelles/violation",
            Officer,
            breach::show_breach,
        ),
        Route::post(
            "/donnees-personnelles/demandes/{request_id}",
            Officer,
            personal_data::answer_request,
        ),
    ]
}

/// The addresses that no person reads.
fn files() -> Vec<Route> {
    vec![
        Route::get("/assets/{name}", Right::Everyone, serve_asset),
        // An empty `Disallow` closes nothing (RFC 9309, section 2.2.2).
        Route::get("/robots.txt", Right::Everyone, || async {
            "User-agent: *\nDisallow:\n"
        }),
    ]
}

/// Serves the application on `listener` until `shutdown` completes.
///
/// # Errors
/// When the address of an API cannot be one, or the listener fails.
pub async fn serve(
    config: WebConfig,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let web = Web::new(&config)?;
    let router = router(web.clone());

    tokio::select! {
        served = filrouge_http::serve(listener, router, shutdown) => Ok(served?),
        // It never ends by itself: the service decides.
        () = purge_on_schedule(web) => Ok(()),
    }
}

/// Removes data past their time from the accounts and from the outbox, at the start and then every
/// hour: where the application has a state of its own, nothing else does.
async fn purge_on_schedule(web: Web) {
    loop {
        match web.accounts().purge(web.now()).await {
            Ok(purged) => tracing::info!(?purged, "accounts: what is past its time is gone"),
            Err(error) => tracing::error!(%error, "the accounts could not be purged"),
        }
        match web.outbox().purge(web.now()) {
            Ok(messages) => tracing::info!(messages, "outbox: what is past its time is gone"),
            Err(error) => tracing::error!(%error, "the outbox could not be purged"),
        }
        tokio::time::sleep(PURGE_EVERY).await;
    }
}

/// `GET /assets/{name}`.
async fn serve_asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, PageError> {
    assets::answer(&name, &headers).ok_or(PageError::NotFound)
}

fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let message = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied());
    tracing::error!(message, "a page panicked");
    PageError::Internal.into_response()
}
