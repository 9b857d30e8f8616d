use serde_json::{Map, Value};

use super::text;

/// Schemas that name each other are followed this far: an example deeper than that teaches nothing.
const DEEPEST: usize = 6;

/// One method of one address.
pub(super) struct Operation {
    /// Identifier of its section.
    pub(super) id: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) title: String,
    pub(super) paragraphs: Vec<String>,
    /// The rights that its token needs; none where no token is asked for.
    pub(super) scopes: Vec<String>,
    pub(super) parameters: Vec<Parameter>,
    /// The command that calls it.
    pub(super) command: String,
    pub(super) answers: Vec<DocumentedAnswer>,
    /// An example of its answer.
    pub(super) example: Option<String>,
}

pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) place: &'static str,
    pub(super) is_required: bool,
    pub(super) meaning: String,
}

pub(super) struct DocumentedAnswer {
    pub(super) status: String,
    pub(super) meaning: String,
}

/// The operations of a document, by tag, in the order in which tags are first met.
pub(super) fn operations_by_tag(document: &Value) -> Vec<(String, Vec<Operation>)> {
    let mut tags: Vec<(String, Vec<Operation>)> = Vec::new();
    let paths = document["paths"].as_object().into_iter().flatten();

    for (path, methods) in paths {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let tag = text(&operation["tags"][0]);
            let operation = Operation::new(document, (method, path), operation);
            match tags.iter_mut().find(|(known, _)| *known == tag) {
                Some((_, operations)) => operations.push(operation),
                None => tags.push((tag, vec![operation])),
            }
        }
    }
    tags
}

impl Operation {
    fn new(document: &Value, (method, path): (&str, &str), operation: &Value) -> Self {
        let parameters = list(&operation["parameters"]).map(Parameter::new).collect();
        let scopes = scopes(operation);
        let body = example_of(document, &operation["requestBody"]["content"]);
        let answers = operation["responses"].as_object().into_iter().flatten();
        let description = text(&operation["description"]);

        Self {
            id: text(&operation["operationId"]),
            method: method.to_uppercase(),
            path: path.to_owned(),
            title: text(&operation["summary"]),
            paragraphs: description
                .split("\n\n")
                .map(str::to_owned)
                .filter(|text| !text.is_empty())
                .collect(),
            command: command(
                (method, &called(path, operation)),
                !scopes.is_empty(),
                body.as_deref(),
            ),
            parameters,
            scopes,
            example: example_of(document, &operation["responses"]["200"]["content"]),
            answers: answers
                .map(|(status, answer)| DocumentedAnswer {
                    status: status.clone(),
                    meaning: text(&answer["description"]),
                })
                .collect(),
        }
    }
}

impl Parameter {
    fn new(parameter: &Value) -> Self {
        let place = match parameter["in"].as_str() {
            Some("path") => "chemin",
            Some("header") => "en-tête",
            _ => "adresse",
        };
        Self {
            name: text(&parameter["name"]),
            place,
            is_required: parameter["required"].as_bool().unwrap_or_default(),
            meaning: text(&parameter["description"]),
        }
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn scopes(operation: &Value) -> Vec<String> {
    let schemes = list(&operation["security"]).flat_map(|scheme| list(&scheme["oauth2"]));
    schemes.map(text).collect()
}

/// The address with the examples of its parameters: those of the path, and those that are required.
fn called(path: &str, operation: &Value) -> String {
    let mut address = path.to_owned();
    let mut query = Vec::new();

    for parameter in list(&operation["parameters"]) {
        let name = text(&parameter["name"]);
        let example = written(&parameter["example"]);
        match parameter["in"].as_str() {
            Some("path") => address = address.replace(&format!("{{{name}}}"), &example),
            Some("query") if parameter["required"] == true => {
                query.push(format!("{name}={example}"))
            }
            _ => {}
        }
    }
    if query.is_empty() {
        return address;
    }
    format!("{address}?{}", query.join("&"))
}

fn written(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The command, for a shell in which `$API` is the address of the service and `$JETON` a token.
fn command((method, address): (&str, &str), needs_token: bool, body: Option<&str>) -> String {
    let mut parts = vec!["curl --fail-with-body".to_owned()];

    if method != "get" {
        parts.push(format!("--request {}", method.to_uppercase()));
    }
    if needs_token {
        parts.push("--header \"Authorization: Bearer $JETON\"".to_owned());
    }

    if let Some(body) = body {
        parts.push("--header 'Content-Type: application/json'".to_owned());
        parts.push(format!("--data '{body}'"));
    }

    parts.push(format!("\"$API{address}\""));
    parts.join(" \\\n  ")
}

/// An example of the JSON of a content.
fn example_of(document: &Value, content: &Value) -> Option<String> {
    let json = &content["application/json"];
    let given = &json["example"];
    let example = match given {
        Value::Null if json["schema"].is_null() => return None,
        Value::Null => example(document, &json["schema"], DEEPEST),
        given => given.clone(),
    };
    serde_json::to_string_pretty(&example).ok()
}

/// An example of a schema: the one that it gives, else one made from its parts.
fn example(document: &Value, schema: &Value, depth: usize) -> Value {
    if let Some(given) = given_example(schema) {
        return given;
    }
    if depth == 0 {
        return Value::Null;
    }
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|path| path.rsplit('/').next())
    {
        return example(
            document,
            &document["components"]["schemas"][name],
            depth - 1,
        );
    }

    for alternatives in ["allOf", "oneOf", "anyOf"] {
        let is_a_value = |alternative: &&Value| alternative["type"] != "null";
        if let Some(first) = list(&schema[alternatives]).find(is_a_value) {
            return example(document, first, depth - 1);
        }
    }
    made(document, schema, depth)
}

fn given_example(schema: &Value) -> Option<Value> {
    let given = [
        &schema["example"],
        &schema["examples"][0],
        &schema["default"],
        &schema["enum"][0],
    ];
    given.into_iter().find(|value| !value.is_null()).cloned()
}

fn made(document: &Value, schema: &Value, depth: usize) -> Value {
    let kinds = [&schema["type"], &schema["type"][0]];

    match kinds.iter().find_map(|kind| kind.as_str()) {
        Some("object") => {
            let fields = schema["properties"].as_object().into_iter().flatten();
            let fields =
                fields.map(|(name, field)| (name.clone(), example(document, field, depth - 1)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Some("array") => Value::Array(vec![example(document, &schema["items"], depth - 1)]),
        Some("string") if schema["format"] == "date-time" => "2026-03-01T08:00:00Z".into(),
        Some("string") => "texte".into(),
        Some("integer") => schema["minimum"].as_i64().unwrap_or(1).into(),
        Some("number") => 0.5.into(),
        Some("boolean") => true.into(),
        _ => Value::Null,
    }
}
