//! Every test of a query runs on both databases.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{self, Child, Command, Stdio},
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
        let cluster = CLUSTER.as_ref()?;
        let mut server = PgConnection::connect(&cluster.url("postgres")).await.expect("it runs");
        let name = format!("class_{}", number());
        let create = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::query(create).execute(&mut server).await.expect("the name is new");
        Some(Self { url: cluster.url(&name) })
    }

    /// Ends every connection to this database of PostgreSQL; how many there were.
    pub(crate) async fn cut_connections(&self) -> usize {
        let mut server = PgConnection::connect(&self.url).await.expect("it runs");
        let cut = sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
        cut.fetch_all(&mut server).await.expect("it may").len()
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

static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(Cluster::start);

/// A PostgreSQL server of our own, until these tests end.
struct Cluster {
    port: u16,
    /// It runs for as long as its standard input is open.
    _shell: Child,
}

/// PostgreSQL refuses to run as root.
const SCRIPT: &str = r#"
set -e
PATH="$PATH:$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)"
command -v initdb >/dev/null || { echo missing; exit; }
dir=$(mktemp -d)
trap 'pg_ctl -D "$dir/data" -m immediate stop >/dev/null; rm -rf "$dir"' EXIT
initdb -D "$dir/data" --auth=trust --username=board --no-sync >/dev/null
pg_ctl -D "$dir/data" -l "$dir/log" -w start >/dev/null \
    -o "-p $PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories=$dir -c fsync=off"
echo ready
cat >/dev/null
"#;

impl Cluster {
    fn start() -> Option<Self> {
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
        let mut said = String::new();
        let shell = shell.ok().and_then(|mut shell| {
            BufReader::new(shell.stdout.take()?).read_line(&mut said).ok()?;
            (said == "ready\n").then_some(shell)
        });
        assert!(shell.is_some() || env::var_os("CI").is_none(), "PostgreSQL did not start: {said}");
        if shell.is_none() {
            println!("There is no PostgreSQL here, so this runs on SQLite alone.");
        }
        Some(Self { port, _shell: shell? })
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://board@127.0.0.1:{}/{database}", self.port)
    }
}
