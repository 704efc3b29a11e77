-- TEXT and BIGINT only, so that SQLite and PostgreSQL read it alike. Times are seconds since 1970.
CREATE TABLE class (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    audience TEXT NOT NULL,
    code TEXT NOT NULL,
    signing_key TEXT NOT NULL,
    password TEXT NOT NULL,
    tokens_from BIGINT NOT NULL,
    go_to BIGINT,
    timer_ends BIGINT,
    locked BIGINT NOT NULL,
    delete_after BIGINT NOT NULL
);

CREATE TABLE learner (
    id TEXT PRIMARY KEY,
    key_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    joined BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    step BIGINT,
    passed BIGINT,
    checks BIGINT,
    minutes BIGINT,
    failing TEXT,
    finding TEXT,
    mistake TEXT,
    stuck_since BIGINT,
    seen BIGINT,
    hand BIGINT NOT NULL
);

CREATE TABLE event (
    learner TEXT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (learner, seq)
);

CREATE TABLE solved (
    learner TEXT NOT NULL REFERENCES learner (id) ON DELETE CASCADE,
    step BIGINT NOT NULL,
    core_minutes BIGINT,
    all_minutes BIGINT,
    PRIMARY KEY (learner, step)
);
