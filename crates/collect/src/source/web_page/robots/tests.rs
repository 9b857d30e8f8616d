use proptest::prelude::*;

use super::*;
use crate::fuzz::fuzz;

fn allows(robots: &str, path: &str) -> bool {
    Robots::read(robots, "filrouge").allows(&Url::parse("http://x").unwrap().join(path).unwrap())
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
    let robots = "User-agent: *\nDisallow: /*.pdf$\nDisallow: /prive/*/notes\nDisallow: *admin\n";
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
        Robots::read(&format!("User-agent: *\nCrawl-delay: {value}\n"), "x").crawl_delay_seconds()
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

#[test]
fn fuzz_robots() {
    fuzz("robots", |body| {
        let robots = Robots::read(&String::from_utf8_lossy(body), "filrouge");
        robots.allows(&"http://x/prive/a?page=1&x".parse().unwrap());
    });
}
