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
            Err(error)
                if error
                    .status()
                    .is_some_and(|status| (400..500).contains(&status) && status != 429) =>
            {
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
        rest = &rest[at + part.len()..];
    }

    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn allows(robots: &str, path: &str) -> bool {
        Robots::read(robots, "filrouge")
            .allows(&Url::parse("http://x").unwrap().join(path).unwrap())
    }

    #[test]
    fn the_longest_match_decides_and_permission_wins_a_tie() {
        let robots =
            "User-agent: *\nDisallow: /agenda\nAllow: /agenda/public\nDisallow: /a\nAllow: /a\n";
        for (path, allowed) in [
            ("/agenda", false),
            ("/agenda/public/1", true),
            ("/agenda?page=2", false),
            ("/a", true),
            ("/", true),
        ] {
            assert_eq!(allows(robots, path), allowed, "{path}");
        }
    }

    #[test]
    fn a_star_is_any_text_and_a_dollar_is_the_end() {
        let robots =
            "User-agent: *\nDisallow: /*.pdf$\nDisallow: /prive/*/notes\nDisallow: *admin\n";
        for (path, allowed) in [
            ("/a.pdf", false),
            ("/a.pdf?x=1", true),
            ("/a.pdf.html", true),
            ("/prive/1/notes/2", false),
            ("/prive/notes", true),
            ("/x/admin", false),
        ] {
            assert_eq!(allows(robots, path), allowed, "{path}");
        }
    }

    #[test]
    fn a_group_that_names_us_replaces_the_group_of_all() {
        let robots = "User-agent: *\nDisallow: /\n\nUser-Agent: autre\nUser-agent: FilRouge/2\nDisallow: /secret # non\n";
        assert!(allows(robots, "/agenda"));
        assert!(!allows(robots, "/secret"));
        assert!(!Robots::read(robots, "inconnu").allows(&Url::parse("http://x/agenda").unwrap()));
    }

    #[test]
    fn groups_of_the_same_agent_are_one_and_an_empty_rule_forbids_nothing() {
        let robots =
            "User-agent: filrouge\nDisallow: /a\n\nUser-agent: filrouge\nDisallow: /b\nDisallow:\n";
        assert!(!allows(robots, "/a") && !allows(robots, "/b") && allows(robots, "/c"));
        assert!(allows(
            "User-agent: filrouge\nDisallow:\n\nUser-agent: *\nDisallow: /\n",
            "/x"
        ));
    }

    #[test]
    fn a_crawl_delay_is_read_and_nonsense_is_not() {
        let delay = |value| {
            Robots::read(&format!("User-agent: *\nCrawl-delay: {value}\n"), "x")
                .crawl_delay_seconds()
        };
        assert_eq!(
            [delay("2.5"), delay("-1"), delay("vite"), delay("NaN")],
            [Some(2.5), None, None, None]
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,200}", path in "/[a-z*$%é]{0,20}") {
            allows(&format!("User-agent: *\nDisallow: {text}\n"), &path);
            Robots::read(&text, "filrouge");
        }

        #[test]
        fn a_pattern_without_signs_is_a_prefix(path in "/[a-z]{0,8}", end in "[a-z]{0,4}") {
            let whole = format!("{path}{end}");
            prop_assert!(matches_pattern(&path, &whole));
            prop_assert_eq!(matches_pattern(&format!("{path}$"), &whole), end.is_empty());
        }
    }
}
