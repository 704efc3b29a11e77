//! Paths of the system outside, as programs under wine see them: `/work` is `Z:\work`.

use serde_json::Value;

/// The fields of cargo's JSON that are paths.
const PATHS: [&str; 9] = [
    "build_directory",
    "executable",
    "file_name",
    "filenames",
    "manifest_path",
    "out_dir",
    "src_path",
    "target_directory",
    "workspace_root",
];

/// The path for Windows.
pub(crate) fn to_windows(path: &str) -> String {
    let drive = if path.starts_with('/') { "Z:" } else { "" };
    format!("{drive}{}", path.replace('/', "\\"))
}

/// The path for the system outside; `None` if it is on another drive.
pub(crate) fn to_unix(path: &str) -> Option<String> {
    let path = path.replace('\\', "/");
    // What `canonicalize` gives.
    let path = path.strip_prefix("//?/").unwrap_or(&path);
    match path.split_once(':') {
        Some(("Z" | "z", path)) => Some(path.to_owned()),
        Some(_) => None,
        None => Some(path.to_owned()),
    }
}

/// A line of cargo's JSON with its paths for Windows; another line stays as it is.
pub(crate) fn in_json(line: &str) -> String {
    match serde_json::from_str::<Value>(line) {
        Ok(mut value) if value.is_object() => {
            rewrite(&mut value);
            value.to_string()
        }
        _ => line.to_owned(),
    }
}

fn rewrite(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if PATHS.contains(&name.as_str()) {
                    rewrite_path(value);
                } else {
                    rewrite(value);
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(rewrite),
        _ => {}
    }
}

fn rewrite_path(value: &mut Value) {
    match value {
        Value::String(path) => *path = to_windows(path),
        Value::Array(paths) => paths.iter_mut().for_each(rewrite_path),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_a_drive_on_windows_and_none_outside() {
        assert_eq!(to_windows("/a café/x.exe"), "Z:\\a café\\x.exe");
        assert_eq!(
            to_windows("steps/01-open-route/src/main.rs"),
            "steps\\01-open-route\\src\\main.rs"
        );
        assert_eq!(to_unix("Z:\\a café\\x").as_deref(), Some("/a café/x"));
        assert_eq!(to_unix("\\\\?\\Z:\\x").as_deref(), Some("/x"));
        assert_eq!(to_unix("C:\\x"), None);
    }

    #[test]
    fn every_path_of_a_message_is_rewritten_and_nothing_else() {
        let line = r#"{"executable":"/t/step-01.exe","filenames":["/t/a"],"message":{"rendered":"a/b",
            "spans":[{"file_name":"steps/x/src/main.rs"}]},"target":{"src_path":"/s/main.rs"}}"#;
        let value: Value = serde_json::from_str(&in_json(line)).expect("it is JSON");
        assert_eq!(value["executable"], "Z:\\t\\step-01.exe");
        assert_eq!(value["filenames"][0], "Z:\\t\\a");
        assert_eq!(value["target"]["src_path"], "Z:\\s\\main.rs");
        assert_eq!(value["message"]["spans"][0]["file_name"], "steps\\x\\src\\main.rs");
        assert_eq!(value["message"]["rendered"], "a/b");
        assert_eq!(in_json("no JSON /a"), "no JSON /a");
    }
}
