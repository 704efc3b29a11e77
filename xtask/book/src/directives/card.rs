//! What is on the card that everybody in the room gets: users, routes, answers.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use xtask::{
    course::{Course, Whose, hints::words},
    files,
};

use crate::directives::lookup;

/// A user of the step's `users.json`, as far as the card shows one.
#[derive(Deserialize)]
struct User {
    username: String,
    disabled: bool,
    #[serde(default)]
    scopes: Vec<String>,
}

/// The users, with the passwords that the page names: the file holds only their hashes.
pub(crate) fn users(course: &Course, slug: &str, passwords: &[&str]) -> Result<String, String> {
    let path = lookup::step(course, slug)?.folder(Whose::Reference).join("users.json");
    let text = files::read(&path).map_err(|trouble| trouble.to_string())?;
    let users: Vec<User> = serde_json::from_str(&text)
        .map_err(|error| format!("{} is no list of users: {error}", path.display()))?;
    let mut named = BTreeMap::new();
    for pair in passwords {
        let (name, password) =
            pair.split_once('=').ok_or_else(|| format!("`{pair}` is not `NAME=PASSWORD`"))?;
        if !users.iter().any(|user| user.username == name) {
            return Err(format!("there is no user `{name}` in {}", path.display()));
        }
        named.insert(name, password);
    }
    let mut table = "| user | password | scopes |\n|---|---|---|\n".to_owned();
    for User { username, disabled, scopes } in &users {
        let password = named.get(username.as_str()).ok_or_else(|| {
            format!("`{username}` has no password here: add `{username}=PASSWORD`")
        })?;
        let scopes = if *disabled { "disabled: never gets in".to_owned() } else { code(scopes) };
        table.push_str(&format!("| `{username}` | `{password}` | {scopes} |\n"));
    }
    Ok(table)
}

/// The operations of the step's OpenAPI document: what each asks for, and with which statuses it answers.
pub(crate) fn routes(course: &Course, slug: &str) -> Result<String, String> {
    let snapshot = lookup::snapshot(course, slug, "serves_the_openapi_document")?;
    let document: Value = serde_json::from_str(&snapshot.exchange.response.body)
        .map_err(|error| format!("the document: {error}"))?;
    let paths = document["paths"].as_object().ok_or("the document has no `paths`")?;
    let mut table = "| route | asks for | answers |\n|---|---|---|\n".to_owned();
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let statuses = operation["responses"].as_object().into_iter().flatten();
            let statuses: Vec<&str> = statuses.map(|(status, _)| status.as_str()).collect();
            table.push_str(&format!(
                "| `{} {path}` | {} | {} |\n",
                method.to_uppercase(),
                asked_for(operation),
                statuses.join(", ")
            ));
        }
    }
    Ok(table)
}

fn asked_for(operation: &Value) -> String {
    let schemes = operation["security"][0].as_object().into_iter().flatten();
    let scopes = schemes.flat_map(|(_, scopes)| scopes.as_array().into_iter().flatten());
    let scopes: Vec<String> =
        scopes.filter_map(|scope| scope.as_str().map(str::to_owned)).collect();
    match (operation.get("security"), operation.get("requestBody")) {
        (Some(_), _) if scopes.is_empty() => "a token".to_owned(),
        (Some(_), _) => format!("a token with {}", code(&scopes)),
        (None, Some(body)) => {
            let kinds = body["content"].as_object().into_iter().flatten();
            code(&kinds.map(|(kind, _)| kind.clone()).collect::<Vec<_>>())
        }
        (None, None) => "nothing".to_owned(),
    }
}

/// A line for each snapshot: what the check is called, and what is answered.
pub(crate) fn answers(course: &Course, slug: &str, names: &[&str]) -> Result<String, String> {
    let mut table =
        "| the server | status | `WWW-Authenticate` | body |\n|---|---|---|---|\n".to_owned();
    for name in names {
        let response = lookup::snapshot(course, slug, name)?.exchange.response;
        let challenge = response.header("www-authenticate").map(|value| format!("`{value}`"));
        let body: Value = serde_json::from_str(&response.body)
            .map_err(|error| format!("the body of {name}.snap is no JSON: {error}"))?;
        table.push_str(&format!(
            "| {} | {} | {} | `{body}` |\n",
            words(name),
            response.code(),
            challenge.unwrap_or_default()
        ));
    }
    Ok(table)
}

fn code(words: &[String]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
