//! Who may enter which route. The router is built from this: a route has no place in it without a
//! right.

use axum::Router;
use axum::extract::{Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};
use filrouge_accounts::Role;

use crate::frame::Frame;
use crate::page::PageError;
use crate::web::Web;

/// The right that a route asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// None: anybody enters.
    Everyone,
    /// An open session, whatever the role.
    SignedIn,
    /// A session of an operator.
    Operator,
    /// A session of the data-protection officer.
    Officer,
}

/// One line of the access table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRule {
    /// The HTTP method.
    pub method: Method,
    /// The address, as declared: `/stations/{station_id}`.
    pub path: &'static str,
    /// The right that it asks for.
    pub right: Right,
}

/// A route of the application: its rule, and the function that answers.
pub(crate) struct Route {
    pub(crate) rule: AccessRule,
    answer: MethodRouter<Web>,
}

impl Right {
    /// True when a session of this role, or the lack of one, may enter.
    pub fn admits(self, role: Option<Role>) -> bool {
        match self {
            Self::Everyone => true,
            Self::SignedIn => role.is_some(),
            Self::Operator => role == Some(Role::Operator),
            Self::Officer => role == Some(Role::Officer),
        }
    }
}

impl Route {
    /// `GET path`, for who has that right.
    pub(crate) fn get<H, T>(path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        Self::new(Method::GET, path, right, get(handler))
    }

    /// `POST path`, for who has that right.
    pub(crate) fn post<H, T>(path: &'static str, right: Right, handler: H) -> Self
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        Self::new(Method::POST, path, right, post(handler))
    }

    fn new(method: Method, path: &'static str, right: Right, answer: MethodRouter<Web>) -> Self {
        Self {
            rule: AccessRule {
                method,
                path,
                right,
            },
            answer: answer.route_layer(from_fn_with_state(right, enter)),
        }
    }
}

/// The router of these routes.
pub(crate) fn guarded(routes: Vec<Route>) -> Router<Web> {
    let add = |router: Router<Web>, route: Route| router.route(route.rule.path, route.answer);
    routes.into_iter().fold(Router::new(), add)
}

/// Lets in who has the right. Who has no session is led to the login, and back; who has another role
/// is refused.
async fn enter(State(right): State<Right>, request: Request, next: Next) -> Response {
    // Without a frame nobody is known to be signed in.
    let frame = request.extensions().get::<Frame>();
    let role = frame.and_then(Frame::visitor).map(|visitor| visitor.role);
    if right.admits(role) {
        return next.run(request).await;
    }

    match frame {
        Some(frame) if role.is_none() => {
            let is_page = request.method() == Method::GET;
            Redirect::to(&log_in_address(frame, is_page)).into_response()
        }
        _ => PageError::Forbidden.into_response(),
    }
}

/// The login, which leads back to a page; what was posted is not posted again.
fn log_in_address(frame: &Frame, leads_back: bool) -> String {
    if !leads_back {
        return frame.link("/connexion");
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("suite", frame.address())
        .finish();
    frame.link(&format!("/connexion?{query}"))
}
