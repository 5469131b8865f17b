//! Ending an agent's program together with everything that it has started.
//!
//! * **Shape.** On Unix the program leads a process group of its own, and the group is killed
//!   before the leader is waited for: until then its number is not given to another. A child
//!   that makes a session of its own leaves the group and is not followed. `rustix` is used for
//!   its safe `kill` and `waitid`, which the standard library lacks; it was built in before.
//! * Elsewhere the program alone is ended.

use std::process::{Child, Command};

#[cfg(unix)]
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

/// Lets the command start as the leader of a group.
pub(super) fn lead_group(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

/// Whether the program has ended; it is not waited for, so that its number stays its own.
#[cfg(unix)]
pub(super) fn has_ended(child: &mut Child) -> bool {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    waitid(WaitId::Pid(Pid::from_child(child)), options).is_ok_and(|status| status.is_some())
}

/// Whether the program has ended.
#[cfg(not(unix))]
pub(super) fn has_ended(child: &mut Child) -> bool {
    child.try_wait().is_ok_and(|status| status.is_some())
}

/// Ends the program and its group at once.
pub(super) fn kill(child: &mut Child) {
    #[cfg(unix)]
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    // An error means that it has ended already.
    let _ = child.kill();
}
