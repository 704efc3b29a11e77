//! PostgreSQL goes, and comes back: what one board has stored, the page of another shows within six seconds.

use std::{collections::BTreeSet, time::Duration};

use tokio::{task::spawn_blocking, time::timeout};

use crate::support::{
    client::Client,
    databases::{Cluster, Database},
    page::Page,
};

const LIMIT: Duration = Duration::from_secs(6);

/// Two boards of one class, and a page of the second one.
async fn two_boards(database: &Database) -> (Client, Client, Page) {
    let (one, other) =
        (Client::new(database.open().await).await, Client::new(database.open().await).await);
    for board in [&one, &other] {
        board.keep_up_to_date();
    }
    let mut page = Page::open(&other, "/class/live", &one.instructor().await).await;
    page.until_empty().await;
    (one, other, page)
}

/// Ada joins at the first board.
async fn ada_is_shown_in_time(one: &Client, page: &mut Page) {
    one.learner("Ada").await;
    one.board.changed();
    timeout(LIMIT, page.until_ada_is_there()).await.expect("it is right again");
}

#[tokio::test]
async fn a_board_whose_every_connection_is_cut_is_right_again() {
    let Some(database) = Database::postgres().await else { return };
    let (one, _other, mut page) = two_boards(&database).await;
    // The listeners', and those of both pools.
    assert!(database.cut_connections().await.len() >= 4);
    ada_is_shown_in_time(&one, &mut page).await;
}

#[tokio::test]
async fn a_board_that_nobody_wakes_any_more_is_right_all_the_same_and_listens_again() {
    let Some(database) = Database::postgres().await else { return };
    let (one, _other, mut page) = two_boards(&database).await;
    listeners_are_cut(&database).await;
    ada_is_shown_in_time(&one, &mut page).await;
    timeout(LIMIT, listeners_are_cut(&database)).await.expect("they listen again");
}

/// Waits until both listen, and cuts them off.
async fn listeners_are_cut(database: &Database) {
    let mut cut = BTreeSet::new();
    while cut.len() < 2 {
        cut.extend(database.cut_listeners().await);
    }
}

#[tokio::test]
async fn a_page_is_right_after_postgresql_has_crashed_and_come_back() {
    let Some(mut cluster) = Cluster::start() else { return };
    let database = cluster.database().await;
    let (one, _other, mut page) = two_boards(&database).await;
    let cluster = spawn_blocking(move || {
        cluster.restart();
        cluster
    });
    let cluster = cluster.await.expect("it runs again");
    ada_is_shown_in_time(&one, &mut page).await;
    drop(cluster);
}
