//! The pre-commit hook of a repository: putting ours in its place, and giving the place back.
//!
//! * **Shape.** Where the hook stands is git's to say: `core.hooksPath`, the common directory of
//!   linked worktrees. A hook that was there is kept under another name, and ours runs it first.
//! * **Errors.** [`HookError`] says what stands in the way; then nothing is changed.
//!
//! Only a hook that is ours to the last byte is ever replaced or removed.

mod error;
mod place;
mod script;

use std::{
    fs::{self, Metadata},
    io,
    path::{Path, PathBuf},
};

use super::{GitError, durable};

pub use error::HookError;
use script::{Found, Script};

/// The hook's name.
const NAME: &str = "pre-commit";
/// The name under which an earlier hook is kept.
const KEPT: &str = "pre-commit.before-treaty";
/// The name under which ours is written first.
const PART: &str = "pre-commit.treaty-part";
/// What `hook run` remembers, in the repository.
pub(super) const MEMORY: &str = "treaty-hook";

/// The hooks of one repository.
#[derive(Debug)]
pub struct Hooks {
    /// The directory that git runs hooks from.
    folder: PathBuf,
    /// The repository that all its work trees share.
    common: PathBuf,
    /// Whether the directory belongs to this repository alone.
    is_own: bool,
}

/// What an installation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Installed {
    /// The hook is new; an earlier one was kept under the name that is given.
    New(Option<PathBuf>),
    /// An older one of ours was replaced.
    Renewed,
    /// It was there already.
    Unchanged,
}

/// What a removal did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Uninstalled {
    /// Ours is gone; nothing was there before it.
    Removed,
    /// Ours is gone; what was there before it is back.
    Restored,
    /// There was none of ours.
    Nothing,
}

impl Hooks {
    /// Finds the hooks of the repository that the current directory or the environment names.
    pub fn find() -> Result<Self, HookError> {
        place::find()
    }

    /// Where the hook stands.
    pub fn hook(&self) -> PathBuf {
        self.folder.join(NAME)
    }

    /// Makes the hook run `program`, whose absolute path this is, with `arguments` after
    /// `hook run`.
    pub fn install(
        &self,
        program: &Path,
        arguments: &[String],
        force: bool,
    ) -> Result<Installed, HookError> {
        self.check_place(force)?;
        self.check_manager(force)?;
        let (hook, kept) = (self.hook(), self.folder.join(KEPT));
        let found = self.found()?;
        let made_folder = match &found {
            Found::Ours { made_folder, .. } => *made_folder,
            _ => metadata(&self.folder)?.is_none(),
        };
        let script = Script { program, arguments, made_folder }.text();
        let installed = match found {
            Found::Nothing => Installed::New(None),
            Found::Edited if !force => return Err(HookError::Edited { path: hook }),
            Found::Ours { is_executable: true, text, .. } if text == script => {
                return Ok(Installed::Unchanged);
            }
            Found::Edited | Found::Ours { .. } => Installed::Renewed,
            Found::Foreign if metadata(&kept)?.is_some() => {
                return Err(HookError::Taken { hook, kept });
            }
            Found::Foreign => Installed::New(Some(kept.clone())),
        };
        durable::directory(&self.folder, durable::Access::Usual)?;
        let part = self.folder.join(PART);
        write_executable(&part, &script).map_err(system("write", &part))?;
        if installed == Installed::New(Some(kept.clone())) {
            durable::rename(&hook, &kept)?;
        }
        durable::rename(&part, &hook)?;
        Ok(installed)
    }

    /// Gives the place back to whatever was there.
    pub fn uninstall(&self, force: bool) -> Result<Uninstalled, HookError> {
        let (hook, kept) = (self.hook(), self.folder.join(KEPT));
        let has_kept = metadata(&kept)?.is_some();
        let made_folder = match self.found()? {
            Found::Nothing | Found::Foreign if !has_kept => return Ok(Uninstalled::Nothing),
            Found::Foreign => return Err(HookError::Covered { hook, kept }),
            Found::Edited if !force => return Err(HookError::Edited { path: hook }),
            Found::Nothing | Found::Edited => false,
            Found::Ours { made_folder, .. } => made_folder,
        };
        self.check_place(force)?;
        self.forget()?;
        if has_kept {
            durable::rename(&kept, &hook)?;
            return Ok(Uninstalled::Restored);
        }
        durable::remove(&hook)?;
        if made_folder {
            // Others may have put their hooks there since.
            let _ = fs::remove_dir(&self.folder);
        }
        Ok(Uninstalled::Removed)
    }

    fn check_place(&self, force: bool) -> Result<(), HookError> {
        if self.is_own || force {
            return Ok(());
        }
        Err(HookError::Outside { folder: self.folder.clone() })
    }

    /// Husky writes all its hooks anew whenever it likes, and tells them apart by their names.
    fn check_manager(&self, force: bool) -> Result<(), HookError> {
        let is_husky = ["h", "husky.sh"].iter().any(|it| self.folder.join(it).is_file())
            && self.folder.components().any(|it| it.as_os_str() == ".husky");
        if is_husky && !force {
            return Err(HookError::Husky { folder: self.folder.clone() });
        }
        Ok(())
    }

    /// What stands in the hook's place.
    fn found(&self) -> Result<Found, HookError> {
        let hook = self.hook();
        let Some(metadata) = metadata(&hook)? else { return Ok(Found::Nothing) };
        if metadata.is_dir() {
            return Err(HookError::NotAFile { path: hook });
        }
        if !metadata.is_file() {
            return Ok(Found::Foreign);
        }
        let bytes = durable::read(&hook)?.unwrap_or_default();
        Ok(Found::of(bytes, is_executable(&metadata)))
    }

    /// Removes what `hook run` remembers of every work tree.
    fn forget(&self) -> Result<(), HookError> {
        durable::remove(&self.common.join(MEMORY))?;
        let Ok(trees) = self.common.join("worktrees").read_dir() else { return Ok(()) };
        for tree in trees.flatten() {
            durable::remove(&tree.path().join(MEMORY))?;
        }
        Ok(())
    }
}

fn system(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> HookError {
    let path = path.to_owned();
    move |source| GitError::System { what, path, source }.into()
}

/// What stands at a path, a link not followed; nothing where there is nothing.
fn metadata(path: &Path) -> Result<Option<Metadata>, HookError> {
    match path.symlink_metadata() {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(system("look at", path)(error)),
    }
}

#[cfg(unix)]
fn is_executable(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &Metadata) -> bool {
    true
}

fn write_executable(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o777);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
