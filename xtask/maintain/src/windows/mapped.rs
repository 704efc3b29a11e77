//! Programs that run. Windows refuses to overwrite their files; here they are replaced without a word, so the bridge looks.

use std::{fs, path::Path};

/// Whether the file that a living process runs from had this path, and was replaced or removed since.
pub(crate) fn was_replaced(path: &Path) -> bool {
    let gone = format!("{} (deleted)", path.display());
    let Ok(entries) = fs::read_dir("/proc") else { return false };
    let mut maps = entries.filter_map(|entry| fs::read(entry.ok()?.path().join("maps")).ok());
    maps.any(|maps| String::from_utf8_lossy(&maps).lines().any(|line| line.ends_with(&gone)))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{
        path::PathBuf,
        process::{Child, Command, Stdio},
    };

    use super::*;

    /// Ended and waited for, whatever the test finds.
    struct Running(Child);

    impl Drop for Running {
        fn drop(&mut self) {
            self.0.kill().and_then(|()| self.0.wait()).expect("it is ours");
        }
    }

    #[test]
    fn a_program_that_runs_is_seen_once_its_file_is_gone() {
        let folder = std::env::temp_dir().join(format!("workshop mapped {}", std::process::id()));
        fs::create_dir_all(&folder).expect("the folder can be written");
        let path: PathBuf = folder.join("cat.exe");
        fs::copy("/bin/cat", &path).expect("there is a cat");
        let running = Command::new(&path).stdin(Stdio::piped()).spawn().map(Running);
        let running = running.expect("it can be started");
        assert!(!was_replaced(&path));
        fs::remove_file(&path).expect("it is ours");
        fs::copy("/bin/cat", &path).expect("there is a cat");
        assert!(was_replaced(&path));
        drop(running);
        assert!(!was_replaced(&path));
        fs::remove_dir_all(&folder).expect("nothing holds it");
    }
}
