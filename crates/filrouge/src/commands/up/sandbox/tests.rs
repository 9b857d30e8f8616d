use super::*;

// Preuve: C11.5 le bac à sable a son dossier et ses ports, et la ville y joue un changement par jour
#[test]
fn a_sandbox_is_apart_and_plays_one_change_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let global = GlobalArgs::of(folder.path().join("var"));
    let now: DateTime<Utc> = "2026-03-01T08:20:00Z".parse().unwrap();
    let sandbox = prepare(&global, now).unwrap();
    assert_eq!(
        (sandbox.state.clone(), sandbox.port_base),
        (folder.path().join("var-bac"), 9080)
    );
    assert!(!global.state.exists(), "the case beside it is not touched");
    let path = sandbox.state.join("city/incidents.json");
    let read = || serde_json::from_slice::<Vec<Incident>>(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(read().len(), 4);
    assert_eq!(read()[0].from.to_string(), "2026-02-28T08:00:00Z");
    assert!(
        read()
            .windows(2)
            .all(|pair| pair[0].until == Some(pair[1].from))
    );
    std::fs::write(&path, "[]").unwrap();
    prepare(&global, now).unwrap();
    assert_eq!(read(), [], "what a person wrote stays");
}
