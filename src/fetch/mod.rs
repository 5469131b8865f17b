//! Documents from the network, for hosts that the user allows, pinned by digest.
//!
//! * **Shape.** [`Fetcher::get`] answers each address once a run; what is new is pinned, and
//!   [`Fetcher::pins`] is what the lock file shall hold afterwards.
//! * **Limits.** `https` alone, but for this machine; redirects lead to allowed hosts; the number
//!   of addresses, the bytes of each and the time of all are bounded.
//! * **Errors.** What could not be fetched, or is not what was pinned, is kept in
//!   [`Fetcher::failures`], so that no run passes for want of a document.

mod pins;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ureq::{Agent, Proxy, http::Uri};

use crate::{document::sha256_hex, https::agent, openapi::SourceError};

pub use pins::{PinError, Pins};

/// The most addresses of one run.
const ADDRESSES_MAX: usize = 1_000;
/// The most redirects on the way to a document.
const REDIRECTS_MAX: usize = 5;

/// What may be fetched.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The hosts, each with a port where it is not the usual one.
    pub hosts: Vec<String>,
    /// Only what is pinned may be used.
    pub locked: bool,
    /// The most bytes of a document.
    pub bytes_max: usize,
}

/// Why a document was not fetched, or is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The service said no, or nothing.
    #[error("cannot fetch {url}: {reason}")]
    Failed {
        /// The address.
        url: String,
        /// What was said.
        reason: String,
    },
    /// What came is not what was pinned.
    #[error("{url} is not what was pinned: its digest is sha256:{found}")]
    Changed {
        /// The address.
        url: String,
        /// The digest of what came.
        found: String,
    },
    /// Nothing is pinned for the address.
    #[error("{url} is not pinned")]
    NotPinned {
        /// The address.
        url: String,
    },
}

impl FetchError {
    /// What the user can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Failed { .. } => None,
            Self::Changed { .. } => {
                Some("where the change is wanted, take the address out of treaty.lock")
            }
            Self::NotPinned { .. } => Some("a run without --locked pins it"),
        }
    }
}

/// Fetches what a run needs.
#[derive(Debug)]
pub struct Fetcher {
    terms: Terms,
    agent: Agent,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    pins: Pins,
    answers: BTreeMap<String, Result<Arc<[u8]>, SourceError>>,
    failures: Vec<FetchError>,
}

impl Fetcher {
    /// A fetcher that knows what was pinned before.
    pub fn new(terms: Terms, pins: Pins) -> Self {
        let state = Mutex::new(State { pins, ..State::default() });
        Self { terms, agent: agent(Proxy::try_from_env()), state }
    }

    /// The document at an address; `time` says how long there is left.
    pub fn get(&self, url: &str, time: impl Fn() -> Duration) -> Result<Vec<u8>, SourceError> {
        if !self.allows(url) {
            return Err(SourceError::Network);
        }
        // Held while fetching: one address is asked for once, however many documents want it.
        let mut state = self.state();
        if let Some(answer) = state.answers.get(url) {
            return answer.clone().map(|bytes| bytes.to_vec());
        }
        let answer = self.fetch(url, &state, time()).map_err(|error| {
            let reason = SourceError::Unreadable(error.to_string());
            state.failures.push(error);
            reason
        });
        if let Ok(bytes) = &answer {
            state.pins.pin(url, sha256_hex(bytes));
        }
        let answer = answer.map(Arc::from);
        state.answers.insert(url.to_owned(), answer.clone());
        answer.map(|bytes: Arc<[u8]>| bytes.to_vec())
    }

    /// What is pinned now.
    pub fn pins(&self) -> Pins {
        self.state().pins.clone()
    }

    /// What went wrong.
    pub fn failures(&self) -> Vec<FetchError> {
        self.state().failures.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the user allows an address.
    fn allows(&self, url: &str) -> bool {
        let Ok(uri) = url.parse::<Uri>() else { return false };
        let Some(authority) = uri.authority() else { return false };
        if authority.as_str().contains('@') {
            return false;
        }
        let is_here = matches!(authority.host(), "localhost" | "127.0.0.1" | "[::1]");
        let is_safe = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => is_here,
            _ => false,
        };
        is_safe && self.terms.hosts.iter().any(|host| host.eq_ignore_ascii_case(authority.as_str()))
    }

    fn fetch(&self, url: &str, state: &State, time: Duration) -> Result<Vec<u8>, FetchError> {
        let pinned = state.pins.get(url);
        if self.terms.locked && pinned.is_none() {
            return Err(FetchError::NotPinned { url: url.to_owned() });
        }
        if state.answers.len() >= ADDRESSES_MAX {
            let reason = format!("a run fetches at most {ADDRESSES_MAX} documents");
            return Err(FetchError::Failed { url: url.to_owned(), reason });
        }
        let bytes = self
            .bytes(url, time)
            .map_err(|reason| FetchError::Failed { url: url.to_owned(), reason })?;
        let found = sha256_hex(&bytes);
        match pinned {
            Some(pinned) if pinned != found => {
                Err(FetchError::Changed { url: url.to_owned(), found })
            }
            _ => Ok(bytes),
        }
    }

    fn bytes(&self, url: &str, time: Duration) -> Result<Vec<u8>, String> {
        let mut address = url.to_owned();
        for _ in 0..=REDIRECTS_MAX {
            let request = self.agent.get(&address).config().timeout_global(Some(time)).build();
            let mut response = request.call().map_err(|error| error.to_string())?;
            let status = response.status();
            if status.is_redirection() {
                let to = response.headers().get("location").and_then(|it| it.to_str().ok());
                let to = to.filter(|to| self.allows(to));
                to.ok_or("it redirects to a place that is not allowed")?.clone_into(&mut address);
                continue;
            }
            if !status.is_success() {
                return Err(format!("the answer is {}", status.as_u16()));
            }
            let limit = self.terms.bytes_max as u64;
            let body = response.body_mut().with_config().limit(limit).read_to_vec();
            return body.map_err(|error| error.to_string());
        }
        Err(format!("it redirects more than {REDIRECTS_MAX} times"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_user_allows_is_asked() {
        let hosts = ["api.example.com".to_owned(), "localhost:8080".to_owned()].to_vec();
        let terms = Terms { hosts, locked: false, bytes_max: 10 };
        let fetcher = Fetcher::new(terms, Pins::default());
        for url in [
            "https://api.example.com/a.yaml",
            "https://API.example.com/",
            "http://localhost:8080/a",
            "https://localhost:8080/a",
        ] {
            assert!(fetcher.allows(url), "{url}");
        }
        for url in [
            "http://api.example.com/a.yaml",
            "https://api.example.com:8443/a",
            "https://api.example.com@evil.example/",
            "https://user:secret@api.example.com/",
            "https://api.example.com.evil.example/",
            "https://evil.example/api.example.com",
            "http://localhost/a",
            "file:///etc/passwd",
            "//api.example.com/a",
            "api.example.com",
            "",
        ] {
            assert!(!fetcher.allows(url), "{url}");
            assert_eq!(fetcher.get(url, || Duration::ZERO), Err(SourceError::Network), "{url}");
        }
        assert!(fetcher.failures().is_empty());
    }
}
