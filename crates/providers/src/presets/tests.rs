use super::*;

fn presets() -> Presets {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");

    Presets::read(&root.join("data/providers.toml")).unwrap()
}

#[test]
fn a_price_per_million_is_a_number_of_millionths_per_token() {
    let prices = Prices {
        prompt_per_million: 0.15,
        completion_per_million: 0.6,
    };
    let usage = TokenUsage {
        prompt: 1000,
        completion: 101,
    };

    // 150 + 60.6, rounded up.
    assert_eq!(
        prices.expense(usage),
        Expense {
            micros: 211,
            tokens: 1101
        }
    );
}

// Preuve: C7.3 chaque service écarté de l’étude l’est avec sa raison
#[test]
fn each_service_has_its_facts_and_each_one_left_out_its_reason() {
    let presets = presets();

    for name in [
        "embarque",
        "llama-server",
        "mistral",
        "scaleway",
        "ovhcloud",
        "ollama",
        "vllm",
    ] {
        let preset = presets.named(name).expect(name);
        assert!(
            !preset.prerequisites.is_empty(),
            "{name} has no prerequisite"
        );
        assert!(
            !preset.advantages.is_empty() && !preset.drawbacks.is_empty(),
            "{name}"
        );
        // Of our own classifier, the measures say all.
        assert!(
            preset.base.is_none() || !preset.facts.is_empty(),
            "{name} has no fact"
        );
    }
    assert!(presets.unstudied.len() >= 4);
    assert!(
        presets
            .unstudied
            .iter()
            .all(|left_out| left_out.why.len() > 40)
    );
}

#[test]
fn the_key_of_a_service_elsewhere_travels_encrypted() {
    for preset in presets().services {
        let is_elsewhere = matches!(preset.hosting, Hosting::EuropeanUnion | Hosting::Elsewhere);
        let scheme = preset.base.as_ref().map(Url::scheme);
        assert!(!is_elsewhere || scheme == Some("https"), "{}", preset.name);
    }
}
