//! What is read in a document: members, references, what guards an operation.

use serde_json::Value;

/// What guards an operation: its own requirements or, if it has none, the document's; none if the list is empty. The
/// scopes of each are in alphabetical order.
pub(super) fn security(document: &Value, operation: &Value) -> Option<Vec<Value>> {
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

/// How deep references are followed: a schema may contain itself.
pub(super) const DEEPEST: usize = 8;

/// What a `$ref` leads to, or the value itself.
pub(super) fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
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

pub(super) fn is_method(name: &str) -> bool {
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"].contains(&name)
}

pub(super) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
