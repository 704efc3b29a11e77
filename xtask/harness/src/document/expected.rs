//! Two documents in one form, compared as far as one of them says something.

use serde_json::Value;

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

#[cfg(test)]
mod tests {
    use serde_json::json;

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
}
