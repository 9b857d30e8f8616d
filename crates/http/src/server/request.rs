use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::HOST;
use axum::http::{HeaderMap, Request, Response};
use axum::response::IntoResponse;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use tower::Service as _;

use super::pace::Pace;
use super::paced::PacedBody;
use crate::problem::{self, Problem};

/// Gives the requests of one connection to `router`, with the address that they come from.
pub(super) fn service(
    router: Router,
    peer: SocketAddr,
    pace: Arc<Pace>,
) -> impl Service<Request<Incoming>, Response = Response<PacedBody>, Error = Infallible, Future: Send>
{
    service_fn(move |mut request: Request<Incoming>| {
        pace.answer();
        let pace = Arc::clone(&pace);
        let answer = has_one_host(request.headers()).then(|| {
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().call(request.map(Body::new))
        });

        async move {
            let response = match answer {
                Some(answer) => answer.await.unwrap_or_else(|never| match never {}),
                None => without_host().into_response(),
            };
            Ok(response.map(|body| PacedBody::new(body, pace)))
        }
    })
}

/// RFC 9112, section 3.2: any other number is refused, for a proxy may read another than ours.
fn has_one_host(headers: &HeaderMap) -> bool {
    headers.get_all(HOST).iter().count() == 1
}

fn without_host() -> Problem {
    Problem::new(
        &problem::MALFORMED_REQUEST,
        "l’en-tête Host est attendu, une seule fois",
    )
}
