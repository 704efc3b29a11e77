//! The card for the room: the passwords on it are the users' passwords.
#![allow(clippy::disallowed_methods, reason = "a test writes files as anybody may")]

use std::fs;

use argon2::{Argon2, PasswordVerifier};
use xtask::course::{Course, Whose};

#[test]
fn every_password_on_the_card_opens_its_user() {
    let folder = std::env::current_dir().expect("a current folder");
    let course = Course::find(&folder).unwrap_or_else(|trouble| panic!("{trouble}"));
    let card = fs::read_to_string(course.root.join("book/src/card.md")).expect("a card");
    let directive = card.lines().find_map(|line| line.strip_prefix("{{#users "));
    let directive = directive.and_then(|rest| rest.strip_suffix("}}")).expect("it lists the users");
    let (slug, passwords) = directive.split_once(' ').expect("a step and passwords");
    let step = course.step(slug).unwrap_or_else(|trouble| panic!("{trouble}"));
    let users = fs::read(step.folder(Whose::Reference).join("users.json")).expect("users");
    let users: Vec<serde_json::Value> = serde_json::from_slice(&users).expect("JSON");
    for pair in passwords.split(' ') {
        let (name, password) = pair.split_once('=').expect("NAME=PASSWORD");
        let user = users.iter().find(|user| user["username"] == name).expect(name);
        let hash = user["password_hash"].as_str().expect("a hash");
        let right = Argon2::default().verify_password(password.as_bytes(), hash);
        assert!(right.is_ok(), "`{password}` is not the password of {name}");
    }
}
