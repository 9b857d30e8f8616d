use super::*;

const STORY: &str = r#"
    id = "RU-01"
    title = "Chercher"
    persona = "cycliste"
    want = "chercher une station"
    so_that = "prendre un vélo"
    priority = "must"
    why = "Rien ne sert sans cela."
    context = "À pied, le matin."
    specifications = ["SF-01"]
    mockups = ["accueil"]
    scenarios = [{ title = "Trouvée", given = "une station", when = "je la cherche", then = "je la vois" }]
    acceptance = ["La station est dans la liste."]
    accessibility = [{ says = "Le champ a une étiquette.", rgaa = "11.1", wcag = ["1.3.1"] }]
"#;

fn known() -> Known {
    let one = |name: &str| BTreeSet::from([name.to_owned()]);
    Known {
        personas: one("cycliste"),
        specifications: one("SF-01"),
        mockups: one("accueil"),
        grid: RgaaGrid::read(&crate::root()).unwrap(),
    }
}

fn faults(story: &str) -> Vec<String> {
    known().faults(&toml::from_str(story).unwrap())
}

#[test]
fn a_story_names_only_what_exists() {
    assert_eq!(faults(STORY), [""; 0]);

    for (from, to, told) in [
        (
            "\"cycliste\"",
            "\"pilote\"",
            "RU-01: is told by `pilote`, who is not described",
        ),
        (
            "\"SF-01\"",
            "\"SF-99\"",
            "RU-01: names SF-99, which is no specification",
        ),
        (
            "\"accueil\"",
            "\"carte\"",
            "RU-01: shows `carte`, which is no mock-up",
        ),
        ("\"11.1\"", "\"11.99\"", "RU-01: RGAA 11.99 is no criterion"),
        (
            "[\"La station est dans la liste.\"]",
            "[]",
            "RU-01: has no scenario or no criterion of acceptance",
        ),
    ] {
        assert_eq!(faults(&STORY.replace(from, to)), [told]);
    }
}

#[test]
fn a_story_without_a_criterion_of_accessibility_is_refused() {
    let (start, _) = STORY.split_once("accessibility").unwrap();
    assert_eq!(
        faults(&format!("{start}accessibility = []")),
        ["RU-01: has no criterion of accessibility"]
    );
}

#[test]
fn a_story_is_done_when_its_specifications_are_answered() {
    let story: UserStory =
        toml::from_str(&STORY.replace("[\"SF-01\"]", "[\"SF-01\", \"SF-02\"]")).unwrap();
    let inventory = Inventory {
        pages: BTreeSet::from(["/".to_owned()]),
        ..Inventory::default()
    };
    let specification = |id: &str, rest: &str| -> Requirement {
        toml::from_str(&format!(
            "id = \"{id}\"\ntitle = \"T\"\nsays = \"S\"\nmeasure = \"M\"\n{rest}"
        ))
        .unwrap()
    };
    let answered = |id| specification(id, "pages = [\"/\"]");
    let open = |id| specification(id, "open = \"tout\"");
    let state = |one, other| story.state(&[one, other], &inventory);

    assert_eq!(state(answered("SF-01"), answered("SF-02")), "fait");
    assert_eq!(state(answered("SF-01"), open("SF-02")), "en cours");
    assert_eq!(state(open("SF-01"), open("SF-02")), "à faire");
}

#[test]
fn a_goal_of_rgaa_11_2_comes_after_one_of_9_1() {
    assert!(number("9.1") < number("11.2"));
}

#[test]
fn a_journey_is_drawn_without_an_arrow_over_a_step() {
    let step = |name: &str| {
        format!("{{ name = \"{name}\", does = \"d\", at = \"page\", barrier = \"b\" }}")
    };
    let steps: Vec<_> = ["un", "deux", "trois", "quatre", "cinq", "six"]
        .map(step)
        .into();
    let journey: Journey = toml::from_str(&format!(
        "id = \"PU-01\"\ntitle = \"T\"\npersona = \"cycliste\"\ncontext = \"C\"\nsteps = [{}]",
        steps.join(", ")
    ))
    .unwrap();

    let diagram = journey.diagram();
    assert_eq!(diagram.faults(), [""; 0]);
    assert_eq!(
        diagram.description,
        "6 étapes, dans l’ordre\u{a0}: un\u{a0}; deux\u{a0}; trois\u{a0}; quatre\u{a0}; cinq\u{a0}; six."
    );
}
