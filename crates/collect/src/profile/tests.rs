use super::*;
use crate::fuzz::fuzz;

fn places() -> Placeholders {
    Placeholders {
        city: "http://127.0.0.1:8090/".to_owned(),
        state: PathBuf::from("var"),
    }
}

fn error_of(text: &str) -> String {
    Profile::parse(text, Path::new("essai.toml"), &places())
        .unwrap_err()
        .to_string()
}

#[test]
fn the_embedded_profile_names_the_five_sources() {
    let profile = Profile::rivemont(&places()).unwrap();
    assert_eq!(profile.name, "Rivemont");
    assert!(profile.web_service.is_some() && profile.web_page.is_some() && profile.file.is_some());
    assert!(profile.sql.is_some() && profile.lake.is_some());
}

#[test]
fn the_simulated_city_may_be_a_container_whose_name_leads_to_a_private_address() {
    let places = Placeholders {
        city: "http://city:8090".to_owned(),
        ..places()
    };

    let profile = Profile::rivemont(&places).unwrap();

    let private: Vec<_> = profile.requests.private_hosts.iter().collect();
    assert_eq!(private, ["city"], "and no other name");
}

#[test]
fn every_profile_of_the_project_can_be_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/profiles");
    for path in fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
    {
        if path.extension().is_none_or(|end| end != "toml") {
            continue;
        }
        Profile::read(&path, &places()).unwrap();
    }
}

#[test]
fn an_unknown_key_is_an_error_naming_the_key_the_file_and_the_line() {
    let error = error_of("name = \"X\"\ntime_zone = \"Europe/Paris\"\nweb_servise = 1\n");
    assert!(
        error.starts_with("profile essai.toml, line 3: unknown field `web_servise`"),
        "{error}"
    );
}

#[test]
fn a_password_in_an_address_is_refused_and_not_shown() {
    for address in [
        "https://lecteur:secret@x.invalid/gbfs.json",
        "postgres://lecteur:secret@x.invalid/base",
        "postgres:///base?host=/run/pg&password=secret",
    ] {
        let error = error_of(&format!("name = \"X\"\n[sql]\naddress = \"{address}\"\n"));
        assert!(
            error.starts_with("profile essai.toml, line 3: an address holds a password"),
            "{error}"
        );
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn a_time_zone_that_does_not_exist_is_named() {
    let error = error_of("name = \"X\"\ntime_zone = \"Europe/Rivemont\"\n");
    assert!(
        error.contains("line 2") && error.contains("`Europe/Rivemont` is not a time zone"),
        "{error}"
    );
}

#[test]
fn a_state_folder_with_quotes_is_still_a_valid_text() {
    let places = Placeholders {
        city: "http://127.0.0.1:1".to_owned(),
        state: PathBuf::from("a \"b\" c"),
    };
    Profile::rivemont(&places).unwrap();
}

#[test]
fn a_profile_nested_without_end_is_refused() {
    for text in [
        "a = ".to_owned() + &"[".repeat(100_000),
        "[".repeat(100_000),
        "a.".repeat(100_000),
    ] {
        assert!(error_of(&text).starts_with("profile essai.toml, line 1"));
    }
}

#[test]
fn fuzz_profiles() {
    fuzz("profile", |body| {
        let text = String::from_utf8_lossy(body);
        let _ = Profile::parse(&text, Path::new("profile.toml"), &places());
    });
}
