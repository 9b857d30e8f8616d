//! Where requests may go. A profile names hosts; what a publisher answers (a feed, a link, a
//! redirect) may lead to these and to those that the profile allows, and nowhere else. The address
//! that a name leads to is judged, not the name.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde::Deserialize;
use url::{Host, Url};

use super::addresses::is_public;

/// The section `[requests]` of a profile.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requests {
    /// Hosts that publishers may lead to, beside those of the profile's addresses.
    #[serde(default)]
    pub hosts: BTreeSet<String>,
    /// Hosts whose names may lead to private addresses, such as those of a company's own servers.
    #[serde(default)]
    pub private_hosts: BTreeSet<String>,
}

/// A request that is not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("{0} is not a host of the profile: add it to `hosts` of its section `requests`")]
    UnknownHost(String),
    #[error("port {port} of {host} is not that of an address of the profile")]
    UnknownPort { host: String, port: u16 },
    #[error(
        "{host} leads to {address}, which is not a public address: add the host to `private_hosts` of the section `requests`"
    )]
    Private { host: String, address: IpAddr },
    #[error("{0} leads to no address")]
    Nowhere(String),
    #[error("it is neither an http: nor an https: address")]
    Scheme,
}

/// The hosts that requests may go to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Destinations {
    /// The hosts of the profile's addresses, with their ports.
    named: BTreeMap<String, BTreeSet<u16>>,
    requests: Requests,
    /// Those of the environment, which are often private.
    proxies: BTreeSet<String>,
}

impl Destinations {
    /// Those of a profile that names `addresses`.
    pub(crate) fn new<'a>(
        addresses: impl IntoIterator<Item = &'a Url>,
        requests: Requests,
    ) -> Self {
        let mut named: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
        for url in addresses {
            if let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) {
                named.entry(host.to_owned()).or_default().insert(port);
            }
        }
        Self {
            named,
            requests,
            proxies: proxies(),
        }
    }

    /// Judges an address before anything is sent to it.
    pub(super) fn check(&self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme);
        }
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or_default();

        let ports = self.named.get(host);
        if ports.is_none() && !self.requests.hosts.contains(host) {
            return Err(Refusal::UnknownHost(host.to_owned()));
        }
        if ports.is_some_and(|ports| ports.contains(&port)) {
            return Ok(());
        }

        // This machine has other servers, which the profile did not name.
        let is_usual = matches!(port, 80 | 443) && !self.is_named_address(host);
        if !is_usual {
            let host = host.to_owned();
            return Err(Refusal::UnknownPort { host, port });
        }

        // No resolver is asked for an address that stands for itself.
        match url.host() {
            Some(Host::Ipv4(address)) => self.judge(host, address.into()),
            Some(Host::Ipv6(address)) => self.judge(host, address.into()),
            _ => Ok(()),
        }
    }

    /// True for a host that the profile itself names as private: its address, `localhost`, or a
    /// name of `private_hosts`.
    fn may_be_private(&self, host: &str) -> bool {
        self.is_named_address(host) || self.requests.private_hosts.contains(host)
    }

    /// True for an address that the profile writes as such, or as `localhost`.
    fn is_named_address(&self, host: &str) -> bool {
        let is_address = host.parse::<IpAddr>().is_ok() || host.starts_with('[');
        self.named.contains_key(host) && (is_address || host == "localhost")
    }

    fn judge(&self, host: &str, address: IpAddr) -> Result<(), Refusal> {
        if is_public(address) || self.may_be_private(host) || self.proxies.contains(host) {
            return Ok(());
        }
        let host = host.to_owned();
        Err(Refusal::Private { host, address })
    }

    /// The addresses of `host`, of a publisher or of a proxy, that a connection may be made to.
    fn allowed(
        &self,
        host: &str,
        found: impl IntoIterator<Item = SocketAddr>,
    ) -> Result<Vec<SocketAddr>, Refusal> {
        let mut refusal = Refusal::Nowhere(host.to_owned());
        let mut allowed = Vec::new();

        for address in found {
            match self.judge(host, address.ip()) {
                Ok(()) => allowed.push(address),
                Err(error) => refusal = error,
            }
        }

        if allowed.is_empty() {
            Err(refusal)
        } else {
            Ok(allowed)
        }
    }
}

/// The hosts of the proxies that reqwest takes from the environment.
fn proxies() -> BTreeSet<String> {
    ["http_proxy", "https_proxy", "all_proxy"]
        .into_iter()
        .flat_map(|name| [name.to_owned(), name.to_uppercase()])
        .filter_map(|name| Url::parse(&env::var(name).ok()?).ok())
        .filter_map(|url| url.host_str().map(str::to_owned))
        .collect()
}

/// The system's resolver, whose answers are judged: the connection is made to the very addresses
/// that were judged, so that a name cannot change its mind in between.
pub(super) struct GuardedResolver(pub(super) Arc<Destinations>);

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

#[cfg(test)]
mod tests;
