//! The modules of a crate and which uses which, read from their sources.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use syn::visit::{self, Visit};

pub(crate) type Edges = BTreeSet<(String, String)>;

/// The modules of a crate, by their paths (`course::hints`; the root is ``), and which uses which.
pub(crate) struct Modules {
    pub(crate) files: BTreeMap<String, PathBuf>,
    pub(crate) uses: Edges,
}

impl Modules {
    pub(crate) fn read(folder: &Path) -> Self {
        let mut files = BTreeMap::new();
        collect(folder, "", &mut files);
        let mut uses = Edges::new();
        for (name, path) in &files {
            let source = syn::parse_file(&text_of(path)).unwrap_or_else(|e| panic!("{name}: {e}"));
            let mut found = Paths::default();
            found.visit_file(&source);
            for path in found.paths {
                if let Some(used) = module_of(&path, name, &files).filter(|used| used != name) {
                    uses.insert((name.clone(), used));
                }
            }
        }
        assert!(!uses.is_empty(), "{} has no imports, which cannot be", folder.display());
        Self { files, uses }
    }

    pub(crate) fn tops(&self) -> impl Iterator<Item = String> {
        self.files.keys().map(|name| top(name).to_owned())
    }

    pub(crate) fn between_tops(&self) -> Edges {
        let edges =
            self.uses.iter().map(|(user, used)| (top(user).to_owned(), top(used).to_owned()));
        edges.filter(|(user, used)| user != used).collect()
    }
}

/// The folder that a module is in, or its own name if it is in none.
pub(crate) fn top(module: &str) -> &str {
    module.split("::").next().unwrap_or_default()
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, PathBuf>) {
    for entry in fs::read_dir(folder).expect("it is a folder").flatten() {
        let path = entry.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let name = if prefix.is_empty() { stem.to_owned() } else { format!("{prefix}::{stem}") };
        if path.is_dir() {
            collect(&path, &name, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            match stem {
                "mod" => files.insert(prefix.to_owned(), path),
                // A program's own file uses the library as others do.
                "main" if folder.join("lib.rs").exists() => None,
                "lib" | "main" => files.insert(String::new(), path),
                _ => files.insert(name, path),
            };
        }
    }
}

/// The module that a path leads to: the longest beginning of it that is a file.
fn module_of(path: &[String], user: &str, files: &BTreeMap<String, PathBuf>) -> Option<String> {
    let (first, rest) = path.split_first()?;
    let absolute: Vec<String> = match first.as_str() {
        "crate" => rest.to_vec(),
        "super" => {
            let parent = user.rsplit_once("::").map_or("", |(parent, _)| parent);
            parent
                .split("::")
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .chain(rest.iter().cloned())
                .collect()
        }
        // A module may name its own children without more ado.
        _ => {
            let child = if user.is_empty() { first.clone() } else { format!("{user}::{first}") };
            if !files.contains_key(&child) {
                return None;
            }
            child.split("::").map(str::to_owned).chain(rest.iter().cloned()).collect()
        }
    };
    let beginnings = (0..=absolute.len()).rev().map(|length| absolute[..length].join("::"));
    beginnings.into_iter().find(|name| files.contains_key(name))
}

/// The paths of a file, tests left out.
#[derive(Default)]
struct Paths {
    paths: Vec<Vec<String>>,
}

impl Paths {
    fn add_tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.add_tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Name(name) => self.paths.push(with(&name.ident)),
            syn::UseTree::Rename(rename) => self.paths.push(with(&rename.ident)),
            syn::UseTree::Glob(_) => self.paths.push(before.to_vec()),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|tree| self.add_tree(tree, before));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.add_tree(&item.tree, &[]);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let is_test = |attribute: &syn::Attribute| {
            attribute.path().is_ident("cfg")
                && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
        };
        if !item.attrs.iter().any(is_test) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            self.paths
                .push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }
}

fn text_of(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
