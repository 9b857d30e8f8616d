//! robots.txt (RFC 9309): groups by user agent, the longest match decides, `*` and `$` in patterns.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context, Result};
use url::Url;

use crate::fetch::{Fetcher, PRODUCT};

/// The rules of one site for this program.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Robots {
    rules: Vec<Rule>,
    crawl_delay_seconds: Option<f64>,
}

#[derive(Debug, PartialEq)]
struct Rule {
    allow: bool,
    pattern: String,
}

/// The rules of each site met during a run.
#[derive(Default)]
pub(super) struct RobotsOf(HashMap<String, Arc<Robots>>);

/// Bytes that a crawler must read at least (RFC 9309, section 2.5).
const MAXIMUM_BYTES: usize = 500 * 1024;

impl RobotsOf {
    /// The rules of the site of `url`, asked for once. A site without the file allows everything; a
    /// site whose file cannot be had allows nothing (RFC 9309, section 2.3.1).
    pub(super) async fn of(&mut self, url: &Url, fetcher: &Fetcher) -> Result<Arc<Robots>> {
        let site = url.origin().ascii_serialization();
        if let Some(robots) = self.0.get(&site) {
            return Ok(Arc::clone(robots));
        }

        let address = url.join("/robots.txt")?;
        let robots = match fetcher.get(&address).await {
            Ok(received) => {
                let body = &received.body[..received.body.len().min(MAXIMUM_BYTES)];
                Robots::read(&String::from_utf8_lossy(body), PRODUCT)
            }
            // "Unavailable" opens the site, "unreachable" closes it; 429 is a busy server.
            Err(error) if matches!(error.status(), Some(400..=428 | 430..=499)) => {
                Robots::default()
            }
            Err(error) => {
                return Err(error).context("without its robots.txt a site may not be visited");
            }
        };

        let robots = Arc::new(robots);
        self.0.insert(site, Arc::clone(&robots));
        Ok(robots)
    }
}

impl Robots {
    /// Reads the rules of the groups that name `product`, or else those of `*`.
    pub(super) fn read(text: &str, product: &str) -> Self {
        let mut named = Group::default();
        let mut default = Group::default();
        let mut agents: Vec<String> = Vec::new();
        let mut in_rules = false;

        for (key, value) in text.trim_start_matches('\u{feff}').lines().filter_map(line) {
            if key == "user-agent" {
                // A group's agents stand together; the first rule ends the list.
                if in_rules {
                    agents.clear();
                    in_rules = false;
                }
                agents.push(value.to_ascii_lowercase());
                continue;
            }

            in_rules |= matches!(key.as_str(), "allow" | "disallow" | "crawl-delay");
            for agent in &agents {
                match agent.as_str() {
                    "*" => default.add(&key, value),
                    agent if token(agent) == product => named.add(&key, value),
                    _ => {}
                }
            }

            named.exists |= agents.iter().any(|agent| token(agent) == product);
        }

        if named.exists {
            named.robots
        } else {
            default.robots
        }
    }

    /// True when `url` may be fetched: the longest pattern that matches decides, and permission
    /// wins a tie (RFC 9309, section 2.2.2).
    pub(super) fn allows(&self, url: &Url) -> bool {
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let matching = self
            .rules
            .iter()
            .filter(|rule| matches_pattern(&rule.pattern, path));
        matching
            // `true` is greater than `false`: permission wins a tie.
            .max_by_key(|rule| (rule.pattern.len(), rule.allow))
            .is_none_or(|rule| rule.allow)
    }

    /// The pause asked for between two requests; not in the RFC, yet widespread.
    pub(super) fn crawl_delay_seconds(&self) -> Option<f64> {
        self.crawl_delay_seconds
    }
}

#[derive(Default)]
struct Group {
    exists: bool,
    robots: Robots,
}

impl Group {
    fn add(&mut self, key: &str, value: &str) {
        match key {
            // An empty pattern matches nothing.
            "allow" | "disallow" if !value.is_empty() => {
                self.robots.rules.push(Rule {
                    allow: key == "allow",
                    pattern: value.to_owned(),
                });
            }

            "crawl-delay" => {
                self.robots.crawl_delay_seconds =
                    value.parse().ok().filter(|delay: &f64| *delay >= 0.0)
            }

            _ => {}
        }
    }
}

/// `Key: value # comment` in lower case, without spaces around.
fn line(line: &str) -> Option<(String, &str)> {
    let line = line.split('#').next().unwrap_or_default();
    let (key, value) = line.split_once(':')?;
    Some((key.trim().to_ascii_lowercase(), value.trim()))
}

/// The product token of a user agent: the part before its version.
fn token(agent: &str) -> &str {
    agent.split(['/', ' ']).next().unwrap_or_default()
}

/// True when `path` begins with `pattern`, in which `*` is any text and a last `$` is the end.
fn matches_pattern(pattern: &str, path: &str) -> bool {
    let (pattern, to_the_end) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };

    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return !to_the_end || rest.is_empty();
    }

    while let Some(part) = parts.next() {
        let last = parts.peek().is_none();
        if last && to_the_end {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else {
            return false;
        };
        // The leftmost match is enough: the text after `*` may begin anywhere.
        rest = &rest[at + part.len()..];
    }

    true
}

#[cfg(test)]
mod tests;
