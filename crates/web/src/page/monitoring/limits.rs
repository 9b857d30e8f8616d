//! The five statistics that decide, each beside its control limits.

use filrouge_api_client::model::{ControlLimits, MonitoredDay, Monitoring};

use crate::frame::Frame;

/// One statistic of the last 24 counted hours, in words.
pub(super) struct Limit {
    pub(super) name: String,
    pub(super) observed: String,
    pub(super) center: String,
    pub(super) lower: String,
    pub(super) upper: String,
    pub(super) is_out: bool,
}

/// Every statistic that has limits, in the order of the model API.
pub(super) fn limits(t: &Frame, monitoring: &Monitoring) -> Vec<Limit> {
    let limits = monitoring.control_limits.iter();
    limits
        .map(|limits| Limit::new(t, limits, monitoring))
        .collect()
}

impl Limit {
    fn new(t: &Frame, limits: &ControlLimits, monitoring: &Monitoring) -> Self {
        let ControlLimits {
            metric,
            center,
            lower,
            upper,
        } = limits;
        let is_raised = |alarm: &filrouge_api_client::model::RaisedAlarm| alarm.metric == *metric;
        let write = writer(metric);

        Self {
            name: t.say(name(metric)),
            observed: t.known(observed(metric, monitoring), |value| write(t, value)),
            center: write(t, *center),
            lower: write(t, *lower),
            upper: write(t, *upper),
            // The model API decides; the page repeats it.
            is_out: monitoring.alarms.iter().any(is_raised),
        }
    }
}

fn observed(metric: &str, monitoring: &Monitoring) -> Option<f64> {
    let MonitoredDay {
        relative_error,
        relative_bias,
        coverage,
        hourly_dispersion,
        ..
    } = monitoring.window;

    match metric {
        "relative_error" => relative_error,
        "relative_bias" => relative_bias,
        "coverage" => coverage,
        "hourly_dispersion" => hourly_dispersion,
        "system_residual" => monitoring.system_residual,
        _ => None,
    }
}

fn name(metric: &str) -> &'static str {
    match metric {
        "relative_error" => "limit-error",
        "relative_bias" => "limit-bias",
        "coverage" => "limit-coverage",
        "hourly_dispersion" => "limit-dispersion",
        "system_residual" => "limit-system",
        _ => "limit-other",
    }
}

/// Shares and differences in percent, the others as they are.
fn writer(metric: &str) -> fn(&Frame, f64) -> String {
    match metric {
        "coverage" => |t, value| t.percent(value),
        "relative_bias" | "system_residual" => |t, value| t.signed_percent(value),
        _ => |t, value| t.number(value, 2),
    }
}
