//! Counts of requests, read in the text that `/metrics` gives.

/// The requests of a service since its start, probes apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct RequestCounts {
    /// All of them.
    pub(crate) total: f64,
    /// Those that the service failed: 5xx.
    pub(crate) failed: f64,
    /// Those whose answer began within a bound of the histogram: the bound, seconds, and the count.
    pub(crate) within: Vec<(f64, f64)>,
}

impl RequestCounts {
    /// Sums the series of every route.
    pub(crate) fn read(text: &str) -> Self {
        let mut counts = Self::default();
        for (name, labels, value) in text.lines().filter_map(sample) {
            if is_of_a_probe(labels) {
                continue;
            }
            match name {
                "http_requests_total" => counts.add(labels, value),
                "http_request_duration_seconds_bucket" => counts.add_within(labels, value),
                _ => {}
            }
        }
        counts
    }

    /// The share that the service did not fail; nothing before the first request.
    pub(crate) fn availability(&self) -> Option<f64> {
        (self.total > 0.0).then(|| 1.0 - self.failed / self.total)
    }

    /// The share whose answer began within `seconds`, a bound of the histogram.
    pub(crate) fn within(&self, seconds: f64) -> Option<f64> {
        let (_, count) = self
            .within
            .iter()
            .find(|(bound, _)| (bound - seconds).abs() < 1e-9)?;
        (self.total > 0.0).then(|| count / self.total)
    }

    fn add(&mut self, labels: &str, value: f64) {
        self.total += value;
        if label(labels, "status").is_some_and(|status| status.starts_with('5')) {
            self.failed += value;
        }
    }

    fn add_within(&mut self, labels: &str, value: f64) {
        let Some(bound) = label(labels, "le").and_then(|bound| bound.parse().ok()) else {
            return;
        };
        match self.within.iter_mut().find(|(known, _)| *known == bound) {
            Some((_, count)) => *count += value,
            None => self.within.push((bound, value)),
        }
    }
}

/// `name{labels} value`; nothing for a comment.
fn sample(line: &str) -> Option<(&str, &str, f64)> {
    let (name, rest) = line.split_once('{')?;
    // The last one: a route has braces of its own.
    let (labels, value) = rest.rsplit_once("} ")?;
    Some((name, labels, value.parse().ok()?))
}

fn label<'a>(labels: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = labels.split_once(&format!("{name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

fn is_of_a_probe(labels: &str) -> bool {
    label(labels, "route").is_some_and(|route| route.starts_with("/health/") || route == "/metrics")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
# TYPE http_requests_total counter
http_requests_total{method="GET",route="/stations/{id}",status="200"} 97
http_requests_total{method="GET",route="/stations/{id}",status="404"} 2
http_requests_total{method="GET",route="/",status="500"} 1
http_requests_total{method="GET",route="/health/ready",status="503"} 50
http_request_duration_seconds_bucket{method="GET",route="/",le="0.5"} 60
http_request_duration_seconds_bucket{method="GET",route="/stations/{id}",le="0.5"} 30
http_request_duration_seconds_bucket{method="GET",route="/metrics",le="0.5"} 9
http_requests_in_flight 1
"#;

    #[test]
    fn requests_are_summed_over_routes_and_probes_are_left_out() {
        let counts = RequestCounts::read(TEXT);

        assert_eq!((counts.total, counts.failed), (100.0, 1.0));
        assert_eq!(counts.availability(), Some(0.99));
        assert_eq!(counts.within(0.5), Some(0.9));
        assert_eq!(counts.within(0.25), None, "not a bound");
    }

    #[test]
    fn a_service_that_nobody_asked_has_no_share() {
        assert_eq!(RequestCounts::read("").availability(), None);
    }
}
