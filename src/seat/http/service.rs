//! One service and one call of it.
//!
//! * **Shape.** A JSON text goes out by `POST`, an [`Answered`] comes back; certificates are
//!   the system's, and the proxy is the one that the environment names for the address.
//! * **Limits.** The whole call has one deadline; a body has at most [`BODY_BYTES_MAX`] bytes.
//!   A redirect is followed to the same host alone, and only where the question stays a `POST`.
//! * **Errors.** [`CallError`]; none of them, and no `Debug`, holds the key.

use std::{fmt, io, time::Duration};

use ureq::{
    Agent, Proxy,
    http::{Response, Uri},
};

use crate::{charter::mandate::Api, https::agent};

/// The largest body that is read.
const BODY_BYTES_MAX: u64 = 8 << 20;
/// The most redirects of one call.
const REDIRECTS_MAX: usize = 3;

/// A key, which is shown to its service alone.
#[derive(Clone)]
pub struct Key(String);

impl Key {
    /// The key that a variable of the environment holds; nothing where no header can carry it.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let plain = !text.is_empty() && text.bytes().all(|it| it.is_ascii_graphic());
        plain.then(|| Self(text.to_owned()))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key")
    }
}

/// How the environment says that the network is reached.
#[derive(Clone, Debug, Default)]
pub struct Network {
    /// The proxy for this address; it may hold a password.
    pub proxy: Option<Key>,
}

impl Network {
    /// What the variables say about an address.
    pub fn for_address(url: &str, variable: impl Fn(&str) -> Option<String>) -> Self {
        let either = |name: &str| {
            let found = variable(name).or_else(|| variable(&name.to_uppercase()));
            found.filter(|it| !it.trim().is_empty())
        };
        let (scheme, rest) = url.split_once("://").unwrap_or(("https", url));
        let host = host_of(rest);
        if either("no_proxy").is_some_and(|list| is_listed(host, &list)) {
            return Self::default();
        }
        let proxy = either(&format!("{scheme}_proxy")).or_else(|| either("all_proxy"));
        Self { proxy: proxy.as_deref().and_then(Key::new) }
    }
}

/// The host of an address without its scheme.
fn host_of(rest: &str) -> &str {
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.strip_prefix('[') {
        Some(inner) => inner.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Whether a list of hosts and domains covers a host.
fn is_listed(host: &str, list: &str) -> bool {
    let host = host.to_lowercase();
    list.split(',').map(|it| it.trim().to_lowercase()).any(|entry| {
        let entry = entry.trim_start_matches('*').trim_start_matches('.');
        let inside = || host.strip_suffix(entry).is_some_and(|it| it.ends_with('.'));
        (entry.is_empty() && list.trim() == "*")
            || (!entry.is_empty() && (host == entry || inside()))
    })
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answered {
    /// The status code.
    pub(super) status: u16,
    /// How long the service asks to be left alone.
    pub(super) retry_after: Option<Duration>,
    /// The body.
    pub(super) body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallError {
    /// The time was up.
    #[error("the time was up")]
    Late,
    /// The body has no end.
    #[error("the body is larger than {BODY_BYTES_MAX} bytes")]
    Flood,
    /// The connection broke; another try may do.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// The service could not be reached; another try may do.
    #[error("no connection: {0}")]
    Unreached(String),
    /// There is no use in another try.
    #[error("{0}")]
    Hopeless(String),
}

/// A service.
pub(super) struct Service {
    agent: Agent,
    address: String,
    api: Api,
    key: Option<Key>,
    secrets: Vec<String>,
}

impl fmt::Debug for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Service({})", self.address)
    }
}

impl Service {
    /// The service at an address, with a key and a proxy.
    pub(super) fn new(
        url: &str,
        api: Api,
        key: Option<Key>,
        network: &Network,
    ) -> Result<Self, String> {
        let steps = match api {
            Api::OpenAi => "chat/completions",
            Api::Anthropic => "messages",
        };
        let proxy = network.proxy.as_ref().map(|it| Proxy::new(&it.0)).transpose();
        let proxy = proxy.map_err(|_| "the proxy that the environment names is no address")?;
        let secrets = [key.as_ref(), network.proxy.as_ref()];
        let secrets = secrets.into_iter().flatten().map(|it| it.0.clone()).collect();
        let address = format!("{url}/{steps}");
        Ok(Self { agent: agent(proxy), address, api, key, secrets })
    }

    /// A text in which no key stands.
    pub(super) fn scrubbed(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "[key]"))
    }

    /// Sends a JSON text.
    pub(super) fn post(&self, body: &str, most: Duration) -> Result<Answered, CallError> {
        let mut address = self.address.clone();
        for _ in 0..=REDIRECTS_MAX {
            let mut response = self.send(&address, body, most)?;
            let status = response.status().as_u16();
            if (300..400).contains(&status) {
                address = self.redirected(&address, status, &response)?;
                continue;
            }
            let retry_after = retry_after(&response);
            let body = response.body_mut().with_config().limit(BODY_BYTES_MAX).read_to_vec();
            return match body {
                Ok(body) => Ok(Answered { status, retry_after, body }),
                Err(error) => Err(self.refused(error)),
            };
        }
        Err(CallError::Hopeless(format!("it redirects more than {REDIRECTS_MAX} times")))
    }

    fn send(
        &self,
        address: &str,
        body: &str,
        most: Duration,
    ) -> Result<Response<ureq::Body>, CallError> {
        let mut request = self.agent.post(address).content_type("application/json");
        match (&self.key, self.api) {
            (Some(Key(key)), Api::OpenAi) => {
                request = request.header("authorization", format!("Bearer {key}"));
            }
            (Some(Key(key)), Api::Anthropic) => request = request.header("x-api-key", key),
            (None, _) => {}
        }
        if self.api == Api::Anthropic {
            request = request.header("anthropic-version", "2023-06-01");
        }
        let request = request.config().timeout_global(Some(most)).build();
        request.send(body).map_err(|error| self.refused(error))
    }

    /// Where a redirect leads, if it leads to the same service.
    fn redirected(
        &self,
        address: &str,
        status: u16,
        response: &Response<ureq::Body>,
    ) -> Result<String, CallError> {
        let to = response.headers().get("location").and_then(|it| it.to_str().ok());
        let to = to.unwrap_or_default();
        let hopeless = |what: &str| {
            let message = format!("{status}, a redirect {what}, is not followed");
            Err(CallError::Hopeless(self.scrubbed(&message)))
        };
        if !matches!(status, 307 | 308) {
            return hopeless("that turns the question into another");
        }
        let origin = address.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let to = if to.starts_with('/') && !to.starts_with("//") {
            format!("{origin}{to}")
        } else {
            to.to_owned()
        };
        let place = |it: &str| {
            let uri = it.parse::<Uri>().ok()?;
            Some((uri.scheme()?.clone(), uri.authority()?.clone()))
        };
        match (place(&to), place(&origin)) {
            (Some(there), Some(here)) if there == here => Ok(to),
            _ => hopeless("to another host"),
        }
    }

    fn refused(&self, error: ureq::Error) -> CallError {
        let said = self.scrubbed(&error.to_string());
        match error {
            ureq::Error::Timeout(_) => CallError::Late,
            ureq::Error::BodyExceedsLimit(_) => CallError::Flood,
            ureq::Error::Io(error) => match error.kind() {
                io::ErrorKind::TimedOut => CallError::Late,
                io::ErrorKind::ConnectionRefused => CallError::Unreached(said),
                io::ErrorKind::InvalidData => CallError::Hopeless(said),
                _ => CallError::Broken(said),
            },
            ureq::Error::Protocol(_) => CallError::Broken(said),
            ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => CallError::Unreached(said),
            _ => CallError::Hopeless(said),
        }
    }
}

/// How long a service asks to be left alone: milliseconds, whole seconds, or until a date, which
/// is counted from the date of the response, since clocks differ (RFC 9110, section 10.2.3).
fn retry_after(response: &Response<ureq::Body>) -> Option<Duration> {
    let text = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.trim());
    let number = |name: &str| text(name)?.parse::<u64>().ok();
    let date = |name: &str| httpdate::parse_http_date(text(name)?).ok();
    let exact = number("retry-after-ms").map(Duration::from_millis);
    let whole = || number("retry-after").map(Duration::from_secs);
    let until = || Some(date("retry-after")?.duration_since(date("date")?).unwrap_or_default());
    exact.or_else(whole).or_else(until)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn the_environment_says_how_an_address_is_reached() {
        let set = [
            ("HTTPS_PROXY", "http://user:secret@proxy:3128"),
            ("http_proxy", "http://plain:3128"),
            ("NO_PROXY", "localhost,127.0.0.1, .internal,example.org:8080"),
        ];
        let variable = |name: &str| {
            let found = set.iter().find(|(it, _)| *it == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let proxy = |url: &str| Network::for_address(url, variable).proxy.map(|it| it.0);
        assert_eq!(proxy("https://api.example.com/v1").unwrap(), set[0].1);
        assert_eq!(proxy("http://api.example.com/v1").unwrap(), set[1].1);
        for direct in ["http://localhost:8080/v1", "http://127.0.0.1:1/", "https://a.internal/v1"] {
            assert_eq!(proxy(direct), None, "{direct}");
        }
        assert!(proxy("https://notinternal/v1").is_some());
        let all = |name: &str| (name == "no_proxy").then(|| "*".to_owned());
        assert!(Network::for_address("https://a.b/v1", all).proxy.is_none());
        let shown = format!("{:?}", Network::for_address("https://api.example.com", variable));
        assert!(!shown.contains("secret"), "{shown}");
    }
}
