//! Triggers in words: an event of the forge, with its filters.

use serde_json::Value;

/// A trigger and its filters, as a French sentence without its stop.
pub(super) fn told(event: &str, filters: &Value) -> String {
    let start = match event {
        "push" => "une poussée",
        "pull_request" => "une demande de fusion, ouverte ou modifiée",
        "workflow_dispatch" => "à la main, depuis la forge",
        "repository_dispatch" => "un programme le demande à l’API de la forge",
        "schedule" => "à heure fixe (UTC)",
        "workflow_call" => "un autre workflow l’appelle",
        other => other,
    };

    let told = [
        ("branches", "sur la branche"),
        ("tags", "d’une étiquette"),
        ("types", "de type"),
        ("paths", "qui change"),
    ];
    let mut parts = vec![start.to_owned()];
    parts.extend(told.iter().filter_map(|(key, word)| {
        let values = list(&filters[*key]);
        (!values.is_empty()).then(|| format!("{word} {}", values.join(", ")))
    }));

    let mut text = parts.join(" ");
    let hours: Vec<_> = filters.as_array().into_iter().flatten().collect();
    if !hours.is_empty() {
        let hours: Vec<_> = hours
            .iter()
            .map(|hour| hour_told(hour["cron"].as_str()))
            .collect();
        text += &format!(" : {}", hours.join(", "));
    }
    text + &inputs(&filters["inputs"])
}

/// The values of a filter, each as code.
fn list(value: &Value) -> Vec<String> {
    let one = value.as_str().into_iter();
    let several = value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);

    one.chain(several)
        .map(|value| format!("`{value}`"))
        .collect()
}

/// The questions that a run by hand asks.
fn inputs(inputs: &Value) -> String {
    let asked = inputs
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, input)| {
            let default = match &input["default"] {
                Value::Null => String::new(),
                Value::String(text) => format!(", par défaut `{text}`"),
                other => format!(", par défaut `{other}`"),
            };
            let description = input["description"].as_str().unwrap_or_default();
            format!("`{name}` ({description}{default})")
        });

    let asked: Vec<_> = asked.collect();
    if asked.is_empty() {
        String::new()
    } else {
        format!(", avec {}", asked.join(", "))
    }
}

/// An hour of `cron`: « chaque jour à 3 h 17 », « chaque lundi à 4 h 41 ».
fn hour_told(cron: Option<&str>) -> String {
    const DAYS: [&str; 7] = [
        "dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi",
    ];
    let cron = cron.unwrap_or_default();
    let fields: Vec<_> = cron.split_whitespace().collect();

    if let [minute, hour, "*", "*", day] = fields[..] {
        let known = day
            .parse()
            .ok()
            .and_then(|day: usize| DAYS.get(day).copied());
        let day = if day == "*" { Some("jour") } else { known };
        if let (Some(day), Ok(minute)) = (day, minute.parse::<u8>()) {
            return format!("chaque {day} à {hour} h {minute:02} (`{cron}`)");
        }
    }
    format!("`{cron}`")
}
