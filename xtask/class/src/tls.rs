//! TLS: with it, the instructor's password is accepted from the room, too.

use std::{path::Path, sync::Arc};

use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{
            CertificateDer, PrivateKeyDer,
            pem::{self, PemObject},
        },
    },
};

/// What shakes hands, with a chain of certificates and its key, in files of PEM (RFC 7468). The error says which file is no
/// good, and shows nothing of it.
pub fn acceptor(certificate: &Path, key: &Path) -> Result<TlsAcceptor, String> {
    let chain: Vec<_> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable(certificate, &error))?;
    if chain.is_empty() {
        return Err(format!("{} holds no certificate in PEM.", certificate.display()));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| match error {
        pem::Error::NoItemsFound => format!("{} holds no private key in PEM.", key.display()),
        other => unreadable(key, &other),
    })?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(chain, secret))
        .map_err(|_| {
            format!(
                "The key in {} is not that of the first certificate in {}.",
                key.display(),
                certificate.display()
            )
        })?;
    Ok(Arc::new(config).into())
}

/// What is wrong with a file; most errors of the reader would quote it.
fn unreadable(path: &Path, error: &pem::Error) -> String {
    match error {
        pem::Error::Io(error) => format!("{} cannot be read: {error}", path.display()),
        _ => format!("{} is not PEM from its beginning to its end.", path.display()),
    }
}
