use super::*;

fn program(files: &[(&str, &str)]) -> Program {
    let source = |(path, text): &(&str, &str)| Source {
        path: PathBuf::from(path),
        text: (*text).to_owned(),
    };
    Program::read(&files.iter().map(source).collect::<Vec<_>>())
}

fn evidence(lines: &[&str]) -> Result<Evidence, String> {
    let pairs = lines.iter().filter_map(|line| line.split_once(": "));
    Evidence::parse(pairs).map(|found| found.expect("a clue"))
}

#[track_caller]
fn line(lines: &[&str], source: &str) -> Option<u32> {
    let found = evidence(lines).unwrap_or_else(|why| panic!("{why}"));
    found.find(&program(&[("src/main.rs", source)])).map(|place| place.line)
}

const SOURCE: &str = "\
use axum::Json;

#[utoipa::path(get, path = \"/items\")]
pub(crate) async fn items(n: [u8; 2]) -> Json<Vec<Item>> {
    // let token = secret;
    Json(vec![Item { id: 1 }])
}

#[derive(Debug, Clone)]
struct Login {
    password: String,
}

impl Read for Login {
    fn read(&self) -> bool {
        self.password == \"wonderland\" || self.ask(&[1, 2], |x| x + 1)
    }
}

impl Read for Other {
    fn read(&self) -> bool { false }
}
";

#[test]
fn what_is_written_otherwise_is_the_same() {
    assert_eq!(line(&["Evidence: Json ( vec! [ Item { id : 1 , } ] )"], SOURCE), Some(6));
    assert_eq!(line(&["Evidence: let token = secret"], SOURCE), None, "a comment");
    assert_eq!(line(&["Evidence: use axum::Json;"], &SOURCE.replace('\n', "\r\n")), Some(1));
}

#[test]
fn a_scope_is_an_item_with_its_attributes() {
    assert_eq!(line(&["Evidence: in items: path = \"/items\""], SOURCE), Some(3));
    assert_eq!(line(&["Evidence: in items: Clone"], SOURCE), None);
    assert_eq!(line(&["Evidence: in struct Login: Clone"], SOURCE), Some(9));
    assert_eq!(line(&["Evidence: in struct Login: impl"], SOURCE), None);
    assert_eq!(line(&["Evidence: in read: false"], SOURCE), Some(21));
    assert_eq!(line(&["Evidence: in Login::read: false"], SOURCE), None);
    assert_eq!(line(&["Evidence: in Login::read: self.password"], SOURCE), Some(16));
}

#[test]
fn an_item_may_have_another_name() {
    let handler = "#[utoipa::path(get, path = \"/items/secret\")]\nasync fn hush() { open() }";
    assert_eq!(line(&["Evidence: in secret: open()"], handler), Some(2));
    assert_eq!(line(&["Evidence: in token: open()"], handler), None, "it has another path");
    let route = "fn app() { x.route(\"/items/secret\", get(hush)) }\nfn hush() { open() }";
    assert_eq!(line(&["Evidence: in secret: open()"], route), Some(2));
    let guard = "impl FromRequestParts for Pass {\nfn from_request_parts() { open() } }";
    assert_eq!(line(&["Evidence: in BearerToken::from_request_parts: open()"], guard), Some(2));
    let layer = "async fn pass(request: Request, next: Next) {\nopen() }";
    assert_eq!(line(&["Evidence: in from_request_parts: open()"], layer), Some(2));
    let beside = format!("{layer}\nimpl T for U {{ fn from_request_parts() {{}} }}");
    assert_eq!(line(&["Evidence: in from_request_parts: open()"], &beside), None);
    let both = format!("impl BearerToken {{}} {guard}");
    assert_eq!(line(&["Evidence: in BearerToken::from_request_parts: open()"], &both), None);
}

#[test]
fn a_layer_is_any_function_that_takes_next_and_an_extractor_stands_for_none() {
    let refuses = ["Evidence: in layer: Err"];
    let layer = "async fn pass(request: Request, next: Next) {\n next.run(request) }";
    assert_eq!(line(&refuses, &format!("{layer}\nfn other() {{ Err }}")), None);
    assert_eq!(line(&refuses, &layer.replace("next.run", "Err")), Some(2));
    assert_eq!(line(&refuses, "\nfn other() { Err }"), Some(2));
}

#[test]
fn the_work_of_a_handler_may_be_done_by_functions_that_it_calls() {
    let source = "fn token() { log_in() }\nfn log_in() { find(); }\nfn find() { open() }\n\
                  fn other() { shut() }\nimpl T for U { fn shut(&self) { on() } }";
    assert_eq!(line(&["Evidence: in token: open()"], source), Some(3));
    assert_eq!(line(&["Evidence: in token: find()", "Lacks: in token: open()"], source), None);
    assert_eq!(line(&["Evidence: in token: shut()"], source), None, "nobody calls `other`");
    let of_a_trait = source.replace("open()", "x.shut()");
    assert_eq!(line(&["Evidence: in token: on()"], &of_a_trait), None, "of any type");
    assert_eq!(line(&["Evidence: in find: open()"], source), Some(3));
    assert_eq!(line(&["Evidence: in log_in: open()"], source), None, "it is no handler");
}

#[test]
fn a_constant_may_stand_for_a_literal() {
    let source = "const SCHEME: &str = \"Bearer \";\nfn f() { x.strip_prefix(SCHEME) }";
    assert_eq!(line(&["Evidence: strip_prefix(\"Bearer \")"], source), Some(2));
    assert_eq!(line(&["Evidence: strip_prefix(SCHEME)"], source), Some(2));
}

#[test]
fn a_gap_never_leaves_its_brackets() {
    assert_eq!(line(&["Evidence: self.ask($$)"], SOURCE), Some(16));
    assert_eq!(line(&["Evidence: ask($$, |$_| $$ 1)"], SOURCE), Some(16));
    assert_eq!(line(&["Evidence: ask(1"], SOURCE), None, "brackets are not skipped");
    assert_eq!(
        line(&["Evidence: Json($$) }"], SOURCE),
        Some(6),
        "and then the end of the function"
    );
    assert_eq!(line(&["Evidence: Item { $$ fn"], SOURCE), None);
    assert_eq!(line(&["Evidence: $_.password $_ \"wonder$$\""], SOURCE), Some(16));
    assert_eq!(line(&["Evidence: \"$$land\""], SOURCE), Some(16));
    assert_eq!(line(&["Evidence: \"$$other$$\""], SOURCE), None);
}

#[test]
fn one_of_several_is_enough() {
    assert_eq!(line(&["Evidence: self.password $(!= | ==) $_"], SOURCE), Some(16));
    assert_eq!(line(&["Evidence: self.$(token | ask(&[1, 2], $$))"], SOURCE), Some(16));
    assert_eq!(line(&["Evidence: pub$((crate) |) async"], SOURCE), Some(4));
    assert_eq!(line(&["Evidence: self.$(token | name)"], SOURCE), None);
}

#[test]
fn a_function_may_be_written_and_not_called() {
    let rule = "fn rule() {}\nfn guard() { x }";
    let unused = ["Evidence: fn rule", "Lacks: $!fn rule"];
    assert_eq!(line(&unused, rule), Some(1));
    assert_eq!(line(&unused, &rule.replace('x', "if rule() {}")), None);
    assert_eq!(line(&unused, &rule.replace('x', "text.find(rule)")), None, "after a bracket");
}

#[test]
fn what_lacks_is_told_by_its_function() {
    assert_eq!(line(&["Lacks: in items: BearerToken"], SOURCE), Some(4));
    assert_eq!(line(&["Lacks: in items: Json"], SOURCE), None);
    assert_eq!(line(&["Lacks: in nowhere: Json"], SOURCE), None, "there is no such function");
    assert_eq!(line(&["Lacks: in read: false"], SOURCE), None, "one of them has it");
    assert_eq!(
        line(&["Lacks: in items: BearerToken", "Evidence: password: String"], SOURCE),
        Some(11)
    );
    assert_eq!(line(&["Evidence: password: String", "Lacks: argon2"], SOURCE), Some(11));
    assert_eq!(line(&["Evidence: password: String", "Lacks: wonder"], SOURCE), Some(11));
    assert_eq!(line(&["Evidence: password: String", "Lacks: \"wonder$$\""], SOURCE), None);
}

#[test]
fn all_files_are_read() {
    let files =
        program(&[("src/main.rs", "mod guard;"), ("src/guard.rs", "\nfn guard() { open() }")]);
    let found = evidence(&["Evidence: in guard: open()"]).expect("evidence").find(&files);
    assert_eq!(found, Some(Place { file: PathBuf::from("src/guard.rs"), line: 2 }));
    assert_eq!(
        evidence(&["Evidence: mod guard", "Lacks: open"]).expect("evidence").find(&files),
        None
    );
}

#[test]
fn a_pattern_that_means_nothing_is_refused() {
    for wrong in [
        "Evidence: $$ x",
        "Evidence: x $$",
        "Evidence: ",
        "Evidence: $x",
        "Evidence: $!",
        "Evidence: in a b: x",
        "Lacks: x",
    ] {
        assert!(evidence(&[wrong]).is_err(), "{wrong}");
    }
    assert_eq!(Evidence::parse(std::iter::empty()), Ok(None));
}

#[test]
fn half_written_code_is_read_as_far_as_it_goes() {
    assert_eq!(line(&["Evidence: in app: route"], "fn app( {\n  route(\"/"), Some(2));
    assert_eq!(line(&["Evidence: in app: x"], "fn app"), None);
}
