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
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    spawn,
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

/// How long a client may take to shake hands, and then to send the head of a request.
const PATIENCE: Duration = Duration::from_secs(10);

/// As many connections as are served at a time.
const CONNECTIONS: usize = 4000;

/// Between two tries to accept, when the system has no more sockets.
const PAUSE: Duration = Duration::from_millis(50);

/// From where a request came.
#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// The address that connected to us: a proxy's, if there is one.
    pub address: IpAddr,
    /// Whether it came over TLS.
    pub tls: bool,
}

impl Peer {
    /// Whether nobody on the network can read what is sent.
    pub fn is_confidential(self) -> bool {
        self.tls || self.address.to_canonical().is_loopback()
    }
}

/// Serves until the process ends, over TLS if there is what shakes hands.
pub async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, app: Router) {
    serve_with(listener, tls, app, PATIENCE).await;
}

/// The same, with another patience.
pub async fn serve_with(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    app: Router,
    patience: Duration,
) {
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let room = Arc::clone(&connections).acquire_owned().await;
        match listener.accept().await {
            Ok((stream, peer)) => {
                let connection = serve_connection(stream, peer, tls.clone(), app.clone(), patience);
                spawn(async move {
                    connection.await;
                    drop(room);
                });
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
}

async fn serve_connection(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    app: Router,
    patience: Duration,
) {
    let peer = Peer { address: peer.ip().to_canonical(), tls: tls.is_some() };
    // Without it, a small response may wait for the client's acknowledgement.
    stream.set_nodelay(true).ok();
    match tls {
        None => speak_http(stream, peer, app, patience).await,
        Some(tls) => {
            // Who does not come to an end, or speaks something else, is told nothing more.
            if let Ok(Ok(stream)) = timeout(patience, tls.accept(stream)).await {
                speak_http(stream, peer, app, patience).await;
            }
        }
    }
}

async fn speak_http(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: Peer,
    app: Router,
    patience: Duration,
) {
    let service = app.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request.map(Body::new)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience);
    // A client that breaks off is no error of ours.
    http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).await.ok();
}
