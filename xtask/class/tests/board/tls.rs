//! TLS, over a real socket.
#![allow(clippy::disallowed_methods, reason = "a test writes files as anybody may")]

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, extract::Request, middleware::map_request};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    spawn,
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor, TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};
use workshop_class::{
    routes,
    serve::{Peer, serve_with},
    tls::acceptor,
};

use crate::support::{client::Client, databases::Database};

const PASSWORD: &str = "correct horse battery";

/// A certificate of our own making, and its key, in files.
struct Files {
    folder: PathBuf,
    made: CertifiedKey<KeyPair>,
}

impl Files {
    fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("workshop-class-tls-{}-{number}", process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let made = generate_simple_self_signed(["board.example".to_owned()]).expect("it is made");
        let files = Self { folder, made };
        files.write("cert.pem", &files.made.cert.pem());
        files.write("key.pem", &files.made.signing_key.serialize_pem());
        files
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("it can be written");
        path
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn acceptor(&self) -> TlsAcceptor {
        acceptor(&self.path("cert.pem"), &self.path("key.pem")).expect("they are good")
    }

    /// What trusts this certificate alone.
    fn connector(&self) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(self.made.cert.der().clone()).expect("it is a certificate");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider has them")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Arc::new(config).into()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).ok();
    }
}

async fn start(
    tls: Option<TlsAcceptor>,
    app: Router,
    patience: Duration,
) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    (address, spawn(serve_with(listener, tls, app, patience)))
}

async fn login(mut board: impl AsyncRead + AsyncWrite + Unpin) -> String {
    let form =
        format!("grant_type=password&username=instructor&password={PASSWORD}&scope=class:read");
    let request = format!(
        "POST /token HTTP/1.1\r\nHost: b\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}",
        form.len()
    );
    board.write_all(request.as_bytes()).await.expect("it can be sent");
    let mut answer = String::new();
    board.read_to_string(&mut answer).await.expect("it is text");
    answer
}

async fn shake_hands(
    files: &Files,
    address: SocketAddr,
) -> impl AsyncRead + AsyncWrite + Unpin + use<> {
    let name = ServerName::try_from("board.example").expect("it is a name");
    let stream = TcpStream::connect(address).await.expect("it accepts");
    files.connector().connect(name, stream).await.expect("the certificate is trusted")
}

#[tokio::test]
async fn over_tls_the_password_is_accepted_from_the_room_and_without_it_refused() {
    let client = Client::on_a_file().await;
    client.board.store.set_password(PASSWORD).await.expect("it is stored");
    // From another machine, as far as the board knows.
    let elsewhere = async |mut request: Request| {
        let peer = request.extensions_mut().get_mut::<Peer>().expect("the socket says it");
        peer.address = IpAddr::from([192, 0, 2, 7]);
        request
    };
    let app = routes::app(Arc::clone(&client.board)).layer(map_request(elsewhere));
    let (files, patience) = (Files::new(), Duration::from_mins(1));
    let (with, with_tls) = start(Some(files.acceptor()), app.clone(), patience).await;
    let (without, plain) = start(None, app, patience).await;
    let answer = login(shake_hands(&files, with).await).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let answer = login(TcpStream::connect(without).await.expect("it accepts")).await;
    assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
    assert!(answer.contains("over TLS, or from the board's own machine"), "{answer}");
    with_tls.abort();
    plain.abort();
}

#[tokio::test]
async fn a_handshake_that_does_not_end_is_given_up_and_holds_up_nobody() {
    let client = Client::on_a_file().await;
    let files = Files::new();
    let app = routes::app(Arc::clone(&client.board));
    let (address, server) = start(Some(files.acceptor()), app, Duration::from_secs(2)).await;
    let mut silent = TcpStream::connect(address).await.expect("it accepts");
    // The head of a handshake of 512 bytes, which do not come.
    silent.write_all(&[22, 3, 1, 2, 0, 1]).await.expect("it can be sent");
    let answer = login(shake_hands(&files, address).await).await;
    assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
    let mut rest = Vec::new();
    silent.read_to_end(&mut rest).await.expect("the server ends it");
    let mut plain = TcpStream::connect(address).await.expect("it accepts");
    plain.write_all(b"GET / HTTP/1.1\r\nHost: b\r\n\r\n").await.expect("it can be sent");
    let mut answer = Vec::new();
    // It may be reset, too.
    plain.read_to_end(&mut answer).await.ok();
    assert!(!answer.starts_with(b"HTTP/1.1"), "without TLS nobody is served");
    server.abort();
}

#[track_caller]
fn refusal(certificate: &Path, key: &Path) -> String {
    acceptor(certificate, key).err().expect("they are no good")
}

#[test]
fn a_file_that_is_no_good_is_named_and_not_shown() {
    let (files, other) = (Files::new(), Files::new());
    let (certificate, key) = (files.path("cert.pem"), files.path("key.pem"));
    let missing = files.path("missing.pem");
    let broken = "-----BEGIN PRIVATE KEY-----\nsesame!\n-----END PRIVATE KEY-----\n";
    let broken = files.write("broken.pem", broken);
    let half = files.write("half.pem", "-----BEGIN PRIVATE KEY-----\nc2VzYW1l\n");
    for (certificate, key, named, why) in [
        (&missing, &key, &missing, "cannot be read"),
        (&certificate, &missing, &missing, "cannot be read"),
        (&key, &key, &key, "holds no certificate"),
        (&certificate, &certificate, &certificate, "holds no private key"),
        (&certificate, &broken, &broken, "is not PEM"),
        (&certificate, &half, &half, "is not PEM"),
        (&broken, &key, &broken, "is not PEM"),
        (&certificate, &other.path("key.pem"), &other.path("key.pem"), "is not that of"),
    ] {
        let said = refusal(certificate, key);
        assert!(said.contains(&named.display().to_string()) && said.contains(why), "{said}");
        assert!(!said.contains("sesame") && !said.contains("c2Vz"), "{said}");
    }
}

#[test]
fn the_program_says_https_and_does_not_start_with_half_of_it() {
    let (files, database) = (Files::new(), Database::sqlite());
    let serve = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_workshop-class"));
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--database", &database.url])
            .current_dir(&files.folder)
            .args(arguments);
        command
    };
    let half = serve(&["--tls-cert", "cert.pem"]).output().expect("it runs");
    assert_eq!(half.status.code(), Some(4));
    let wrong = serve(&["--tls-cert", "cert.pem", "--tls-key", "cert.pem"]).output();
    let wrong = wrong.expect("it runs");
    assert_eq!(wrong.status.code(), Some(4));
    let said = String::from_utf8_lossy(&wrong.stderr);
    assert_eq!(said, "cert.pem holds no private key in PEM.\n");
    let mut board = serve(&["--tls-cert", "cert.pem", "--tls-key", "key.pem"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut printed = BufReader::new(board.stdout.take().expect("it is a pipe"));
    let mut said = String::new();
    while !said.contains("Listening on ") {
        assert!(printed.read_line(&mut said).expect("it is text") > 0, "it ended: {said}");
    }
    board.kill().and_then(|()| board.wait()).expect("it is ours");
    assert!(said.contains("\nListening on https://127.0.0.1:"), "{said}");
    assert!(said.contains(" --class https://127.0.0.1:"), "{said}");
    assert!(!said.contains("http://"), "{said}");
}
