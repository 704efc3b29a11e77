//! A sibling of step 7: Ann asks for a number that takes long to find. Does Ben have to wait?

use tokio::{join, task::spawn_blocking};

/// How far to count: as far as Ann wishes, within reason.
fn limit(wish: Option<u32>) -> u32 {
    let wish = wish.filter(|wish| *wish < 20_000);
    wish.map_or(100, |wish| wish + 1)
}

/// How many primes there are: long work without an `.await`.
fn primes_below(limit: u32) -> usize {
    (2..limit).filter(|n| (2..*n).all(|divisor| n % divisor != 0)).count()
}

/// Does the work on a thread that may be busy for long.
async fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    spawn_blocking(work).await.expect("the work does not panic")
}

async fn serve(name: &str, number: impl Future<Output = usize>) {
    println!("  {name} asks");
    println!("  {name} is told {}", number.await);
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let limit = limit(Some(19_999));
    let ben = || serve("Ben", async { 2 + 2 });

    println!("On the async thread:");
    join!(serve("Ann", async { primes_below(limit) }), ben());

    println!("On a thread for blocking work:");
    join!(serve("Ann", elsewhere(move || primes_below(limit))), ben());
}
