//! Every test of a query runs on both databases.

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    process::{self, Child, ChildStdout, Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use workshop_class::store::Store;

/// A new, empty database.
pub(crate) struct Database {
    pub(crate) url: String,
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        let name = format!("workshop-class-{}-{}.db", process::id(), number());
        Self { url: env::temp_dir().join(name).display().to_string() }
    }

    /// `None` where there is no PostgreSQL; with CI set there has to be.
    pub(crate) async fn postgres() -> Option<Self> {
        Some(CLUSTER.as_ref()?.database().await)
    }

    /// Ends every connection to this database of PostgreSQL; which there were.
    pub(crate) async fn cut_connections(&self) -> Vec<i32> {
        self.cut("TRUE").await
    }

    /// Ends the connections over which boards are woken; which there were.
    pub(crate) async fn cut_listeners(&self) -> Vec<i32> {
        self.cut("query LIKE 'LISTEN %'").await
    }

    async fn cut(&self, which: &str) -> Vec<i32> {
        let mut server = PgConnection::connect(&self.url).await.expect("it runs");
        let cut = AssertSqlSafe(format!(
            "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND {which}"
        ));
        let cut: Vec<(i32, bool)> =
            sqlx::query_as(cut).fetch_all(&mut server).await.expect("it may");
        cut.into_iter().map(|(pid, _)| pid).collect()
    }

    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.url).await.expect("it can be opened")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        for suffix in ["", ".lock", "-wal", "-shm"] {
            fs::remove_file(format!("{}{suffix}", self.url)).ok();
        }
    }
}

/// Runs the test on SQLite, and on PostgreSQL if it is there.
pub(crate) async fn on_both(test: impl AsyncFn(&Database)) {
    test(&Database::sqlite()).await;
    if let Some(postgres) = Database::postgres().await {
        test(&postgres).await;
    }
}

fn number() -> usize {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// For all tests that do not restart it.
static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(Cluster::start);

/// A PostgreSQL server of our own, which runs for as long as its standard input is open.
pub(crate) struct Cluster {
    port: u16,
    shell: Child,
    said: BufReader<ChildStdout>,
}

/// PostgreSQL refuses to run as root. Each line restarts it, as after a crash.
const SCRIPT: &str = r#"
set -e
PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)"
command -v initdb >/dev/null || { echo missing; exit; }
dir=$(mktemp -d)
trap 'pg_ctl -D "$dir/data" -m immediate stop >/dev/null; rm -rf "$dir"' EXIT
initdb -D "$dir/data" --auth=trust --username=board --no-sync >/dev/null
start() {
    pg_ctl -D "$dir/data" -l "$dir/log" -w start >/dev/null \
        -o "-p $PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir -c fsync=off"
    echo ready
}
start
while read -r again; do
    pg_ctl -D "$dir/data" -m immediate stop >/dev/null
    start
done
"#;

impl Cluster {
    /// `None` where there is no PostgreSQL; with CI set there has to be.
    pub(crate) fn start() -> Option<Self> {
        let free = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let port = free.local_addr().expect("it is bound").port();
        drop(free);
        let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
        let mut command = if root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--", "sh", "-c", SCRIPT]);
            command
        } else {
            let mut command = Command::new("sh");
            command.args(["-c", SCRIPT]);
            command
        };
        command.env("PORT", port.to_string()).current_dir(env::temp_dir());
        let shell = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let cluster = shell.ok().and_then(|mut shell| {
            let said = BufReader::new(shell.stdout.take()?);
            let mut cluster = Self { port, shell, said };
            cluster.is_ready().then_some(cluster)
        });
        assert!(cluster.is_some() || env::var_os("CI").is_none(), "PostgreSQL did not start");
        if cluster.is_none() {
            println!("There is no PostgreSQL here, so this runs on SQLite alone.");
        }
        cluster
    }

    /// Ends it as a crash would, and starts it again.
    pub(crate) fn restart(&mut self) {
        let stdin = self.shell.stdin.as_mut().expect("it is a pipe");
        stdin.write_all(b"\n").expect("the shell reads it");
        assert!(self.is_ready(), "PostgreSQL did not start again");
    }

    fn is_ready(&mut self) -> bool {
        let mut line = String::new();
        self.said.read_line(&mut line).is_ok() && line == "ready\n"
    }

    /// A new, empty database in it.
    pub(crate) async fn database(&self) -> Database {
        let mut server = PgConnection::connect(&self.url("postgres")).await.expect("it runs");
        let name = format!("class_{}", number());
        let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(create).execute(&mut server).await.expect("the name is new");
        Database { url: self.url(&name) }
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://board@127.0.0.1:{}/{database}", self.port)
    }
}

impl Drop for Cluster {
    /// The shell stops the server once it reads no more, and is waited for.
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        self.shell.wait().ok();
    }
}
