use super::*;

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

fn destinations() -> Destinations {
    let addresses = [
        "https://gbfs.example/gbfs.json",
        "http://10.1.2.3:8080/comptages.csv",
        "http://localhost:8090/",
        "https://intra.example:8443/",
    ]
    .map(url);
    let requests = Requests {
        hosts: ["cdn.example".to_owned(), "169.254.169.254".to_owned()].into(),
        private_hosts: ["intra.example".to_owned()].into(),
    };
    Destinations::new(&addresses, requests)
}

#[test]
fn publishers_lead_to_the_hosts_of_the_profile_and_to_those_it_allows() {
    for (address, is_allowed) in [
        ("https://gbfs.example/autre", true),
        ("http://gbfs.example/", true),
        ("https://gbfs.example:9200/", false),
        ("https://gbfs.example.evil.example/", false),
        ("https://cdn.example/", true),
        ("https://cdn.example:22/", false),
        ("https://ailleurs.example/", false),
        ("http://10.1.2.3:8080/", true),
        // Another server of the same machine.
        ("http://10.1.2.3/", false),
        ("http://localhost:8090/", true),
        ("http://localhost/", false),
        // Allowed as a host, private as an address.
        ("http://169.254.169.254/latest/meta-data", false),
        // Other writings of 127.0.0.1.
        ("http://127.0.0.1/", false),
        ("http://2130706433/", false),
        ("http://0x7f.1/", false),
        ("http://[::ffff:127.0.0.1]/", false),
        ("http://[::1]/", false),
        ("ftp://gbfs.example/", false),
        ("file:///etc/passwd", false),
    ] {
        let judged = destinations().check(&url(address));
        assert_eq!(judged.is_ok(), is_allowed, "{address}: {judged:?}");
    }
}

#[test]
fn the_address_that_a_name_leads_to_is_judged() {
    let allowed = |host: &str, found: &[&str]| {
        let found = found
            .iter()
            .map(|text| SocketAddr::new(text.parse().unwrap(), 0));
        let allowed = destinations().allowed(host, found)?;
        Ok::<_, Refusal>(
            allowed
                .iter()
                .map(|one| one.ip().to_string())
                .collect::<Vec<_>>(),
        )
    };

    assert_eq!(
        allowed("gbfs.example", &["192.0.1.1"]).unwrap(),
        ["192.0.1.1"]
    );
    // A name of both worlds is reached in the public one.
    assert_eq!(
        allowed("gbfs.example", &["10.0.0.1", "192.0.1.1"]).unwrap(),
        ["192.0.1.1"]
    );
    assert_eq!(
        allowed("intra.example", &["10.0.0.1"]).unwrap(),
        ["10.0.0.1"]
    );
    assert_eq!(allowed("localhost", &["127.0.0.1"]).unwrap(), ["127.0.0.1"]);

    let error = allowed("cdn.example", &["127.0.0.1"])
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("cdn.example leads to 127.0.0.1, which is not a public address"),
        "{error}"
    );
    assert_eq!(
        allowed("cdn.example", &[]),
        Err(Refusal::Nowhere("cdn.example".to_owned()))
    );
}

#[test]
fn the_host_of_a_proxy_is_known_with_and_without_its_scheme() {
    for (value, host) in [
        ("http://proxy.example:3128", Some("proxy.example")),
        (
            "http://user:secret@proxy.example:3128/",
            Some("proxy.example"),
        ),
        // What curl and most documents of companies write.
        ("proxy.example:3128", Some("proxy.example")),
        ("proxy.example", Some("proxy.example")),
        ("PROXY.example:3128", Some("proxy.example")),
        ("10.0.0.1:3128", Some("10.0.0.1")),
        ("", None),
    ] {
        assert_eq!(proxy_host(value).as_deref(), host, "{value}");
    }
}
