//! ChromeDriver, the program between us and Chromium.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use tempfile::TempDir;

use crate::Failure;

/// How long ChromeDriver may take to start.
const DRIVER_LIMIT: Duration = Duration::from_secs(20);

/// A ChromeDriver on a port that it chose, killed when dropped.
pub(crate) struct Driver {
    child: Child,
    /// Chromium leaves folders behind.
    _temporary: TempDir,
    /// Where it listens, on 127.0.0.1.
    pub(crate) port: u16,
}

impl Driver {
    /// Starts it and waits for its port.
    pub(crate) fn start() -> Result<Self, Failure> {
        let temporary = tempfile::tempdir()?;
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", temporary.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (sender, ports) = mpsc::channel();
        if let Some(stdout) = child.stdout.take() {
            thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    let port = line.strip_prefix("ChromeDriver was started successfully on port ");
                    if let Some(port) =
                        port.and_then(|rest| rest.trim_end_matches('.').parse().ok())
                    {
                        // Whoever asked may have given up.
                        sender.send(port).ok();
                    }
                }
            });
        }
        let mut driver = Self { child, _temporary: temporary, port: 0 };
        driver.port =
            ports.recv_timeout(DRIVER_LIMIT).map_err(|_| "chromedriver did not start in 20 s")?;
        Ok(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("could not stop chromedriver: {error}");
        }
    }
}
