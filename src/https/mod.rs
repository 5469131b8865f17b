//! How a service on the network is spoken to.
//!
//! * **Shape.** [`agent`] is the one client: the certificates that count are the system's, no
//!   redirect is followed unseen, and a status is an answer, not an error.

use std::sync::Arc;

use ureq::{
    Agent, Proxy,
    tls::{RootCerts, TlsConfig},
};

/// A client that goes through `proxy`, where there is one.
pub fn agent(proxy: Option<Proxy>) -> Agent {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(provider)
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .proxy(proxy)
        .http_status_as_error(false)
        .max_redirects(0)
        .user_agent(concat!("treaty/", env!("CARGO_PKG_VERSION")))
        .build();
    config.into()
}
