//! Blobs through one long-lived `git cat-file`.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    process::{Child, ChildStdin, ChildStdout, Stdio},
};

use super::{Blob, BlobId, GitError};
use crate::git::program::user_git;

/// A process that answers for one blob after the other.
pub(super) struct Reader {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Reader {
    pub(super) fn start() -> Result<Self, GitError> {
        let mut command = user_git(&["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|source| GitError::Program { source })?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or_else(|| GitError::Program {
            source: io::Error::from(io::ErrorKind::BrokenPipe),
        })?;
        Ok(Self { child, input, output: BufReader::new(output) })
    }

    /// Reads one blob; the process comes back while it is of use.
    pub(super) fn read(
        mut self,
        id: &BlobId,
        bytes_max: u64,
    ) -> Result<(Blob, Option<Self>), GitError> {
        match self.ask(id, bytes_max) {
            Ok(Some(blob)) => Ok((blob, Some(self))),
            // It ends where it would have to fetch and may not.
            Ok(None) => Ok((Blob::Absent, None)),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok((Blob::Absent, None)),
            Err(error) => Err(GitError::Read { name: id.to_string(), reason: error.to_string() }),
        }
    }

    /// What the process says of a blob; nothing where it ended.
    fn ask(&mut self, id: &BlobId, bytes_max: u64) -> io::Result<Option<Blob>> {
        writeln!(self.input, "{id}")?;
        self.input.flush()?;
        let mut header = String::new();
        if self.output.read_line(&mut header)? == 0 {
            return Ok(None);
        }
        let mut words = header.split_whitespace().skip(1);
        let (kind, size) = (words.next(), words.next().and_then(|it| it.parse::<u64>().ok()));
        let Some(size) = size else { return Ok(Some(Blob::Absent)) };
        let mut bytes = Vec::new();
        let mut content = self.output.by_ref().take(size + 1);
        if size > bytes_max {
            io::copy(&mut content, &mut io::sink())?;
            return Ok(Some(Blob::TooLarge));
        }
        content.read_to_end(&mut bytes)?;
        if kind != Some("blob") || bytes.pop() != Some(b'\n') || bytes.len() as u64 != size {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(Some(Blob::Bytes(bytes)))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // Nothing is lost: it only reads.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
