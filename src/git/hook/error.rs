//! What stands in the way of a hook.

use std::path::PathBuf;

use crate::git::GitError;

/// The hook was not put in its place, or not taken away; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// There is nothing to hook into.
    #[error(
        "this is a bare repository: nothing is committed in it, so git never runs its \
         pre-commit hook"
    )]
    Bare,
    /// The hooks are those of more than one repository.
    #[error(
        "the hooks directory {} (`core.hooksPath`) lies outside this repository and may serve \
         others too", folder.display()
    )]
    Outside {
        /// The directory.
        folder: PathBuf,
    },
    /// Husky manages the hooks.
    #[error("the hooks in {} are made by husky, which would overwrite another", folder.display())]
    Husky {
        /// The directory.
        folder: PathBuf,
    },
    /// There is no place to keep the hook that is there.
    #[error(
        "the hook {} is not treaty's, and the name to keep it under is taken: {} is what was \
         there before an earlier installation", hook.display(), kept.display()
    )]
    Taken {
        /// The hook.
        hook: PathBuf,
        /// The hook that was kept earlier.
        kept: PathBuf,
    },
    /// Something else took the place of our hook.
    #[error(
        "the hook {} is not treaty's: something took its place; what was there before treaty is \
         still in {}", hook.display(), kept.display()
    )]
    Covered {
        /// The hook.
        hook: PathBuf,
        /// The hook that was kept.
        kept: PathBuf,
    },
    /// Somebody changed our hook.
    #[error("the hook {} was changed after treaty wrote it", path.display())]
    Edited {
        /// The hook.
        path: PathBuf,
    },
    /// A directory stands where the hook should.
    #[error("{} is no file", path.display())]
    NotAFile {
        /// The place.
        path: PathBuf,
    },
    /// Git or the disk did not do what was asked.
    #[error(transparent)]
    Git(#[from] GitError),
}

impl HookError {
    /// What the user can do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::Outside { .. } => Some("`--force` goes ahead"),
            Self::Husky { .. } => {
                Some("add the line `treaty hook run` to .husky/pre-commit instead")
            }
            Self::Taken { .. } | Self::Covered { .. } => {
                Some("remove or rename the one that is not needed, and try again")
            }
            Self::Edited { .. } => Some("take out what was added, or let `--force` throw it away"),
            Self::Bare | Self::NotAFile { .. } | Self::Git(_) => None,
        }
    }
}
