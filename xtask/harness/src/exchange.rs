//! A request and its response, compared with the snapshot.

use std::{
    env, fs, panic,
    path::{Path, PathBuf},
};

use protocol::{exchange::Exchange as Transcript, finding::Kind, said::Said, snapshot::Snapshot};

use crate::{
    canonical,
    curl::{self, ByHand},
    current::next_snapshot,
    failure::Failure,
    message::{Message, Response, Unanswered},
    process::Process,
    transcript,
};

/// One request and its response.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The response.
    pub response: Response,
    /// The whole exchange as text, as its snapshot has it.
    pub transcript: Transcript,
    /// The same request from a terminal, if it means the same there.
    pub(crate) by_hand: Option<ByHand>,
}

impl Exchange {
    /// What became of a message that was sent to the process after so many others.
    pub(crate) fn conclude(
        process: &Process,
        message: &Message,
        before: usize,
        response: Result<Response, Unanswered>,
    ) -> Result<Self, Failure> {
        let lines = process.is_as_run().then(|| curl::command(message)).flatten();
        let to_paste = |exchange| {
            lines.map(|lines| ByHand {
                message: message.clone(),
                on_a_new_server: before <= lines.logins.len(),
                exchange,
                lines,
            })
        };
        match response {
            Ok(response) => {
                let may_change = !["GET", "HEAD", "OPTIONS", "POST"].contains(&&*message.method);
                if may_change && (200..300).contains(&response.status) {
                    process.note_change();
                }
                let transcript = transcript::write(message, &response);
                let by_hand = to_paste(Some(transcript.clone()));
                Ok(Self { response, transcript, by_hand })
            }
            Err(Unanswered::Ours(message)) => Err(Failure::ours(message)),
            Err(Unanswered::Theirs(reason)) => {
                let expected = format!("an answer to {}", transcript::asked(message));
                let actual = process.why_no_answer(&reason);
                let failure = Failure::of_kind(Kind::NoAnswer, expected.into(), actual.into());
                Err(failure.reproduced_by(to_paste(None)))
            }
        }
    }

    /// The same for what a request from a terminal does not show.
    pub(crate) fn not_by_hand(sent: Result<Self, Failure>) -> Result<Self, Failure> {
        match sent {
            Ok(exchange) => Ok(Self { by_hand: None, ..exchange }),
            Err(failure) => Err(failure.reproduced_by(None)),
        }
    }

    /// Compares with the snapshot; `assert` is insta's assertion, expanded in `verify.rs`.
    pub fn compare(mut self, assert: impl FnOnce(&str, &str)) -> Result<Self, Failure> {
        let name = next_snapshot();
        let folder = snapshots()?;
        let path = folder.join(format!("{name}.snap"));
        let expected = read(&path);
        let rewriting = env::var("INSTA_UPDATE").is_ok_and(|mode| mode == "always");
        if let (Err(why), false) = (&expected, rewriting) {
            return Err(Failure::ours(format!(
                "the snapshot {} cannot be used: {why}",
                path.display()
            )));
        }
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(&folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(name.replace('_', " "));
        match &expected {
            _ if rewriting => canonical::asked_for(&mut self.transcript.response),
            Ok(expected) => canonical::as_far_as(&expected.exchange, &mut self.transcript),
            Err(_) => {}
        }
        let actual = self.transcript.to_string();
        let asserted = panic::catch_unwind(panic::AssertUnwindSafe(|| {
            settings.bind(|| assert(&name, &actual));
        }));
        match (asserted, expected) {
            (Ok(()), _) => Ok(self),
            (Err(_), Ok(expected)) => {
                Err(Failure::between(&expected.exchange, &self.transcript)
                    .reproduced_by(self.by_hand))
            }
            (Err(_), Err(why)) => Err(Failure::ours(why)),
        }
    }

    /// Fails if the response to the other request is not the same.
    pub(crate) fn same_response(&self, mut other: Self) -> Result<Self, Failure> {
        canonical::as_far_as(&self.transcript, &mut other.transcript);
        let expected = Transcript {
            request: other.transcript.request.clone(),
            response: self.transcript.response.clone(),
        };
        if other.transcript == expected {
            Ok(other)
        } else {
            Err(Failure::between(&expected, &other.transcript).reproduced_by(other.by_hand))
        }
    }

    /// A failure that shows this exchange beside what was expected of it, in words.
    pub fn failure(&self, expected: impl Into<String>) -> Failure {
        let mut transcript = self.transcript.clone();
        canonical::own_explanation(&mut transcript.response);
        let actual = Said::Exchange(transcript.to_string());
        Failure::of_kind(Kind::Other, expected.into().into(), actual)
            .reproduced_by(self.by_hand.clone())
    }

    /// A failure that shows this exchange beside a second one, which it should have been like.
    pub fn differs_from(&self, expected: &Self) -> Failure {
        Failure::between(&expected.transcript, &self.transcript).reproduced_by(self.by_hand.clone())
    }
}

fn read(path: &Path) -> Result<Snapshot, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    Snapshot::parse(&text).ok_or_else(|| "there is no answer in it".to_owned())
}

/// A test runs in its package's folder, `steps/NN-slug` or `solutions/NN-slug`; the snapshots are the step's.
fn snapshots() -> Result<PathBuf, Failure> {
    let package =
        env::current_dir().map_err(|e| Failure::ours(format!("no current folder: {e}")))?;
    let (Some(root), Some(slug)) = (package.ancestors().nth(2), package.file_name()) else {
        return Err(Failure::ours(format!("{} is not a step's folder", package.display())));
    };
    Ok(root.join("steps").join(slug).join("tests").join("snapshots"))
}
