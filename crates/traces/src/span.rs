//! The spans of the project: a request that a service answers, a call that it makes for it. What
//! they tell is written here and nowhere else.

use std::collections::HashMap;

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{FutureExt, SpanKind, Status, TraceContextExt, Tracer};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::propagation::TraceContextPropagator;

use crate::export;

/// The header by which a caller names its span: <https://www.w3.org/TR/trace-context/>.
const TRACEPARENT: &str = "traceparent";

/// Length of that header: `00-{32 digits}-{16 digits}-{2 digits}`.
const TRACEPARENT_LENGTH: usize = 55;

/// A request that a service receives, in the words of its log.
#[derive(Debug)]
pub struct ServerRequest<'a> {
    /// The service.
    pub service: &'static str,
    /// The span of the caller, as its header gives it.
    pub traceparent: Option<&'a str>,
    /// The method, among those of the standard.
    pub method: &'a str,
    /// The route as declared, never the address.
    pub route: &'a str,
    /// The id of the request.
    pub request_id: &'a str,
}

/// A span that is under way; nothing at all when traces are not exported.
#[derive(Debug)]
pub struct Span(Option<Context>);

impl Span {
    /// A span that tells nothing, for what is not worth a trace.
    pub fn none() -> Self {
        Self(None)
    }

    /// Begins the answer to a request: in the trace of its caller, else in a new one.
    pub fn of_request(request: &ServerRequest<'_>) -> Self {
        let Some(tracer) = export::tracer(request.service) else {
            return Self::none();
        };

        let parent = request.traceparent.map_or_else(Context::new, caller);
        let span = tracer
            .span_builder(format!("{} {}", request.method, request.route))
            .with_kind(SpanKind::Server)
            .with_attributes([
                KeyValue::new("http.request.method", request.method.to_owned()),
                KeyValue::new("http.route", request.route.to_owned()),
                KeyValue::new("request_id", request.request_id.to_owned()),
            ])
            .start_with_context(&tracer, &parent);
        Self(Some(parent.with_span(span)))
    }

    /// Begins a call of an API, within the answer to a request: the work that nobody waits for
    /// begins no trace.
    pub fn of_call(method: &'static str, host: &str, request_id: Option<&str>) -> Self {
        let current = Context::current();
        let tracer = export::tracer("api-client").filter(|_| current.has_active_span());
        let Some(tracer) = tracer else {
            return Self::none();
        };

        let id = request_id.map(|id| KeyValue::new("request_id", id.to_owned()));
        let span = tracer
            // The address holds what a person looks at; the service that answers tells its route.
            .span_builder(method)
            .with_kind(SpanKind::Client)
            .with_attributes(
                [
                    KeyValue::new("http.request.method", method),
                    KeyValue::new("server.address", host.to_owned()),
                ]
                .into_iter()
                .chain(id),
            )
            .start_with_context(&tracer, &current);
        Self(Some(current.with_span(span)))
    }

    /// The span that is under way here, for work that goes on in another task.
    pub fn current() -> Self {
        let context = Context::current();
        Self(context.has_active_span().then_some(context))
    }

    /// Does `work` within the span: the calls that it makes are its children.
    pub async fn around<T>(&self, work: impl Future<Output = T>) -> T {
        match &self.0 {
            Some(context) => work.with_context(context.clone()).await,
            None => work.await,
        }
    }

    /// Ends with the status of the answer.
    pub fn end_with_status(self, status: u16) {
        let Some(context) = self.0 else {
            return;
        };
        let span = context.span();
        span.set_attribute(KeyValue::new(
            "http.response.status_code",
            i64::from(status),
        ));
        if status >= 500 {
            span.set_status(Status::error(""));
        }
        span.end();
    }

    /// Ends a call, with the kind of its error if any.
    pub fn end_with_error(self, kind: Option<String>) {
        let Some(context) = self.0 else {
            return;
        };
        let span = context.span();
        if let Some(kind) = kind {
            span.set_attribute(KeyValue::new("error.type", kind));
            span.set_status(Status::error(""));
        }
        span.end();
    }
}

/// The header that names the current span to the service that is called, if there is one.
pub fn traceparent() -> Option<String> {
    let mut headers = HashMap::new();
    TraceContextPropagator::new().inject_context(&Context::current(), &mut headers);
    headers.remove(TRACEPARENT)
}

/// The span that a caller names. One that cannot be read is ignored, as the standard wants; so is
/// what else comes with it (`tracestate`, `baggage`), where anyone could write a name.
fn caller(traceparent: &str) -> Context {
    let is_readable = traceparent.len() == TRACEPARENT_LENGTH
        && traceparent
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if !is_readable {
        return Context::new();
    }

    let headers = HashMap::from([(TRACEPARENT.to_owned(), traceparent.to_owned())]);
    TraceContextPropagator::new().extract_with_context(&Context::new(), &headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const SPAN: &str = "00f067aa0ba902b7";

    #[test]
    fn a_caller_is_followed_and_a_bad_or_hostile_header_ignored() {
        let cases = [
            (format!("00-{TRACE}-{SPAN}-01"), true),
            (format!("00-{TRACE}-{SPAN}-00"), true),
            (String::new(), false),
            (format!("00-{TRACE}-{SPAN}"), false),
            (format!("00-{TRACE}-{SPAN}-01-"), false),
            (
                format!("00-{TRACE}-{SPAN}-01-{}", "0".repeat(60_000)),
                false,
            ),
            (format!("ff-{TRACE}-{SPAN}-01"), false),
            (format!("00-{}-{SPAN}-01", "0".repeat(32)), false),
            (format!("00-{TRACE}-{}-01", "0".repeat(16)), false),
            (format!("00-{}-{SPAN}-01", TRACE.to_uppercase()), false),
            (format!("00-{TRACE}-+{}-01", &SPAN[1..]), false),
            (format!("00-{SPAN}-{TRACE}-01"), false),
            ("-".repeat(TRACEPARENT_LENGTH), false),
            ("jeanne.martin@exemple.fr".to_owned(), false),
            ("é".repeat(TRACEPARENT_LENGTH), false),
        ];

        for (header, is_followed) in cases {
            let context = caller(&header);
            let span = context.span();
            let followed = span.span_context();
            assert_eq!(followed.is_valid(), is_followed, "{header:.80}");
            if is_followed {
                let ids = (
                    followed.trace_id().to_string(),
                    followed.span_id().to_string(),
                );
                assert_eq!(ids, (TRACE.to_owned(), SPAN.to_owned()));
            }
        }
    }

    #[tokio::test]
    async fn nothing_is_told_when_nothing_is_exported() {
        let span = Span::of_request(&ServerRequest {
            service: "web",
            traceparent: Some(&format!("00-{TRACE}-{SPAN}-01")),
            method: "GET",
            route: "/",
            request_id: "0123456789abcdef",
        });
        assert!(span.0.is_none());
        assert_eq!(span.around(async { traceparent() }).await, None);
    }
}
