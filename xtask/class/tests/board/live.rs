//! Pages that are up to date.

use workshop_class::{guard::INSTRUCTOR, tokens::Claims};

use crate::support::{
    client::Client,
    databases::{Database, on_both},
    page::Page,
};

#[tokio::test]
async fn a_page_gets_the_whole_class_and_then_each_change() {
    on_both(async |database| {
        let client = Client::new(database.open().await).await;
        client.keep_up_to_date();
        let mut page = Page::open(&client, "/class/live", &client.instructor().await).await;
        page.until_empty().await;
        client.learner("Ada").await;
        client.board.changed();
        page.until_ada_is_there().await;
        let show = client.token(INSTRUCTOR, "class:show").await;
        let mut projector = Page::open(&client, "/show/live", &show).await;
        let shown = projector.next().await.expect("it is shown");
        assert_eq!(shown["learners"], 1);
        assert!(!shown.to_string().contains("Ada"));
    })
    .await;
}

#[tokio::test]
async fn a_stream_ends_with_its_token() {
    let client = Client::on_a_file().await;
    client.keep_up_to_date();
    let claims = client.claims(INSTRUCTOR, "class:read").await;
    let brief = client.board.keys.sign_claims(&Claims { exp: claims.iat + 2, ..claims });
    let mut page = Page::open(&client, "/class/live", &brief).await;
    assert!(page.next().await.is_some());
    assert!(page.next().await.is_none(), "it has expired");
    let mut page = Page::open(&client, "/class/live", &client.instructor().await).await;
    assert!(page.next().await.is_some());
    client.board.store.set_password("another password").await.expect("it is stored");
    client.board.changed();
    assert!(page.next().await.is_none(), "the password has changed");
}

#[tokio::test]
async fn what_one_board_records_another_shows() {
    let Some(database) = Database::postgres().await else { return };
    let (one, other) =
        (Client::new(database.open().await).await, Client::new(database.open().await).await);
    one.keep_up_to_date();
    other.keep_up_to_date();
    // A token of one board opens the other.
    let mut page = Page::open(&other, "/class/live", &one.instructor().await).await;
    page.until_empty().await;
    one.learner("Ada").await;
    one.board.changed();
    page.until_ada_is_there().await;
}
