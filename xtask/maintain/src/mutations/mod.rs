//! Mutants of our own, made in the text of a solution as rustfmt writes it. What does not compile is not counted.

mod branches;
mod mutation;
mod requests;

pub(crate) use mutation::{Kind, Mutation};

/// Every mutation of the file; these are the names of its users.
pub(crate) fn all(source: &str, users: &[&str]) -> Vec<Mutation> {
    let mut mutations = requests::all(source);
    mutations.extend(branches::all(source, users));
    mutations
}
