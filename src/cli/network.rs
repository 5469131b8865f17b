//! Whether a run may fetch what documents refer to, and the lock file beside it.

use crate::openapi::SourceError;

use super::{
    error::RunError,
    options::{InputOptions, LimitOptions},
};

/// What may be fetched.
#[derive(Debug, clap::Args)]
pub(super) struct NetworkOptions {
    /// Fetch what `$ref`s name on this host, and pin it in `treaty.lock`; repeatable.
    #[cfg(feature = "http")]
    #[arg(long, value_name = "HOST[:PORT]")]
    allow_host: Vec<String>,

    /// Take nothing from the network but what `treaty.lock` pins.
    #[cfg(feature = "http")]
    #[arg(long, requires = "allow_host")]
    locked: bool,
}

#[cfg(feature = "http")]
pub(super) use fetching::Network;

#[cfg(feature = "http")]
mod fetching {
    use std::{io, path::PathBuf};

    use crate::fetch::{Fetcher, Pins, Terms};

    use super::{
        super::{
            options::Deadline,
            output::{print_aside, read_file, to_file},
        },
        InputOptions, LimitOptions, NetworkOptions, RunError, SourceError,
    };

    /// The file that holds the digests, in the lint root.
    const LOCK: &str = "treaty.lock";

    /// The network as far as the user lets a run see it.
    #[derive(Debug)]
    pub(in crate::cli) struct Network {
        fetcher: Option<Fetcher>,
        lock: PathBuf,
        before: Pins,
        deadline: Deadline,
    }

    impl Network {
        /// Reads the lock file where anything may be fetched.
        pub(in crate::cli) fn new(
            options: &NetworkOptions,
            inputs: &InputOptions,
            limits: &LimitOptions,
        ) -> Result<Self, RunError> {
            let lock = inputs.root.clone().unwrap_or_default().join(LOCK);
            let deadline = limits.deadline();
            if options.allow_host.is_empty() {
                return Ok(Self { fetcher: None, lock, before: Pins::default(), deadline });
            }
            let before = match read_file(&lock) {
                Ok(bytes) => Pins::parse(&bytes)
                    .map_err(|source| RunError::Lock { path: lock.clone(), source })?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => Pins::default(),
                Err(source) => {
                    return Err(RunError::Read { path: lock.display().to_string(), source });
                }
            };
            let terms = Terms {
                hosts: options.allow_host.clone(),
                locked: options.locked,
                bytes_max: limits.document().file_bytes,
            };
            let fetcher = Some(Fetcher::new(terms, before.clone()));
            Ok(Self { fetcher, lock, before, deadline })
        }

        /// The document at an address.
        pub(in crate::cli) fn fetch(&self, url: &str) -> Result<Vec<u8>, SourceError> {
            let Some(fetcher) = &self.fetcher else { return Err(SourceError::Network) };
            fetcher.get(url, || self.deadline.left())
        }

        /// Writes the lock file, with a word unless `quiet`; gives what went wrong.
        pub(in crate::cli) fn close(self, quiet: bool) -> Vec<RunError> {
            let Some(fetcher) = self.fetcher else { return Vec::new() };
            let pins = fetcher.pins();
            let failures = fetcher.failures();
            let mut errors: Vec<_> = failures.into_iter().map(RunError::Fetch).collect();
            if pins != self.before {
                match to_file(&self.lock, |out| out.write_all(pins.to_text().as_bytes())) {
                    Ok(()) if quiet => {}
                    Ok(()) => print_aside(&format!("pinned in {}\n", self.lock.display())),
                    Err(error) => errors.push(error),
                }
            }
            errors
        }
    }
}

/// The network of a program that was built without it.
#[cfg(not(feature = "http"))]
#[derive(Debug)]
pub(super) struct Network;

#[cfg(not(feature = "http"))]
impl Network {
    /// No network.
    pub(super) fn new(
        _: &NetworkOptions,
        _: &InputOptions,
        _: &LimitOptions,
    ) -> Result<Self, RunError> {
        Ok(Self)
    }

    /// Nothing is ever fetched.
    pub(super) fn fetch(&self, _: &str) -> Result<Vec<u8>, SourceError> {
        Err(SourceError::Network)
    }

    /// Nothing went wrong.
    pub(super) fn close(self, _: bool) -> Vec<RunError> {
        Vec::new()
    }
}
