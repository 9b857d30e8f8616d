//! A server of a city, on this machine.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// The answer at a path.
#[derive(Clone)]
pub(crate) struct Content {
    pub(crate) kind: &'static str,
    pub(crate) body: Vec<u8>,
    /// The body is compressed, and says so.
    pub(crate) is_gzip: bool,
}

impl Content {
    pub(crate) fn json(body: impl Into<Vec<u8>>) -> Self {
        Self {
            kind: "application/json",
            body: body.into(),
            is_gzip: false,
        }
    }

    pub(crate) fn html(body: impl Into<Vec<u8>>) -> Self {
        Self {
            kind: "text/html",
            ..Self::json(body)
        }
    }

    pub(crate) fn gzip(self) -> Self {
        Self {
            is_gzip: true,
            ..self
        }
    }

    fn answer(self) -> Response {
        let mut response = ([(header::CONTENT_TYPE, self.kind)], self.body).into_response();
        if self.is_gzip {
            let gzip = header::HeaderValue::from_static("gzip");
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, gzip);
        }
        response
    }
}

/// Serves until it is dropped.
pub(crate) struct Server {
    pub(crate) address: String,
    _runtime: Runtime,
}

impl Server {
    /// Serves what `contents` makes of its own address.
    pub(crate) fn start(contents: impl FnOnce(&str) -> HashMap<String, Content>) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let contents = Arc::new(contents(&address));

        let answer = move |uri: Uri| {
            let content = contents.get(uri.path()).cloned();
            async move { content.map_or(StatusCode::NOT_FOUND.into_response(), Content::answer) }
        };
        let router = Router::new().fallback(answer);
        runtime.spawn(async move { axum::serve(listener, router).await });

        Self {
            address,
            _runtime: runtime,
        }
    }
}
