//! A model at the table: its key, its network and its role, from environment and files.

use std::{fs, path::Path};

use crate::{
    charter::mandate::Http,
    cli::environment,
    seat::{
        PrivateLog,
        http::{HttpSeat, Key, Model, Network, Patience, Role},
    },
};

use super::{
    super::{Mandate, NegotiateError},
    directory,
};

/// What the model of a run has used of its tokens, in the party's private directory.
const TOKENS: &str = "tokens";

/// Seats the model that a mandate names.
pub(super) fn seat(
    http: Http,
    mandate: &Mandate,
    private: &Path,
    log: PrivateLog,
) -> Result<HttpSeat, NegotiateError> {
    let words = http.prompt.as_ref().map(|name| {
        let path = directory(&mandate.path).join(name);
        #[expect(clippy::disallowed_methods, reason = "files are read in `cli` and `git` alone")]
        fs::read_to_string(&path).map_err(|source| NegotiateError::Read {
            path,
            remedy: "it is the `prompt` of a mandate; write the agent's role there".to_owned(),
            source,
        })
    });
    let words = words.transpose()?;
    let key = http.key_variable.as_ref().and_then(|it| environment(it.as_str()));
    let model = Model {
        key: key.as_deref().and_then(Key::new),
        network: Network::for_address(http.url.as_str(), environment),
        role: Role::new(words.as_deref(), &mandate.bytes),
        tokens: private.join(TOKENS),
        patience: Patience::default(),
        http,
    };
    Ok(HttpSeat::new(model, log))
}
