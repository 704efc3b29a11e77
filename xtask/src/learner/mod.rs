//! What belongs to the learner: progress, copies of their code, break-ins that were drawn for them.

pub mod backup;
pub mod break_in;
pub mod exercise;
pub mod progress;
