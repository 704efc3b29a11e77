//! `cargo xtask class`: a learner's part in a class, and the instructor's board.

use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    path::Path,
    process::Command,
};

use lexopt::Arg::{Long, Value};
use protocol::invisible::harmless;
use serde_json::Value as Json;

use crate::{
    class::{
        board::{Answer, Board},
        membership::Membership,
        outbox, report,
        session::{Said, Session},
        told::told,
    },
    course::Course,
    files,
    learner::times,
    process::{compile::cargo, hand_over::hand_over},
    trouble::Trouble,
    verbs::verb::Verb,
};

/// `cargo xtask class`.
pub(super) const VERB: Verb = Verb {
    name: "class",
    about: "your part in a class; for instructors, the board that sees the room",
    help: HELP,
    run,
};

const HELP: &str = "\
cargo xtask class me | hand | leave
cargo xtask class serve [--listen ADDR] [--database URL] [--tls-cert FILE --tls-key FILE]
cargo xtask class password [--database URL]
cargo xtask class load [URL]

A learner joins with `cargo xtask learn --class URL --name NAME`, and then:

  me        shows all that the board knows about you
  hand      raises your hand, or takes it down
  leave     deletes all of it there, and reports nothing any more

An instructor runs the board, which is compiled first; the page \"The board\" tells how:

  serve     prints the room's address and code
  password  reads a new password for the instructor's page
  load      a load test: 500 learners and 20 pages for half a minute, three times in memory
            and three times on the disk; book/src/board-load.md says what was measured (Linux)
            With URL on PostgreSQL, and no page is written
  --listen ADDR    where to listen; without it 0.0.0.0:3900
  --database URL   a file, or postgres://… for several boards of one class
  --tls-cert FILE  with --tls-key: serve over TLS, with this chain of certificates in PEM
  --tls-key FILE   its private key in PEM";

fn run(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let what = match arguments.next()? {
        Some(Value(what)) => what.to_string_lossy().into_owned(),
        Some(Long(option)) => {
            return Err(Trouble::Arguments(format!("invalid option '--{option}'")));
        }
        _ => {
            return Err(Trouble::Arguments(
                "say what: me, hand, leave, serve, password or load".to_owned(),
            ));
        }
    };
    match what.as_str() {
        "serve" | "password" => {
            return board(course, &["--"], env::args_os().skip(2).collect());
        }
        "load" => return load(course, arguments),
        "me" | "hand" | "leave" => {}
        other => return Err(Trouble::Arguments(format!("a class has no `{other}`"))),
    }
    if let Some(more) = arguments.next()? {
        return Err(more.unexpected().into());
    }
    match what.as_str() {
        "me" => me(course),
        "hand" => hand(course),
        _ => leave(course),
    }
}

/// The board is a workspace of its own, so that no learner compiles or downloads it.
fn board(course: &Course, how: &[&str], arguments: Vec<OsString>) -> Result<u8, Trouble> {
    if !course.root.join("xtask/class").is_dir() {
        return Err(Trouble::Usage(
            "The board is not in the archive for rooms without a network: use a clone of the repository."
                .to_owned(),
        ));
    }
    let mut command = Command::new(cargo());
    command
        .args(["run", "--locked", "--manifest-path", "xtask/class/Cargo.toml"])
        .args(["--target-dir", "target/class"])
        .args(how)
        .args(arguments)
        .envs(told(course)?)
        .current_dir(&course.root);
    hand_over(command)
}

/// On a file of its own, with a page of the book as the result; or on the database that is named.
fn load(course: &Course, mut arguments: lexopt::Parser) -> Result<u8, Trouble> {
    let arguments = match arguments.next()? {
        Some(Value(database)) => vec![database],
        Some(other) => return Err(other.unexpected().into()),
        None => {
            files::create_folder(&course.temporary())?;
            vec![course.temporary().join("class-load.db").into(), "book/src/board-load.md".into()]
        }
    };
    board(course, &["--release", "--example", "load", "--"], arguments)
}

/// Shows what would be reported, asks once, and trades the room's code for a key. Who has joined this class before is not
/// asked again.
pub(super) fn join(course: &Course, board: &Board, name: &str) -> Result<(), Trouble> {
    let before = Membership::load(course)?;
    if before.is_some_and(|known| known.name == name && known.at().is_ok_and(|at| at == *board)) {
        println!("You report to the class at {}.\n", board.address());
        return Ok(());
    }
    println!(
        "The class at {} would be told at each verdict, as {}:\n{}\n\
         Never your code, nor anything that you write. The board deletes it after 14 days, and\n\
         `cargo xtask class leave` deletes it at once.\n",
        board.address(),
        harmless(name),
        report::IN_WORDS
    );
    print!("The room's code joins; Enter alone goes on without the class: ");
    let printed = io::stdout().flush();
    let mut code = String::new();
    printed
        .and_then(|()| io::stdin().read_line(&mut code))
        .map_err(|error| Trouble::Environment(format!("your answer could not be read: {error}")))?;
    if code.trim().is_empty() {
        println!("You have joined no class, and nothing is reported.\n");
        return Ok(());
    }
    match board.join(code.trim(), name)? {
        Answer::Good(joined) => {
            let key = joined["key"].as_str().filter(|key| is_key(key)).ok_or_else(|| {
                Trouble::Environment("what answers there is no board of this workshop".to_owned())
            })?;
            outbox::forget(course)?;
            let membership = Membership {
                board: board.address().to_owned(),
                name: name.to_owned(),
                key: key.to_owned(),
                authority: board.authority().map(Path::to_owned),
            };
            membership.save(course)?;
            println!("You have joined. In `learn`, a raises your hand.\n");
            Ok(())
        }
        Answer::Refused(_, why) => {
            Err(Trouble::Usage(format!("The board does not let you in: {}", harmless(&why))))
        }
        Answer::Unreachable(why) => Err(unreachable(board.address(), &why)),
    }
}

/// What a board gives: 256 bits in hexadecimal digits. Anything else could be more than a value in a form.
fn is_key(key: &str) -> bool {
    key.len() == 64 && key.chars().all(|c| c.is_ascii_hexdigit())
}

fn me(course: &Course) -> Result<u8, Trouble> {
    let membership = membership(course)?;
    let mut session = Session::new(&membership)?;
    match session.ask("GET", "/me", None)? {
        Answer::Good(Json::Object(known)) => {
            println!("All that the class at {} knows about you:\n", membership.board);
            for (name, value) in &known {
                let value = match value {
                    Json::Null => "nothing yet".to_owned(),
                    Json::Number(at) if ["seen", "deleted_after"].contains(&name.as_str()) => {
                        distance(at.as_u64().unwrap_or(0), times::now())
                    }
                    Json::String(text) => harmless(text),
                    other => harmless(&other.to_string()),
                };
                println!("  {:14}{value}", harmless(name));
            }
            Ok(0)
        }
        Answer::Good(_) => Err(unreachable(&membership.board, "it sends no JSON")),
        other => refused(&membership, other),
    }
}

/// How far a time is away.
fn distance(at: u64, now: u64) -> String {
    match (at.saturating_sub(now), now.saturating_sub(at)) {
        (0, ago) => format!("{} min ago", ago / 60),
        (ahead, _) => format!("in {} days", ahead.div_ceil(24 * 60 * 60)),
    }
}

fn hand(course: &Course) -> Result<u8, Trouble> {
    let membership = membership(course)?;
    let up = outbox::turn_hand(course)?;
    match Session::new(&membership)?.send_all(course)? {
        Said::Notice(_) => {
            println!("Your hand is {}.", if up { "up" } else { "down" });
            Ok(0)
        }
        Said::Removed => Err(gone(&membership)),
        Said::Unreachable => {
            println!(
                "The class cannot be reached now. `learn` reports your hand as soon as it can."
            );
            Ok(0)
        }
    }
}

fn leave(course: &Course) -> Result<u8, Trouble> {
    let membership = membership(course)?;
    match Session::new(&membership)?.ask("DELETE", "/me", None)? {
        Answer::Good(_) => println!("The board has deleted all that it knew about you."),
        Answer::Refused(401, _) => println!("The board knew nothing about you any more."),
        other => return refused(&membership, other),
    }
    Membership::forget(course)?;
    outbox::forget(course)?;
    println!("Nothing is reported any more.");
    Ok(0)
}

fn membership(course: &Course) -> Result<Membership, Trouble> {
    Membership::load(course)?.ok_or_else(|| {
        Trouble::Usage(
            "You have not joined a class.\nNext:  cargo xtask learn --class URL --name NAME"
                .to_owned(),
        )
    })
}

fn refused(membership: &Membership, answer: Answer) -> Result<u8, Trouble> {
    match answer {
        Answer::Refused(401, _) => Err(gone(membership)),
        Answer::Refused(_, why) | Answer::Unreachable(why) => {
            Err(unreachable(&membership.board, &why))
        }
        Answer::Good(_) => Ok(0),
    }
}

fn gone(membership: &Membership) -> Trouble {
    Trouble::Usage(format!(
        "The class at {} does not know you any more: you were removed, or it is over.\n\
         Next:  cargo xtask class leave, and join again if you want to",
        membership.board
    ))
}

fn unreachable(board: &str, why: &str) -> Trouble {
    Trouble::Environment(format!(
        "The class at {} cannot be reached: {}\n\
         Are you in the room's network? Some networks keep their guests apart; ask your instructor.",
        board,
        harmless(why)
    ))
}
