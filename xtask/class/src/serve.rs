//! From a socket to the handlers, with limits that axum's own `serve` does not set.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    spawn,
    sync::Semaphore,
    time::sleep,
};
use tower::ServiceExt;

/// How long a client may take to send the head of a request.
const SLOWEST_HEAD: Duration = Duration::from_secs(10);

/// As many connections as are served at a time.
const CONNECTIONS: usize = 4000;

/// Between two tries to accept, when the system has no more sockets.
const PAUSE: Duration = Duration::from_millis(50);

/// From where a request came.
#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// The address that connected to us: a proxy's, if there is one.
    pub address: IpAddr,
}

impl Peer {
    /// Whether nobody on the network can read what is sent.
    pub fn is_confidential(self) -> bool {
        self.address.to_canonical().is_loopback()
    }
}

/// Serves until the process ends.
pub async fn serve(listener: TcpListener, app: Router) {
    serve_with(listener, app, SLOWEST_HEAD).await;
}

/// The same, with another patience.
pub async fn serve_with(listener: TcpListener, app: Router, slowest_head: Duration) {
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let room = Arc::clone(&connections).acquire_owned().await;
        match listener.accept().await {
            Ok((stream, peer)) => {
                let connection = serve_connection(stream, peer, app.clone(), slowest_head);
                spawn(async move {
                    connection.await;
                    drop(room);
                });
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
}

async fn serve_connection(stream: TcpStream, peer: SocketAddr, app: Router, head: Duration) {
    let peer = Peer { address: peer.ip().to_canonical() };
    // Without it, a small response may wait for the client's acknowledgement.
    stream.set_nodelay(true).ok();
    let service = app.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request.map(Body::new)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head);
    // A client that breaks off is no error of ours.
    http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).await.ok();
}
