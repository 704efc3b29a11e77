//! What `cargo xtask` is made of. The book reads the course with the same eyes, through
//! [`course`], [`hints`] and [`marks`].

pub mod course;
pub mod hints;
pub mod marks;
pub mod trouble;
