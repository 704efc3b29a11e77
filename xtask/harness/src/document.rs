//! The OpenAPI document: what is the learner's own wording in it, and which operations it lists.

use serde_json::{Map, Value};

const YOUR_WORDS: &str = "<your words>";

/// One documented operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// In capitals: `GET`.
    pub method: String,
    /// As the document has it: `/items/secret`.
    pub path: String,
    /// Whether a credential is asked for.
    pub guarded: bool,
    /// The documented status codes.
    pub statuses: Vec<u16>,
}

/// Every operation of the document.
pub fn operations(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let security = operation.get("security").or_else(|| document.get("security"));
            let statuses = operation["responses"].as_object().into_iter().flatten();
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                guarded: security.and_then(Value::as_array).is_some_and(|list| {
                    // An empty requirement among them makes the credential optional.
                    !list.is_empty() && !list.contains(&Value::Object(Map::new()))
                }),
                statuses: statuses.filter_map(|(status, _)| status.parse().ok()).collect(),
            });
        }
    }
    operations
}

/// Shows text that is the learner's own as `<your words>`, and leaves out what is optional.
/// An empty text stays, so that it differs.
pub(crate) fn in_your_words(mut value: Value) -> Value {
    if value.get("openapi").is_none() {
        say_refusal_in_your_words(&mut value);
        return value;
    }
    for item in objects(value.get_mut("paths")) {
        for operation in objects(Some(item)) {
            replace(operation, "operationId");
            replace(operation, "summary");
            leave_out(operation, "description");
            leave_out(operation, "tags");
            for response in objects(operation.get_mut("responses")) {
                replace(response, "description");
            }
        }
    }
    if let Some(components) = value.get_mut("components") {
        for kind in ["schemas", "securitySchemes"] {
            for component in objects(components.get_mut(kind)) {
                leave_out(component, "description");
                for property in objects(component.get_mut("properties")) {
                    leave_out(property, "description");
                }
                for flow in objects(component.get_mut("flows")) {
                    for description in objects(flow.get_mut("scopes")) {
                        say(description);
                    }
                }
            }
        }
    }
    value
}

/// A refused login (RFC 6749 §5.2) explains itself in words of its own; `invalid_request` must, and the
/// words of `invalid_grant` belong to the wire contract.
fn say_refusal_in_your_words(answer: &mut Value) {
    match answer.get("error").and_then(Value::as_str) {
        Some("invalid_request") => replace(answer, "error_description"),
        Some("invalid_scope" | "unsupported_grant_type") => leave_out(answer, "error_description"),
        _ => {}
    }
}

fn objects(value: Option<&mut Value>) -> impl Iterator<Item = &mut Value> {
    value.and_then(Value::as_object_mut).into_iter().flat_map(|object| object.values_mut())
}

fn replace(object: &mut Value, key: &str) {
    if let Some(text) = object.get_mut(key) {
        say(text);
    }
}

fn say(text: &mut Value) {
    if is_said(text) {
        *text = Value::from(YOUR_WORDS);
    }
}

fn leave_out(object: &mut Value, key: &str) {
    if let Some(object) = object.as_object_mut()
        && object.get(key).is_some_and(is_said)
    {
        object.remove(key);
    }
}

fn is_said(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn your_words_are_not_compared_but_an_empty_text_is() {
        let document = |description: &str| {
            json!({"openapi": "3.1.0", "paths": {"/a": {"get": {"summary": description,
                "responses": {"200": {"description": description}}}}}})
        };
        assert_eq!(in_your_words(document("one")), in_your_words(document("two")));
        assert_ne!(in_your_words(document("one")), in_your_words(document("")));
    }

    #[test]
    fn a_refused_login_is_explained_in_your_words() {
        let refused = |error: &str, words: &str| {
            in_your_words(json!({"error": error, "error_description": words}))
        };
        assert_eq!(refused("invalid_request", "one"), refused("invalid_request", "two"));
        assert_ne!(refused("invalid_request", "one"), refused("invalid_request", ""));
        assert_eq!(refused("invalid_scope", "one"), json!({"error": "invalid_scope"}));
        assert_ne!(refused("invalid_grant", "one"), refused("invalid_grant", "two"));
    }

    #[test]
    fn an_empty_requirement_makes_the_credential_optional() {
        let document = json!({"paths": {"/a": {"get": {"security": [{}, {"oauth2": []}], "responses": {"200": {}}}},
            "/b": {"get": {"security": [{"oauth2": []}], "responses": {"401": {}}}}}});
        let guarded: Vec<bool> = operations(&document).iter().map(|o| o.guarded).collect();
        assert_eq!(guarded, [false, true]);
    }
}
