//! Two documents in one form, compared as far as one of them says something.

use serde_json::Value;

/// What of one canonical document an expected one names: without own operations, responses, media types, fields of a form,
/// and security schemes that no operation of these names.
pub(crate) fn as_far_as(expected: &Value, mut actual: Value) -> Value {
    keep(&mut actual["paths"], &expected["paths"], |path, expected| {
        keep(path, expected, |operation, expected| {
            keep(&mut operation["responses"], &expected["responses"], |response, expected| {
                if let Some(kinds) = response.get_mut("content") {
                    keep(kinds, &expected["content"], |_, _| {});
                }
            });
            if let Some(kinds) = operation.pointer_mut("/requestBody/content") {
                keep(kinds, &expected["requestBody"]["content"], |kind, expected| {
                    if let Some(fields) = kind.pointer_mut("/schema/properties") {
                        keep(fields, &expected["schema"]["properties"], |_, _| {});
                    }
                });
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

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;
    use crate::document::canonical::canonical;

    fn document(operation: &Value) -> Value {
        json!({"openapi": "3.1.0", "info": {"title": "Mine"}, "paths": {"/a": {"get": operation}}})
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
    fn a_form_may_have_own_fields_and_lacks_none() {
        let with = |fields: &[&str]| {
            let fields = fields.iter().map(|name| ((*name).to_owned(), json!({"type": "string"})));
            let fields: Map<String, Value> = fields.collect();
            let form = json!({"schema": {"type": "object", "properties": fields}});
            let body = json!({"content": {"application/x-www-form-urlencoded": form}});
            canonical(&document(&json!({"responses": {}, "requestBody": body})))
        };
        let expected = with(&["username", "password"]);
        assert_eq!(as_far_as(&expected, with(&["username", "password", "client_id"])), expected);
        assert_ne!(as_far_as(&expected, with(&["username", "client_id"])), expected);
    }
}
