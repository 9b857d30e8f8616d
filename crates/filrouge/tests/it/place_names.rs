//! Services speak of any city: its name, its zone and its language come from its profile.

use std::fs;
use std::path::{Path, PathBuf};

/// Crates whose code runs in a service.
const SERVICES: [&str; 5] = ["api-client", "data-api", "http", "model-api", "web"];

/// Folders of a crate that a service is made of.
const FOLDERS: [&str; 4] = ["src", "templates", "locales", "assets"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Names of the cities and of their networks, from the profiles; zones, as texts and as constants.
fn place_names() -> Vec<String> {
    let mut names: Vec<String> = files_of(&root().join("data/profiles"))
        .iter()
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .flat_map(|path| names_in(path))
        .collect();

    let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    for zone in zones.filter(|zone| zone.contains('/')) {
        names.extend([zone.to_owned(), zone.replace('/', "::")]);
    }

    names
}

fn names_in(profile: &Path) -> Vec<String> {
    let profile: toml::Table = fs::read_to_string(profile).unwrap().parse().unwrap();
    let names = ["name", "network"].map(|key| profile.get(key).and_then(toml::Value::as_str));
    names.into_iter().flatten().map(str::to_owned).collect()
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };

    let mut files = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files.extend(files_of(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// The lines of a file and their numbers, tests apart: those stand at the end of a file, or in a
/// file of their own.
fn code(path: &Path) -> Vec<(usize, String)> {
    let name = path.file_name().unwrap().to_string_lossy();
    let is_in_tests = path
        .parent()
        .is_some_and(|folder| folder.ends_with("tests"));
    if is_in_tests || name == "tests.rs" || name == "testing.rs" || name.ends_with(".snap") {
        return Vec::new();
    }

    let text = fs::read_to_string(path).unwrap_or_default();
    // The postal address of the Défenseur des droits: every French statement of accessibility gives it.
    let text = text.replace("75342 Paris CEDEX 07", "");
    let lines = (1..).zip(text.lines());
    lines
        .take_while(|(_, line)| !line.trim_start().starts_with("#[cfg(test)]"))
        .map(|(number, line)| (number, line.to_owned()))
        .collect()
}

#[test]
fn services_name_no_city_and_no_time_zone() {
    let names = place_names();
    assert!(names.iter().any(|name| name == "Rivemont"), "{names:?}");

    let mut found = Vec::new();
    for folder in SERVICES
        .iter()
        .flat_map(|service| FOLDERS.map(|part| (service, part)))
    {
        let folder = root().join("crates").join(folder.0).join(folder.1);
        for path in files_of(&folder) {
            for (number, line) in code(&path) {
                let named = names.iter().filter(|name| line.contains(name.as_str()));
                found.extend(named.map(|name| format!("{}:{number}: {name}", path.display())));
            }
        }
    }

    assert!(
        found.is_empty(),
        "a service names a place:\n{}",
        found.join("\n")
    );
}
