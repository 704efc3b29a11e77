"""Loads servers with wrk and prints one page of Markdown.

Called by `cargo xtask load` as: measure.py NAME=PROGRAM ...
FastAPI's server comes on top. Everything runs on 127.0.0.1, and only one server has requests at a time.
Requests a second are those of one core: the server has one to itself and wrk another, so neither takes time from the other.
They are medians of rounds in which the servers take turns, so that a machine that gets slower makes all of them slower.
"""

import contextlib
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

SECONDS = 8
# What is compared with something else is measured in short runs that take turns.
ROUNDS, SECONDS_A_TURN = 7, 2
# A slow answer is part of the measurement, not an error.
WRK = ["wrk", "-t1", "--timeout", "20s", "--latency"]
SECRET = "a key that only this measurement knows"
LOGIN = """
wrk.method = "POST"
wrk.body = "grant_type=password&username=alice&password=wonderland"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
"""
FASTAPI = "FastAPI, uvicorn, 1 worker"
OPEN = "`/items`, open to everyone: requests a second"
GOOD = "`/users/me` with a good token: requests a second"
GOOD_P99 = "the same, good: p99"
BAD = "`/users/me` with a bad token: requests a second"
BAD_P99 = "the same, bad: p99"
IDLE = "`/items`, idle: p99"
STORM = "`/items` during these logins: p99"
ROWS = {
    OPEN: "{:,.0f}",
    GOOD: "{:,.0f}",
    GOOD_P99: "{:.1f} ms",
    BAD: "{:,.0f}",
    BAD_P99: "{:.1f} ms",
    "memory with 1,000 open connections": "{:.0f} MiB",
    IDLE: "{:.1f} ms",
    "logins a second, 16 at once": "{:.0f}",
    STORM: "{:.1f} ms",
    "memory after these logins": "{:.0f} MiB",
}
HERE = os.path.dirname(os.path.abspath(__file__))


HEAD = """# Load test

<!-- plain: Core -->

Measured with `cargo xtask load`: one server at a time, loaded by wrk over 127.0.0.1 from the same machine, which has {cores} cores.
Where requests a second and their p99 are counted, the server has one core and wrk another, and each number is the median of {rounds} rounds
in which the servers take turns. For memory and logins the server has all cores.
The machine had a load average of {before:.1f} before that. {meaning}
The last column is the same API in FastAPI, with the same users, hashes and tokens.
The p99 is the time within which 99 of 100 responses came.
"""
FOOT = """
A login is one argon2 hash and little else, in both. The C code behind FastAPI's `argon2-cffi` is faster there than the `argon2` crate; what our
servers do better is to answer everyone else in the meantime, which is what `spawn_blocking` and the semaphore of step 7 are for.

To measure on a machine of your own: `cargo xtask load 8 9`.
"""
CALM = "Compare the columns with each other: the numbers themselves depend on the machine."
BUSY = "**It was busy with other work, so the columns cannot be compared: measure again.**"


def main(programs):
    before, cores = os.getloadavg()[0], len(os.sched_getaffinity(0))
    if cores < 2:
        sys.exit("one core for the server and one for wrk are needed, and there is only one")
    meaning = CALM if before < cores else BUSY
    commands = {name: [path] for name, path in programs}
    uvicorn = [sys.executable, "-m", "uvicorn", "tutorial:app", "--app-dir", HERE]
    commands[FASTAPI] = uvicorn + ["--workers", "1", "--log-level", "warning", "--no-access-log"]
    columns = throughput(commands)
    for name, command in commands.items():
        columns[name] |= memory_and_logins(command)
    print(HEAD.format(cores=cores, before=before, meaning=meaning, rounds=ROUNDS))
    print("| what | " + " | ".join(columns) + " |")
    print("|---|" + "--:|" * len(columns))
    for row, form in ROWS.items():
        print(f"| {row} | " + " | ".join(form.format(column[row]) for column in columns.values()) + " |")
    print()
    fastapi = columns.pop(FASTAPI)
    for name, column in columns.items():
        print_goals(name, column, fastapi)
    print(FOOT)


def print_goals(name, ours, fastapi):
    share = ours[GOOD] / ours[OPEN]
    print(f"- {name}, `/users/me`: {share:.2f} of the requests a second of its open `/items` "
          f"(goal: 0.80) {met(share >= 0.8)}")
    times = ours[GOOD] / fastapi[GOOD]
    print(f"- {name}, `/users/me`: {times:.1f} times FastAPI's requests a second (goal: 19) {met(times >= 19)}")
    limit = 2 * ours[IDLE] + 5
    print(f"- {name}, `/items` during logins: p99 {ours[STORM]:.1f} ms (goal: below {limit:.1f} ms, "
          f"twice the idle one plus 5) {met(ours[STORM] < limit)}")


def met(is_met):
    return "met" if is_met else "**missed**"


def throughput(commands):
    """Requests a second and their p99, for all servers at once: in each round each of them has its turn."""
    its_core, core_of_wrk, *_ = sorted(os.sched_getaffinity(0))
    rounds = {name: {row: [] for row in (OPEN, GOOD, GOOD_P99, BAD, BAD_P99)} for name in commands}
    with contextlib.ExitStack() as running:
        servers = {
            name: running.enter_context(serving(command, [its_core]))
            for name, command in commands.items()
        }
        good = {name: log_in(server.url) for name, server in servers.items()}
        running.enter_context(on_cores([core_of_wrk]))
        for _ in range(ROUNDS):
            for name, server in servers.items():
                take_turn(server.url, good[name], rounds[name])
    return {
        name: {row: statistics.median(values) for row, values in rows.items()}
        for name, rows in rounds.items()
    }


def take_turn(url, good, rows):
    rows[OPEN].append(wrk(url + "/items", seconds=SECONDS_A_TURN)[0])
    for token, rate_row, p99_row in [(good, GOOD, GOOD_P99), ("a.b.c", BAD, BAD_P99)]:
        header = f"Authorization: Bearer {token}"
        rate, p99 = wrk(url + "/users/me", header=header, refused=token != good, seconds=SECONDS_A_TURN)
        rows[rate_row].append(rate)
        rows[p99_row].append(p99)


def memory_and_logins(command):
    row = {}
    with serving(command, sorted(os.sched_getaffinity(0))) as server:
        row["memory with 1,000 open connections"] = memory_with_connections(server.port, server.pid)
        _, row[IDLE] = wrk(server.url + "/items", connections=2)
        row["logins a second, 16 at once"], row[STORM] = during_logins(server.url)
        row["memory after these logins"] = memory(server.pid)
    return row


@contextlib.contextmanager
def serving(command, cores):
    """A server on these cores. Ours take their port from PORT, uvicorn from UVICORN_PORT."""
    port = pick_port()
    environment = dict(os.environ, PORT=str(port), UVICORN_PORT=str(port), JWT_SECRET=SECRET)
    with on_cores(cores):
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_until_it_listens(port)
        server.port, server.url = port, f"http://127.0.0.1:{port}"
        yield server
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def on_cores(cores):
    """Programs that are started meanwhile run on these cores alone."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def during_logins(url):
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LOGIN)
        script.flush()
        logins = subprocess.Popen(
            [*WRK, "-c16", f"-d{SECONDS + 2}s", "-s", script.name, url + "/token"],
            stdout=subprocess.PIPE,
            text=True,
        )
        time.sleep(1)
        _, p99 = wrk(url + "/items", connections=2)
        rate, _ = read(logins.communicate()[0], refused=False)
    return rate, p99


def wrk(url, header=None, connections=64, refused=False, seconds=SECONDS):
    command = [*WRK, f"-c{connections}", f"-d{seconds}s", url]
    if header:
        command += ["-H", header]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return read(done.stdout, refused)


def read(text, refused):
    """Requests a second and the p99 in milliseconds; a run with other responses than expected is no measurement."""
    failed = "Non-2xx" in text
    if failed != refused or "Socket errors" in text and "timeout 0" not in text:
        sys.exit(f"these are not the responses that were to be measured:\n{text}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    return rate, float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def log_in(url):
    form = {"grant_type": "password", "username": "alice", "password": "wonderland", "scope": "me"}
    data = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(url + "/token", data, timeout=10) as answer:
        return json.load(answer)["access_token"]


def memory_with_connections(port, pid):
    sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(1000)]
    for open_socket in sockets:
        open_socket.sendall(b"GET /items HTTP/1.1\r\nhost: x\r\n\r\n")
    for open_socket in sockets:
        open_socket.recv(4096)
    taken = memory(pid)
    for open_socket in sockets:
        open_socket.close()
    return taken


def memory(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024


def pick_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_it_listens(port):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit("a server has not listened in 20 s")


main([argument.split("=", 1) for argument in sys.argv[1:]])
