//! What is remembered, in SQLite or PostgreSQL: every query is literal SQL that both understand, and every test of a
//! query runs on both.

use std::{
    error::Error,
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
    str::FromStr,
    time::{Duration, SystemTime},
};

use sqlx::{
    AnyPool, ConnectOptions, Executor, SqlSafeStr,
    any::{AnyConnectOptions, AnyPoolOptions},
    migrate::{Migration, MigrationType, Migrator},
    sqlite::SqliteConnectOptions,
};

pub mod class;
pub mod events;
pub mod learners;

mod queue;
mod report;

use queue::Queue;

/// How many connections a process has to PostgreSQL.
const CONNECTIONS: u32 = 8;

/// How many connections read a file, beside the one that writes.
const READERS: u32 = 2;

/// How long a request waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where the class is remembered.
pub struct Store {
    /// For everything that changes something.
    writers: AnyPool,
    /// For everything else, which waits for no writer.
    readers: AnyPool,
    kind: Kind,
}

enum Kind {
    /// One file and one process, which holds this lock.
    Sqlite { queue: Queue, _lock: File },
    /// Any number of processes.
    Postgres { url: String },
}

impl Store {
    /// Opens `postgres://…`, or else a file, and brings its tables up to date.
    pub async fn open(database: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        sqlx::any::install_default_drivers();
        let store = if database.starts_with("postgres://") {
            Self::open_postgres(database).await?
        } else {
            Self::open_sqlite(Path::new(database.strip_prefix("sqlite:").unwrap_or(database)))
                .await?
        };
        store.found_class().await?;
        Ok(store)
    }

    async fn open_postgres(url: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let options = AnyPoolOptions::new().acquire_timeout(PATIENCE).max_connections(CONNECTIONS);
        let pool = options.connect_with(AnyConnectOptions::from_str(url)?).await?;
        migrations().run(&pool).await?;
        let kind = Kind::Postgres { url: url.to_owned() };
        Ok(Self { writers: pool.clone(), readers: pool, kind })
    }

    async fn open_sqlite(path: &Path) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let lock = lock(path)?;
        // It holds the signing key: nobody else on this machine reads it.
        private().create(true).append(true).open(path)?;
        let url = SqliteConnectOptions::new().filename(path).to_url_lossy();
        let url = AnyConnectOptions::from_url(&url)?;
        // A connection to a file does not die, so nobody asks it whether it has.
        let options = AnyPoolOptions::new()
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false);
        let writers = options.clone().max_connections(1).after_connect(|connection, _| {
            Box::pin(async {
                connection.execute("PRAGMA journal_mode = WAL").await?;
                // What is acknowledged outlives a power cut.
                connection.execute("PRAGMA synchronous = FULL").await?;
                connection.execute("PRAGMA secure_delete = ON").await?;
                Ok(())
            })
        });
        let writers = writers.connect_with(url.clone()).await?;
        migrations().run(&writers).await?;
        // All of them are opened now: what cannot be opened shows at the start.
        let readers = options.min_connections(READERS).max_connections(READERS);
        let readers = readers.after_connect(|connection, _| {
            Box::pin(async { connection.execute("PRAGMA query_only = ON").await.map(drop) })
        });
        let readers = readers.connect_with(url).await?;
        let kind = Kind::Sqlite { queue: Queue::new(writers.clone()), _lock: lock };
        Ok(Self { writers, readers, kind })
    }

    /// The address of a PostgreSQL server, whose other boards are to be told of changes.
    pub fn postgres(&self) -> Option<&str> {
        match &self.kind {
            Kind::Sqlite { .. } => None,
            Kind::Postgres { url } => Some(url),
        }
    }

    /// Wakes the other boards: the class has changed. What they show, they read again.
    pub async fn notify(&self) -> sqlx::Result<()> {
        if self.postgres().is_some() {
            sqlx::query("SELECT 1 AS one FROM pg_notify('class', '')")
                .execute(&self.writers)
                .await?;
        }
        Ok(())
    }

    /// Everything that is stored, as text, one line a row: to be compared.
    pub async fn dump(&self) -> sqlx::Result<String> {
        let class = self.class().await?;
        let learners = self.learners().await?;
        let solved = self.solved().await?;
        let events = self.events().await?;
        Ok(format!("{class:#?}\n{learners:#?}\n{solved:#?}\n{events:#?}"))
    }
}

fn migrations() -> Migrator {
    let first = include_str!("../../migrations/1.sql").into_sql_str();
    Migrator::with_migrations(vec![Migration::new(
        1,
        "tables".into(),
        MigrationType::Simple,
        first,
        false,
    )])
}

/// A second process on the same file would count limits twice and show its pages nothing of the first one's changes.
fn lock(database: &Path) -> Result<File, Box<dyn Error + Send + Sync>> {
    let mut path = PathBuf::from(database).into_os_string();
    path.push(".lock");
    let file = private().create(true).append(true).open(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(format!("{} is in use by another board", database.display()).into()),
    }
}

fn private() -> OpenOptions {
    let options = OpenOptions::new();
    #[cfg(unix)]
    let options = {
        use std::os::unix::fs::OpenOptionsExt;
        let mut options = options;
        options.mode(0o600);
        options
    };
    options
}

/// Seconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
