//! The operations that a document lists.

use serde_json::{Map, Value, json};

use super::reading::{is_method, members, security};

/// One documented operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// In capitals: `GET`.
    pub method: String,
    /// As the document has it: `/items/secret`.
    pub path: String,
    /// Whether a credential is asked for.
    pub guarded: bool,
    /// The scopes that it asks for, in alphabetical order.
    pub scopes: Vec<String>,
    /// The documented status codes.
    pub statuses: Vec<u16>,
    /// Path parameters that the path does not have.
    pub stray_parameters: Vec<String>,
}

/// Every operation of the document.
pub fn operations(document: &Value) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in members(&document["paths"]) {
        for (method, operation) in members(item).filter(|(method, _)| is_method(method)) {
            let security = security(document, operation);
            let statuses = members(&operation["responses"]);
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                // An empty requirement among them makes the credential optional.
                guarded: security.as_ref().is_some_and(|list| !list.contains(&json!({}))),
                scopes: scopes(security.as_deref().unwrap_or_default()),
                statuses: statuses.filter_map(|(status, _)| status.parse().ok()).collect(),
                stray_parameters: stray_parameters(path, operation),
            });
        }
    }
    operations
}

/// OpenAPI 3.1, *Parameter Object*: a parameter in the path has a place in it, `{name}`.
fn stray_parameters(path: &str, operation: &Value) -> Vec<String> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let in_path = parameters.filter(|parameter| parameter["in"] == "path");
    let names = in_path.filter_map(|parameter| parameter["name"].as_str());
    names.filter(|name| !path.contains(&format!("{{{name}}}"))).map(str::to_owned).collect()
}

fn scopes(security: &[Value]) -> Vec<String> {
    let lists = security.iter().filter_map(Value::as_object).flat_map(Map::values);
    let scopes = lists.filter_map(Value::as_array).flatten().filter_map(Value::as_str);
    let mut scopes: Vec<String> = scopes.map(str::to_owned).collect();
    scopes.sort();
    scopes.dedup();
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_requirement_makes_the_credential_optional() {
        let document = json!({"paths": {
            "/a": {"get": {"security": [{}, {"oauth2": []}], "responses": {"200": {}}}},
            "/b": {"summary": "x", "get": {"security": [{"oauth2": ["me", "items"]}], "responses": {"401": {}}}},
        }});
        let guarded: Vec<bool> = operations(&document).iter().map(|o| o.guarded).collect();
        assert_eq!(guarded, [false, true]);
        assert_eq!(operations(&document)[1].scopes, ["items", "me"]);
    }
}
