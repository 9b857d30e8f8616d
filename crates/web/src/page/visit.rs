//! What a handler is told of who asks.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Form, FromRequest, FromRequestParts, Request};
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use filrouge_accounts::{EmailAddress, SignedIn};
use serde::de::DeserializeOwned;

use super::error::PageError;
use crate::frame::Frame;
use crate::web::Web;

/// The person whose session is open, on a route that asks for one.
pub(crate) struct Visitor(pub(crate) SignedIn);

/// The browser of a request, as it presents itself, and the address that it comes from.
pub(crate) struct Browser {
    pub(crate) name: String,
    pub(crate) address: IpAddr,
}

/// A form that was sent. A field too many is refused: nobody sets what the form does not offer.
pub(crate) struct Fields<T>(pub(crate) T);

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, PageError> {
        let frame = parts.extensions.get::<Frame>();
        let visitor = frame.and_then(Frame::visitor);
        visitor.cloned().map(Self).ok_or(PageError::Forbidden)
    }
}

impl Browser {
    /// Lets one more try of this browser at that account through.
    pub(crate) fn admit(&self, web: &Web, email: &EmailAddress) -> Result<(), PageError> {
        let admitted = web.attempts().admit(self.address, email, web.now());
        admitted.map_err(PageError::TooManyTries)
    }

    /// Lets one more report of this browser through.
    pub(crate) fn admit_report(&self, web: &Web) -> Result<(), PageError> {
        let admitted = web.attempts().admit_report(self.address, web.now());
        admitted.map_err(PageError::TooManyTries)
    }
}

impl FromRequestParts<Web> for Browser {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, PageError> {
        let name = parts.headers.get(USER_AGENT);
        let name = name.and_then(|name| name.to_str().ok()).unwrap_or_default();

        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|ConnectInfo(peer)| peer.ip());
        let behind_proxy = web.is_behind_proxy().then(|| forwarded(&parts.headers));

        Ok(Self {
            name: name.to_owned(),
            address: behind_proxy
                .flatten()
                .or(peer)
                // A request of a test, which comes from nowhere.
                .unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        })
    }
}

/// The address that our own proxy saw: the last one of the list. Those before it are the word of
/// whoever sent the request.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    const HEADER: HeaderName = HeaderName::from_static("x-forwarded-for");
    let list = headers.get_all(HEADER).into_iter().next_back()?;
    list.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

impl<T: DeserializeOwned> FromRequest<Web> for Fields<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, web: &Web) -> Result<Self, PageError> {
        match Form::from_request(request, web).await {
            Ok(Form(fields)) => Ok(Self(fields)),
            Err(rejection) => Err(PageError::Refused(rejection.status())),
        }
    }
}
