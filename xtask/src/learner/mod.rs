//! What belongs to the learner: progress, answers, copies of their code, break-ins that were drawn for them.

pub mod anki;
pub mod answers;
pub mod backup;
pub mod beside;
pub mod break_in;
pub mod exercise;
pub mod lock;
pub mod merged;
pub mod newer;
pub mod private;
pub mod progress;
pub mod times;
pub mod undo;
pub mod update;
pub mod without;

mod remembered;

#[cfg(test)]
pub(crate) mod testing {
    //! A course in a folder of its own, with nothing but what a learner has.

    use std::{env, fs, process};

    use crate::course::Course;

    /// Removed when dropped.
    pub(crate) struct Scratch {
        pub(crate) course: Course,
    }

    impl Scratch {
        pub(crate) fn new(name: &str) -> Self {
            let here = env::current_dir().expect("a current folder");
            let course = Course::find(&here).unwrap_or_else(|trouble| panic!("{trouble}"));
            let root = env::temp_dir().join(format!("workshop-{name}-{}", process::id()));
            fs::create_dir_all(&root).expect("the folder for temporary files can be written");
            Self { course: Course { root, ..course } }
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.course.root).expect("nothing holds it");
        }
    }
}
