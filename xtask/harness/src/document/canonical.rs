//! Of a document what the contract names, in one form.

use serde_json::{Map, Value, json};

use super::reading::{DEEPEST, is_method, members, resolved, security};

/// What is in place of words that are the learner's own.
pub(crate) const YOUR_WORDS: &str = "<your words>";

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

/// Of a schema its shape: types, members, items. `null` beside another type, formats and bounds are left out.
fn schema(document: &Value, value: &Value, depth: usize) -> Value {
    let value = resolved(document, value);
    if depth > DEEPEST {
        return Value::Null;
    }
    if let Some(target) = value["$ref"].as_str() {
        return json!({"$ref": format!("{target}, which leads nowhere")});
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
    Value::Object(merged(shape))
}

/// An object that is all of several objects has the members of each, unless they disagree about one.
fn merged(mut shape: Map<String, Value>) -> Map<String, Value> {
    let parts = shape.get("allOf").and_then(Value::as_array).cloned().unwrap_or_default();
    let is_object = |part: &Value| {
        let says_no_more = |(name, _): (&String, _)| name == "type" || name == "properties";
        part["type"] == "object" && members(part).all(says_no_more)
    };
    if parts.is_empty() || !parts.iter().all(is_object) {
        return shape;
    }
    let own = shape.get("properties").and_then(Value::as_object);
    let mut properties = own.cloned().unwrap_or_default();
    for (name, property) in parts.iter().flat_map(|part| members(&part["properties"])) {
        if properties.get(name).is_some_and(|other| other != property) {
            return shape;
        }
        properties.insert(name.clone(), property.clone());
    }
    shape.remove("allOf");
    shape.insert("type".to_owned(), json!("object"));
    shape.insert("properties".to_owned(), Value::Object(properties));
    shape
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

/// Words of the learner's own are all alike, but none are not.
fn said(words: &Value) -> Value {
    match words {
        Value::String(text) if !text.trim().is_empty() => json!(YOUR_WORDS),
        other => other.clone(),
    }
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
    fn an_object_that_is_all_of_two_has_the_members_of_both() {
        let of = |schema: Value| {
            let content = json!({"application/json": {"schema": schema}});
            canonical(&document(
                &json!({"responses": {"200": {"description": "x", "content": content}}}),
            ))
        };
        let object = |properties: Value| json!({"type": "object", "properties": properties});
        let (id, owner) = (json!({"type": "integer"}), json!({"type": "string"}));
        let both = object(json!({"id": id, "owner": owner}));
        let all = json!({"allOf": [object(json!({"id": id})), object(json!({"owner": owner}))]});
        assert_eq!(of(all.clone()), of(both.clone()));
        let mut beside = object(json!({"owner": owner}));
        beside["allOf"] = json!([object(json!({"id": id})), object(json!({}))]);
        assert_eq!(of(beside), of(both.clone()));
        let fewer = json!({"allOf": [object(json!({"id": id})), object(json!({}))]});
        assert_ne!(of(fewer), of(both.clone()));
        let disagreeing = json!({"allOf": [both, object(json!({"id": owner}))]});
        assert_ne!(of(disagreeing), of(all));
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_shown() {
        let document = document(&json!({"responses": {"200": {"description": "x", "content":
            {"application/json": {"schema": {"$ref": "#/components/schemas/Item"}}}}}}));
        let shown = canonical(&document).to_string();
        assert!(shown.contains("#/components/schemas/Item, which leads nowhere"), "{shown}");
    }

    #[test]
    fn a_schema_that_contains_itself_ends() {
        let mut document = document(&json!({"responses": {"200": {"description": "x", "content":
            {"application/json": {"schema": {"$ref": "#/components/schemas/Node"}}}}}}));
        document["components"] = json!({"schemas": {"Node": {"type": "object",
            "properties": {"next": {"$ref": "#/components/schemas/Node"}}}}});
        assert!(canonical(&document).to_string().len() < 10_000);
    }
}
