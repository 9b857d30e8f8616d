//! The metrics of a service, each declared once. The declaration registers the metric; `filrouge
//! document` writes its line of `docs/metriques.md` and draws its panel from it.

use prometheus::core::Collector;
use prometheus::{
    Error, Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec,
    Opts, Registry,
};

/// The declaration of one metric.
#[derive(Debug, Clone, Copy)]
pub struct MetricSpec {
    /// Its name, unit included, as Prometheus recommends.
    pub name: &'static str,
    /// Unit of its values.
    pub unit: Unit,
    /// Names of its labels: never an address or a person.
    pub labels: &'static [&'static str],
    /// Its meaning for who operates the service, in French.
    pub meaning: &'static str,
}

/// Unit of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number of things, named in French.
    Count(&'static str),
    /// A duration in seconds.
    Seconds,
    /// A size in bytes.
    Bytes,
    /// An instant, in seconds since 1970.
    Instant,
    /// A share, from 0 to 1.
    Ratio,
    /// 1 for yes, 0 for no.
    Flag,
    /// A number whose label says the unit, or that has none.
    Number,
}

/// Kind of a metric, in Prometheus's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// It counts observations by size.
    Histogram,
}

/// The metrics declared so far, in the registry that `/metrics` reads.
#[derive(Debug, Default)]
pub struct Catalogue {
    registry: Registry,
    metrics: Vec<(Kind, MetricSpec)>,
}

impl Catalogue {
    /// The metrics, in the order of their declarations.
    pub fn metrics(&self) -> &[(Kind, MetricSpec)] {
        &self.metrics
    }

    pub(crate) fn registry(&self) -> Registry {
        self.registry.clone()
    }

    /// Declares a counter.
    ///
    /// # Errors
    /// As all of these: when the name is not one, or is taken.
    pub fn counter(&mut self, spec: MetricSpec) -> Result<IntCounter, Error> {
        let counter = IntCounter::with_opts(spec.options())?;
        self.register(Kind::Counter, spec, counter)
    }

    /// Declares a counter with labels.
    ///
    /// # Errors
    /// As [`counter`](Self::counter).
    pub fn counters(&mut self, spec: MetricSpec) -> Result<IntCounterVec, Error> {
        let counters = IntCounterVec::new(spec.options(), spec.labels)?;
        self.register(Kind::Counter, spec, counters)
    }

    /// Declares a gauge.
    ///
    /// # Errors
    /// As [`counter`](Self::counter).
    pub fn gauge(&mut self, spec: MetricSpec) -> Result<Gauge, Error> {
        let gauge = Gauge::with_opts(spec.options())?;
        self.register(Kind::Gauge, spec, gauge)
    }

    /// Declares a gauge with labels.
    ///
    /// # Errors
    /// As [`counter`](Self::counter).
    pub fn gauges(&mut self, spec: MetricSpec) -> Result<GaugeVec, Error> {
        let gauges = GaugeVec::new(spec.options(), spec.labels)?;
        self.register(Kind::Gauge, spec, gauges)
    }

    /// Declares a histogram whose classes end at `bounds`.
    ///
    /// # Errors
    /// As [`counter`](Self::counter).
    pub fn histogram(&mut self, spec: MetricSpec, bounds: &[f64]) -> Result<Histogram, Error> {
        let histogram = Histogram::with_opts(spec.histogram(bounds))?;
        self.register(Kind::Histogram, spec, histogram)
    }

    /// Declares a histogram with labels.
    ///
    /// # Errors
    /// As [`counter`](Self::counter).
    pub fn histograms(&mut self, spec: MetricSpec, bounds: &[f64]) -> Result<HistogramVec, Error> {
        let histograms = HistogramVec::new(spec.histogram(bounds), spec.labels)?;
        self.register(Kind::Histogram, spec, histograms)
    }

    fn register<C: Collector + Clone + 'static>(
        &mut self,
        kind: Kind,
        spec: MetricSpec,
        collector: C,
    ) -> Result<C, Error> {
        // Registered first: a name that is taken is not declared twice.
        self.registry.register(Box::new(collector.clone()))?;
        self.metrics.push((kind, spec));
        Ok(collector)
    }
}

impl MetricSpec {
    fn options(&self) -> Opts {
        Opts::new(self.name, self.meaning)
    }

    fn histogram(&self, bounds: &[f64]) -> HistogramOpts {
        HistogramOpts::new(self.name, self.meaning).buckets(bounds.to_vec())
    }
}
