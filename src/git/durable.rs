//! Bytes on the disk: whole files, lines of a log, a lock, directories.
//!
//! * **Shape.** A file is replaced by writing a neighbour, syncing it and renaming it; a log
//!   grows by one synced line at a time; a lock is one that the system drops with the process.
//! * **Errors.** After an error or a crash a file is the old one or the new one, and a log is
//!   its whole lines and perhaps one torn tail, which [`Log::open`] cuts off.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use super::GitError;

fn system(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> GitError {
    let path = path.to_owned();
    move |source| GitError::System { what, path, source }
}

/// Who may read what is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Whom the system's defaults allow.
    Usual,
    /// The user who runs `treaty` alone.
    Private,
}

/// The bytes of a file; nothing where there is no file.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, GitError> {
    match File::open(path) {
        Ok(mut file) => {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).map_err(system("read", path))?;
            Ok(Some(bytes))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(system("read", path)(error)),
    }
}

/// Makes a file hold `bytes`; one that holds them already is left alone.
///
/// `beside` is the name under which the new file is written first; it must be on the same
/// file system.
pub fn write(path: &Path, beside: &Path, bytes: &[u8], access: Access) -> Result<(), GitError> {
    if read(path)?.is_some_and(|old| old == bytes) {
        return Ok(());
    }
    let mut file = options(access)
        .write(true)
        .create(true)
        .truncate(true)
        .open(beside)
        .map_err(system("write", beside))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(system("write", beside))?;
    drop(file);
    fs::rename(beside, path).map_err(system("replace", path))?;
    sync_parent(path)
}

/// Removes a file, if it is there.
pub fn remove(path: &Path) -> Result<(), GitError> {
    match fs::remove_file(path) {
        Ok(()) => sync_parent(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(system("remove", path)(error)),
    }
}

/// Makes a directory and those above it; one that exists is left alone.
pub fn directory(path: &Path, access: Access) -> Result<(), GitError> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    if access == Access::Private {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    #[cfg(not(unix))]
    let _ = access;
    builder.create(path).map_err(system("make the directory", path))?;
    sync_parent(path)
}

/// Moves a file or directory to a name that is free.
pub fn rename(from: &Path, to: &Path) -> Result<(), GitError> {
    fs::rename(from, to).map_err(system("move", from))?;
    sync_parent(to)
}

/// Makes a file that is written, and its name, last.
pub fn sync(path: &Path) -> Result<(), GitError> {
    File::open(path).and_then(|it| it.sync_all()).map_err(system("sync", path))?;
    sync_parent(path)
}

/// A file's next content beside it, under the name that git's programs respect as a lock.
#[derive(Debug)]
pub struct Lockfile {
    path: PathBuf,
    lock: PathBuf,
    kept: bool,
}

impl Lockfile {
    /// Makes `path.lock`, which must not exist, with `bytes`.
    pub fn make(path: &Path, bytes: &[u8]) -> Result<Self, GitError> {
        let mut name = path.as_os_str().to_owned();
        name.push(".lock");
        let lock = PathBuf::from(name);
        if let Some(parent) = path.parent() {
            directory(parent, Access::Usual)?;
        }
        let mut file = options(Access::Usual)
            .write(true)
            .create_new(true)
            .open(&lock)
            .map_err(system("lock", &lock))?;
        let made = Self { path: path.to_owned(), lock, kept: false };
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(system("write", path))?;
        Ok(made)
    }

    /// The content becomes that of the file.
    pub fn commit(mut self) -> Result<(), GitError> {
        rename(&self.lock, &self.path)?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Lockfile {
    fn drop(&mut self) {
        if !self.kept {
            // A lock that stays is removed when the run is opened again.
            let _ = fs::remove_file(&self.lock);
        }
    }
}

/// Makes the entries of the directory above `path` last.
pub fn sync_parent(path: &Path) -> Result<(), GitError> {
    #[cfg(unix)]
    {
        let parent = path.parent().filter(|it| !it.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        File::open(parent).and_then(|it| it.sync_all()).map_err(system("sync", parent))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn options(access: Access) -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    if access == Access::Private {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = access;
    options
}

/// How often, and after which pause, a lock is tried again: half a second in all.
const LOCK_TRIES: u32 = 25;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// A lock on a run: one process at a time. The system drops it with the process.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of the private directory `directory`, which exists.
    pub fn take(directory: &Path) -> Result<Self, GitError> {
        let path = directory.join("lock");
        let file = options(Access::Private)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(system("open", &path))?;
        // A process that was just killed, or one that is being started by another, may hold
        // it for a moment longer.
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
                Err(TryLockError::Error(error)) => return Err(system("lock", &path)(error)),
            }
        }
        Err(GitError::Busy { path: directory.to_owned() })
    }
}

/// A file of lines to which lines are added.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    file: File,
}

impl Log {
    /// Opens a log, makes it if there is none, cuts off a torn tail, and gives its lines.
    pub fn open(path: &Path) -> Result<(Self, Vec<u8>), GitError> {
        let mut file = options(Access::Private)
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(system("open", path))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(system("read", path))?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let mut log = Self { path: path.to_owned(), file };
        if whole < bytes.len() {
            bytes.truncate(whole);
            log.cut(whole as u64)?;
        }
        log.seek_end()?;
        sync_parent(path)?;
        Ok((log, bytes))
    }

    /// Cuts the log to its first `length` bytes.
    pub fn cut(&mut self, length: u64) -> Result<(), GitError> {
        let cut = self.file.set_len(length).and_then(|()| self.file.sync_all());
        cut.map_err(system("cut", &self.path))?;
        self.seek_end()
    }

    fn seek_end(&mut self) -> Result<(), GitError> {
        self.file.seek(SeekFrom::End(0)).map(drop).map_err(system("read", &self.path))
    }

    /// Adds one line, which ends in its line feed; it lasts when this returns.
    pub fn append(&mut self, line: &[u8]) -> Result<(), GitError> {
        let added = self.file.write_all(line).and_then(|()| self.file.sync_data());
        added.map_err(system("write", &self.path))
    }
}
