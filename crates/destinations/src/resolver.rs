use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::destinations::Destinations;

/// The system's resolver, whose answers are judged: the connection is made to the very addresses
/// that were judged, so that a name cannot change its mind in between.
#[derive(Debug)]
pub struct GuardedResolver(pub Arc<Destinations>);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let destinations = Arc::clone(&self.0);
        Box::pin(async move {
            let host = name.as_str();
            // The port is put by the connector.
            let found = tokio::net::lookup_host((host, 0)).await?;
            let allowed = destinations.allowed(host, found)?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
