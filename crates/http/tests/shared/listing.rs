//! The addresses that a router holds, for tests that must forget none of them.

use std::collections::BTreeSet;

use axum::Router;

/// Every address of `router`, as declared: `/v1/stations/{station_id}`.
// Axum lists its routes nowhere else than in its debugging text. Should that text change, the list
// comes out empty, and whoever compares it to another one is told.
pub(crate) fn addresses_of(router: &Router) -> BTreeSet<String> {
    let text = format!("{router:?}");
    // The fallback is a router too, whose addresses nobody declared.
    let own = text.split("fallback_router").next().unwrap_or_default();

    own.split('"')
        .filter(|part| part.starts_with('/'))
        .map(str::to_owned)
        .collect()
}
