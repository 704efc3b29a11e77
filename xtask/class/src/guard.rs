//! Who may do what: an argument of one of these types guards its route.

use std::{marker::PhantomData, sync::Arc};

use axum::{
    RequestPartsExt,
    extract::FromRequestParts,
    http::{header, request::Parts},
};

use crate::{
    refusal::AuthError,
    scope::{Scope, WriteProgress},
    state::Board,
    store::{class::Class, learners::Learner},
    tokens::Claims,
};

/// The `sub` of the instructor's tokens, and the username. No learner's id looks like it.
pub const INSTRUCTOR: &str = "instructor";

/// The learner whose token it is: their own row, and no other.
pub struct CurrentLearner {
    /// The row.
    pub learner: Learner,
    /// The class in which they are.
    pub class: Class,
}

impl FromRequestParts<Arc<Board>> for CurrentLearner {
    type Rejection = AuthError;

    async fn from_request_parts(parts: &mut Parts, board: &Arc<Board>) -> Result<Self, AuthError> {
        let (who, claims) = authenticate(parts, board).await?;
        require::<WriteProgress>(&claims)?;
        match who {
            Who::Learner(learner) => Ok(*learner),
            Who::Instructor => Err(AuthError::InvalidToken),
        }
    }
}

/// The instructor, whose token carries the scope `S`.
pub struct Instructor<S>(pub Claims, pub PhantomData<S>);

impl<S: Scope> FromRequestParts<Arc<Board>> for Instructor<S> {
    type Rejection = AuthError;

    async fn from_request_parts(parts: &mut Parts, board: &Arc<Board>) -> Result<Self, AuthError> {
        let (who, claims) = authenticate(parts, board).await?;
        require::<S>(&claims)?;
        match who {
            Who::Instructor => Ok(Self(claims, PhantomData)),
            Who::Learner(_) => Err(AuthError::InvalidToken),
        }
    }
}

enum Who {
    Instructor,
    Learner(Box<CurrentLearner>),
}

/// Who sends the request. A signature is not enough: the learner may have left since, and the password may have changed.
async fn authenticate(parts: &mut Parts, board: &Board) -> Result<(Who, Claims), AuthError> {
    let BearerToken(token) = parts.extract().await?;
    let claims = board.keys.check(&token).ok_or(AuthError::InvalidToken)?;
    let class = board.store.class().await?;
    if i64::try_from(claims.iat).is_ok_and(|iat| iat < class.tokens_from) {
        return Err(AuthError::InvalidToken);
    }
    if claims.sub == INSTRUCTOR {
        return Ok((Who::Instructor, claims));
    }
    let learner = board.store.learner(&claims.sub).await?.ok_or(AuthError::InvalidToken)?;
    Ok((Who::Learner(Box::new(CurrentLearner { learner, class })), claims))
}

fn require<S: Scope>(claims: &Claims) -> Result<(), AuthError> {
    if claims.scope.split(' ').any(|scope| scope == S::NAME) {
        Ok(())
    } else {
        Err(AuthError::InsufficientScope(S::NAME))
    }
}

/// The bearer token of a request (RFC 6750 §2.1). In a header alone: a token in a URL (§2.3) is logged by every proxy.
struct BearerToken(String);

impl<S: Send + Sync> FromRequestParts<S> for BearerToken {
    type Rejection = AuthError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, AuthError> {
        let mut headers = parts.headers.get_all(header::AUTHORIZATION).iter();
        let (Some(header), None) = (headers.next(), headers.next()) else {
            return Err(AuthError::NotAuthenticated);
        };
        let credentials = header.to_str().map_err(|_| AuthError::NotAuthenticated)?;
        let (scheme, token) = credentials.split_once(' ').ok_or(AuthError::NotAuthenticated)?;
        let token = token.trim_start_matches(' ');
        if scheme.eq_ignore_ascii_case("Bearer") && is_b64token(token) {
            Ok(Self(token.to_owned()))
        } else {
            Err(AuthError::NotAuthenticated)
        }
    }
}

/// Whether it is one token as RFC 6750 §2.1 defines it: letters, digits and `-._~+/`, then any number of `=`.
fn is_b64token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty() && body.chars().all(|c| c.is_ascii_alphanumeric() || "-._~+/".contains(c))
}
