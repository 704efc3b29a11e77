//! Over the whole book, the right answer is as often at one place as at another.

use workshop_book::pages::expansion::{self, Material};
use xtask::{course::Course, files};

#[test]
fn no_letter_is_right_so_often_that_it_is_worth_guessing() {
    let folder = std::env::current_dir().expect("a current folder");
    let course = Course::find(&folder).unwrap_or_else(|trouble| panic!("{trouble}"));
    // How often a letter is right, and how often it would be if all answers were right equally often.
    let mut right = [0_u32; 6];
    let mut expected = [0_f64; 6];
    for path in files::below(&course.root.join("book").join("src")).expect("pages") {
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        let (page, _) =
            expansion::expand(&Material::new(&course), name, &files::read(&path).expect("a page"));
        for question in page.markdown.split("data-question=").skip(1) {
            let choices: Vec<&str> = question.split("<details data-choice=").skip(1).collect();
            for (place, choice) in choices.iter().enumerate() {
                right[place] += u32::from(
                    choice.split('>').next().is_some_and(|tag| tag.contains("data-right")),
                );
                expected[place] += 1.0 / f64::from(u32::try_from(choices.len()).expect("a few"));
            }
        }
    }
    println!("{right:?}, expected {expected:.1?}");
    assert!(right.iter().sum::<u32>() > 20, "there are no questions: {right:?}");
    for (right, expected) in right.into_iter().zip(expected) {
        let far = 3.0 * expected.sqrt() + 1.0;
        assert!((f64::from(right) - expected).abs() <= far, "{right} of {expected:.1} expected");
    }
}
