//! Whether lines to paste show what a check saw: they go to a server that has answered nothing before.

use protocol::exchange::Response as Shown;

use crate::{
    curl::ByHand,
    message::{Message, Response},
    raw,
    server::Server,
    setup::Setup,
    transcript,
};

/// The lines, unless a server that has just been started responds in another way.
pub(crate) fn lines(by_hand: ByHand) -> Option<String> {
    let shown = by_hand.received.as_ref().is_none_or(|received| {
        by_hand.first || received_anew(&by_hand).is_some_and(|anew| anew == *received)
    });
    shown.then(|| by_hand.lines.ready()).flatten()
}

fn received_anew(by_hand: &ByHand) -> Option<Shown> {
    let server = Setup::new().start().ok()?;
    let response = send_to(&server, by_hand)?;
    Some(transcript::write(&by_hand.message, &response).response)
}

/// Logs in as the lines do, and sends the request with the tokens of those logins.
fn send_to(server: &Server, by_hand: &ByHand) -> Option<Response> {
    let send = |message: &Message| raw::send(server.address(), message).ok();
    let mut tokens = Vec::new();
    for login in &by_hand.lines.logins {
        let answer = send(&login.message)?.json()?;
        tokens.push((login.number, answer.get("access_token")?.as_str()?.to_owned()));
    }
    let mut message = by_hand.message.clone();
    for header in &mut message.headers {
        if let Some((scheme, token)) = &header.token
            && let Some(login) = &token.login
        {
            let (_, token) = tokens.iter().find(|(number, _)| *number == login.number)?;
            header.value = format!("{scheme}{token}").into_bytes();
        }
    }
    send(&message)
}
