//! ChromeDriver, the program between us and Chromium.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
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
    /// Starts it and waits for its port. Two that start at the same moment may choose the same one; then one of
    /// them ends, and is started again.
    pub(crate) fn start() -> Result<Self, Failure> {
        const TRIES: usize = 5;
        for _ in 0..TRIES {
            let (mut driver, ports) = Self::spawn()?;
            match ports.recv_timeout(DRIVER_LIMIT) {
                Ok(port) => {
                    driver.port = port;
                    return Ok(driver);
                }
                Err(RecvTimeoutError::Disconnected) => {}
                Err(RecvTimeoutError::Timeout) => {
                    return Err("chromedriver did not report within 20 s where it listens".into());
                }
            }
        }
        Err(format!("chromedriver ended {TRIES} times before it listened").into())
    }

    fn spawn() -> Result<(Self, Receiver<u16>), Failure> {
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
                        // Nobody may be waiting any more.
                        sender.send(port).ok();
                    }
                }
            });
        }
        Ok((Self { child, _temporary: temporary, port: 0 }, ports))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            eprintln!("could not stop chromedriver: {error}");
        }
    }
}
