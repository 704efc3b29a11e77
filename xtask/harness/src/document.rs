//! The OpenAPI document: the part of it that the contract names, and which operations it lists.

use serde_json::{Map, Value, json};

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

/// Of the document what the contract names: its version, the operations with their statuses, media types and
/// schemas, what guards them, and the security scheme. Own words, names, examples and formats are left out, and
/// references are replaced by what they lead to.
pub(crate) fn canonical(document: &Value) -> Value {
    let version = document["openapi"].as_str().unwrap_or_default();
    let version = version.rsplit_once('.').map_or(version, |(minor, _patch)| minor);
    let paths: Map<String, Value> = members(&document["paths"])
        .map(|(path, item)| {
            let operations = members(item).filter(|(method, _)| is_method(method));
            let operations: Map<String, Value> = operations
                .map(|(method, operation)| {
                    (method.clone(), canonical_operation(document, operation))
                })
                .collect();
            (path.clone(), Value::Object(operations))
        })
        .collect();
    let schemes: Map<String, Value> = members(&document["components"]["securitySchemes"])
        .map(|(name, scheme)| (name.clone(), canonical_scheme(resolved(document, scheme))))
        .collect();
    let mut canonical = json!({"openapi": version, "paths": paths});
    if !schemes.is_empty() {
        canonical["components"] = json!({"securitySchemes": schemes});
    }
    canonical
}

/// What of one canonical document an expected one names: without own operations, responses, media types and security
/// schemes that no operation of these names.
pub(crate) fn as_far_as(expected: &Value, mut actual: Value) -> Value {
    keep(&mut actual["paths"], &expected["paths"], |path, expected| {
        keep(path, expected, |operation, expected| {
            for part in ["responses", "requestBody"] {
                if let (Some(part), Some(expected)) = (operation.get_mut(part), expected.get(part))
                {
                    keep(part, expected, |response, expected| {
                        if let Some(kinds) = response.get_mut("content") {
                            keep(kinds, &expected["content"], |_, _| {});
                        }
                    });
                }
            }
            // A body that is documented although none is asked for changes nothing.
            if expected.get("requestBody").is_none()
                && let Some(operation) = operation.as_object_mut()
            {
                operation.remove("requestBody");
            }
        });
    });
    let expected = &expected["components"]["securitySchemes"];
    match actual.get_mut("components").and_then(|it| it.get_mut("securitySchemes")) {
        Some(schemes) if expected.is_object() => keep(schemes, expected, |_, _| {}),
        Some(_) => {
            actual.as_object_mut().map(|document| document.remove("components"));
        }
        None => {}
    }
    actual
}

/// Keeps the members that are expected too, and goes on in each of them.
fn keep(actual: &mut Value, expected: &Value, mut inside: impl FnMut(&mut Value, &Value)) {
    let Some(members) = actual.as_object_mut() else { return };
    members.retain(|name, _| expected.get(name).is_some());
    for (name, member) in members {
        inside(member, &expected[name]);
    }
}

fn canonical_operation(document: &Value, operation: &Value) -> Value {
    // What a server says when it cannot answer, 5xx, nobody has to document.
    let responses: Map<String, Value> = members(&operation["responses"])
        .filter(|(status, _)| !status.starts_with('5'))
        .map(|(status, response)| {
            let response = resolved(document, response);
            let mut canonical = json!({"description": said(&response["description"])});
            if response.get("content").is_some() {
                canonical["content"] = content(document, response);
            }
            (status.clone(), canonical)
        })
        .collect();
    let mut canonical = json!({"responses": responses});
    if let Some(body) = operation.get("requestBody") {
        canonical["requestBody"] = json!({"content": content(document, resolved(document, body))});
    }
    if let Some(security) = security(document, operation) {
        canonical["security"] = Value::Array(security);
    }
    canonical
}

/// Media types, without parameters, and the schema of each.
fn content(document: &Value, holder: &Value) -> Value {
    let kinds = members(&holder["content"]).map(|(kind, media)| {
        let kind = kind.split(';').next().unwrap_or_default().trim().to_owned();
        (kind, json!({"schema": schema(document, &media["schema"], 0)}))
    });
    Value::Object(kinds.collect())
}

/// How deep references are followed: a schema may contain itself.
const DEEPEST: usize = 8;

/// Of a schema its shape: types, members, items. `null` beside another type, formats and bounds are left out.
fn schema(document: &Value, value: &Value, depth: usize) -> Value {
    let value = resolved(document, value);
    if depth > DEEPEST {
        return Value::Null;
    }
    let mut shape = Map::new();
    match &value["type"] {
        Value::Array(kinds) => {
            let kinds: Vec<&Value> = kinds.iter().filter(|kind| *kind != "null").collect();
            shape.insert(
                "type".to_owned(),
                if let [one] = kinds[..] { one.clone() } else { json!(kinds) },
            );
        }
        Value::Null => {}
        kind => {
            shape.insert("type".to_owned(), kind.clone());
        }
    }
    if value["properties"].is_object() {
        let properties = members(&value["properties"])
            .map(|(name, property)| (name.clone(), schema(document, property, depth + 1)));
        shape.insert("properties".to_owned(), Value::Object(properties.collect()));
    }
    if value["items"].is_object() {
        shape.insert("items".to_owned(), schema(document, &value["items"], depth + 1));
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(schemas) = value[choice].as_array() {
            let schemas: Vec<Value> = schemas
                .iter()
                .map(|one| schema(document, one, depth + 1))
                .filter(|one| one["type"] != "null")
                .collect();
            // One that is left is the same without the choice.
            if let [only] = schemas.as_slice() {
                return only.clone();
            }
            shape.insert(choice.to_owned(), Value::Array(schemas));
        }
    }
    Value::Object(shape)
}

/// Of a security scheme its kind, and of each flow its addresses and the names of its scopes.
fn canonical_scheme(scheme: &Value) -> Value {
    let mut scheme = scheme.clone();
    if let Some(scheme) = scheme.as_object_mut() {
        scheme.remove("description");
    }
    if let Some(flows) = scheme.get_mut("flows").and_then(Value::as_object_mut) {
        for flow in flows.values_mut() {
            if let Some(scopes) = flow.get_mut("scopes").and_then(Value::as_object_mut) {
                scopes.values_mut().for_each(|words| *words = said(words));
            }
        }
    }
    scheme
}

/// What guards an operation: its own requirements or, if it has none, the document's; none if the list is empty. The
/// scopes of each are in alphabetical order.
fn security(document: &Value, operation: &Value) -> Option<Vec<Value>> {
    let list = operation.get("security").or_else(|| document.get("security"))?.as_array()?;
    let sorted = list.iter().map(|requirement| {
        let mut requirement = requirement.clone();
        for scopes in requirement.as_object_mut().into_iter().flat_map(|it| it.values_mut()) {
            if let Some(scopes) = scopes.as_array_mut() {
                scopes.sort_by_key(ToString::to_string);
            }
        }
        requirement
    });
    let sorted: Vec<Value> = sorted.collect();
    (!sorted.is_empty()).then_some(sorted)
}

fn scopes(security: &[Value]) -> Vec<String> {
    let lists = security.iter().filter_map(Value::as_object).flat_map(Map::values);
    let scopes = lists.filter_map(Value::as_array).flatten().filter_map(Value::as_str);
    let mut scopes: Vec<String> = scopes.map(str::to_owned).collect();
    scopes.sort();
    scopes.dedup();
    scopes
}

/// What a `$ref` leads to, or the value itself.
fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let mut value = value;
    for _ in 0..DEEPEST {
        let target = value["$ref"].as_str().and_then(|target| target.strip_prefix('#'));
        match target.and_then(|pointer| document.pointer(pointer)) {
            Some(found) => value = found,
            None => return value,
        }
    }
    value
}

/// Words of the learner's own are all alike, but none are not.
fn said(words: &Value) -> Value {
    match words {
        Value::String(text) if !text.trim().is_empty() => json!(crate::canonical::YOUR_WORDS),
        other => other.clone(),
    }
}

fn is_method(name: &str) -> bool {
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"].contains(&name)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(operation: &Value) -> Value {
        json!({"openapi": "3.1.0", "info": {"title": "Mine"}, "paths": {"/a": {"get": operation}}})
    }

    #[test]
    fn own_words_names_and_formats_are_free() {
        let one = json!({
            "openapi": "3.1.1",
            "paths": {"/a": {"get": {"tags": ["x"], "operationId": "a", "responses": {"200": {
                "description": "One", "content": {"application/json": {"schema":
                    {"type": "array", "items": {"$ref": "#/components/schemas/Item"}}}}}}}}},
            "components": {"schemas": {"Item": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "integer", "format": "int32", "minimum": 0},
                "name": {"type": ["string", "null"], "description": "Mine", "example": "x"}}}}},
        });
        let other = document(&json!({"responses": {"200": {"description": "Two",
            "content": {"application/json; charset=utf-8": {"schema": {"type": "array", "items":
                {"type": "object", "properties": {"name": {"type": "string"}, "id": {"type": "integer", "format": "int64"}}}}}}}}}));
        assert_eq!(canonical(&one), canonical(&other));
    }

    #[test]
    fn what_the_contract_names_is_compared() {
        let base = json!({"responses": {"200": {"description": "x"}}, "security": [{"oauth": []}]});
        let differs = |change: fn(&mut Value)| {
            let mut other = base.clone();
            change(&mut other);
            let (base, other) = (canonical(&document(&base)), canonical(&document(&other)));
            assert_ne!(base, as_far_as(&base, other));
        };
        differs(|it| it["responses"]["200"]["description"] = json!(" "));
        differs(|it| it["responses"] = json!({}));
        differs(|it| it["security"] = json!([{"oauth": ["me"]}]));
        differs(|it| it["security"] = json!([{}, {"oauth": []}]));
        differs(|it| it["security"] = json!([]));
        differs(|it| it["responses"]["200"]["content"] = json!({"text/plain": {"schema": {}}}));
    }

    #[test]
    fn own_operations_and_responses_are_free() {
        let expected = canonical(&document(&json!({"responses": {"200": {"description": "x"}}})));
        let mut more = document(
            &json!({"responses": {"200": {"description": "y"}, "404": {"description": "z"}},
            "parameters": [{"name": "page"}]}),
        );
        more["paths"]["/health"] = json!({"get": {"responses": {}}});
        more["paths"]["/a"]["post"] = json!({"responses": {}});
        more["components"] = json!({"securitySchemes": {"key": {"type": "apiKey"}}});
        assert_eq!(as_far_as(&expected, canonical(&more)), expected);
    }

    #[test]
    fn security_of_the_whole_document_counts_unless_an_operation_has_its_own() {
        let guarded = json!([{"oauth": []}]);
        let mut whole = document(&json!({"responses": {}}));
        whole["security"] = guarded.clone();
        assert_eq!(
            canonical(&whole),
            canonical(&document(&json!({"responses": {}, "security": guarded})))
        );
        whole["paths"]["/a"]["get"]["security"] = json!([]);
        assert_eq!(canonical(&whole), canonical(&document(&json!({"responses": {}}))));
    }

    #[test]
    fn a_schema_that_contains_itself_ends() {
        let mut document = document(&json!({"responses": {"200": {"description": "x", "content":
            {"application/json": {"schema": {"$ref": "#/components/schemas/Node"}}}}}}));
        document["components"] = json!({"schemas": {"Node": {"type": "object",
            "properties": {"next": {"$ref": "#/components/schemas/Node"}}}}});
        assert!(canonical(&document).to_string().len() < 10_000);
    }

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
