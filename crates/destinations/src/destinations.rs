use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::net::{IpAddr, SocketAddr};

use serde::Deserialize;
use url::{Host, Url};

use crate::addresses::is_public;

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

/// The reason why a request is not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The profile neither names nor allows the host.
    #[error("{0} is not a host of the profile: add it to `hosts` of its section `requests`")]
    UnknownHost(String),
    /// The host has other servers, which the profile did not name.
    #[error("port {port} of {host} is not that of an address of the profile")]
    UnknownPort {
        /// The host.
        host: String,
        /// Its other port.
        port: u16,
    },
    /// The name leads into a private network.
    #[error(
        "{host} leads to {address}, which is not a public address: add the host to `private_hosts` of the section `requests`"
    )]
    Private {
        /// The host.
        host: String,
        /// The address that its name leads to.
        address: IpAddr,
    },
    /// The name leads to no address.
    #[error("{0} leads to no address")]
    Nowhere(String),
    /// Only the web is asked.
    #[error("it is neither an http: nor an https: address")]
    Scheme,
}

/// The hosts that requests may go to.
#[derive(Debug, Clone, Default)]
pub struct Destinations {
    /// The hosts of the profile's addresses, with their ports.
    named: BTreeMap<String, BTreeSet<u16>>,
    requests: Requests,
    /// Any public host may be led to.
    is_open: bool,
    /// Those of the environment, which are often private.
    proxies: BTreeSet<String>,
}

impl Destinations {
    /// Those of a profile that names `addresses`.
    pub fn new<'a>(addresses: impl IntoIterator<Item = &'a Url>, requests: Requests) -> Self {
        let mut named: BTreeMap<String, BTreeSet<u16>> = BTreeMap::new();
        for url in addresses {
            if let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) {
                named.entry(host.to_owned()).or_default().insert(port);
            }
        }
        Self {
            named,
            requests,
            is_open: false,
            proxies: proxies(),
        }
    }

    /// The same, where a publisher may lead to any public host: a feed moves with its publisher.
    #[must_use]
    pub fn open_to_public_hosts(self) -> Self {
        Self {
            is_open: true,
            ..self
        }
    }

    /// Judges an address before anything is sent to it.
    ///
    /// # Errors
    /// The reason why nothing may be sent there.
    pub fn check(&self, url: &Url) -> Result<(), Refusal> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refusal::Scheme);
        }
        let host = url.host_str().unwrap_or_default();
        let port = url.port_or_known_default().unwrap_or_default();

        let ports = self.named.get(host);
        if ports.is_none() && !self.is_open && !self.requests.hosts.contains(host) {
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
        let is_proxy = self.proxies.contains(&host.to_ascii_lowercase());
        if is_public(address) || self.may_be_private(host) || is_proxy {
            return Ok(());
        }
        let host = host.to_owned();
        Err(Refusal::Private { host, address })
    }

    /// The addresses of `host`, of a publisher or of a proxy, that a connection may be made to.
    pub(crate) fn allowed(
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
        .filter_map(|name| proxy_host(&env::var(name).ok()?))
        .collect()
}

/// The host of a proxy. Without a scheme it is one of http, as for curl and reqwest.
fn proxy_host(value: &str) -> Option<String> {
    let address = match value.contains("://") {
        true => value.to_owned(),
        false => format!("http://{value}"),
    };
    Url::parse(&address).ok()?.host_str().map(str::to_owned)
}

#[cfg(test)]
mod tests;
