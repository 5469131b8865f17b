//! Git: blobs of a user's repository, and the contract repository that `treaty` writes.
//!
//! * **Shape.** [`Blobs`] reads `REVISION:path` and changes nothing. [`ContractRepository`] is
//!   the shared record of a negotiation: one commit per accepted act. [`durable`] holds the
//!   few ways in which bytes reach the disk so that a crash leaves all of them or none.
//!   [`Hooks`] puts the pre-commit hook in its place, and [`Staged`] is what it reads.
//! * **Errors.** [`GitError`] keeps what the system or git said.
//!
//! Nothing here depends on the user's git configuration: commits are made from exact bytes,
//! with the names and times that they are given.

mod blobs;
pub mod durable;
mod error;
mod hook;
mod objects;
mod program;
mod repository;
mod staged;

pub use blobs::Blobs;
pub use error::GitError;
pub use hook::{HookError, Hooks, Installed, Uninstalled};
pub use objects::{Author, CommitDraft, CommitId, commit_id};
pub use repository::ContractRepository;
pub use staged::{Blob, BlobId, FileKind, Staged, StagedFile};
