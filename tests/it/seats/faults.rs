//! Whatever a program does wrong is a named fault, and nothing of it stays behind.

use std::time::{Duration, Instant};

use treaty::negotiate::{Seat as _, SeatFault};

use super::{LINE_BYTES_MAX, Script, question, runs};

/// Time enough for anything that does not hang.
const LONG: Duration = Duration::from_secs(20);
/// As long as a hang is waited for.
const SHORT: Duration = Duration::from_millis(400);

fn asked(script: &str, time: Duration) -> Result<String, SeatFault> {
    let mut script = Script::new(script);
    let began = Instant::now();
    let said = script.seat.answer(&question(1, time));
    assert!(began.elapsed() < LONG, "{:?}", began.elapsed());
    said.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

#[test]
fn an_answer_is_one_line() {
    assert_eq!(asked("read -r q; echo yes", LONG).as_deref(), Ok("yes"));
    assert_eq!(
        asked("printf '\\n \\r\\n'; read -r q; printf 'yes\\n\\n'", LONG).as_deref(),
        Ok("yes")
    );
    assert_eq!(asked("read -r q; printf 'a\\377b\\n'", LONG).as_deref(), Ok("a\u{fffd}b"));
    let long = format!("read -r q; head -c {} /dev/zero; echo", LINE_BYTES_MAX - 1);
    assert_eq!(asked(&long, LONG).map(|it| it.len()), Ok(LINE_BYTES_MAX - 1));
}

#[test]
fn what_gives_no_answer_is_a_named_fault() {
    use SeatFault::{Ended, Flooded, TimedOut};
    for (script, time, fault) in [
        ("sleep 300", SHORT, TimedOut),
        ("trap '' TERM HUP INT; while :; do sleep 1; done", SHORT, TimedOut),
        ("printf '{\"v\":1'; sleep 300", SHORT, TimedOut),
        ("exec >&-; sleep 300", LONG, Ended),
        ("exit 3", LONG, Ended),
        ("read -r q; kill -9 $$", LONG, Ended),
        ("read -r q; printf '{\"v\":1'", LONG, Ended),
        ("sleep 300 & read -r q; exit 0", LONG, Ended),
        ("yes | tr -d '\\n'", LONG, Flooded),
        ("cat /dev/zero", LONG, Flooded),
        ("yes ''", LONG, Flooded),
        ("yes >&2", LONG, Flooded),
        ("read -r q; yes >&2; echo late", LONG, Flooded),
    ] {
        assert_eq!(asked(script, time), Err(fault), "{script}");
    }
}

#[test]
fn a_program_that_takes_no_question_is_not_waited_for() {
    let mut script = Script::new("exec <&-; sleep 300");
    let began = Instant::now();
    let mut request = question(1, LONG);
    // More than a pipe holds.
    request.session = "s".repeat(1 << 20);
    assert_eq!(script.seat.answer(&request), Err(SeatFault::Ended));
    assert!(began.elapsed() < LONG / 2);
    let mut script = Script::new("sleep 300");
    request.deadline_ms = 400;
    assert_eq!(script.seat.answer(&request), Err(SeatFault::TimedOut));
}

#[test]
fn what_a_program_says_unasked_is_a_fault_and_answers_nothing() {
    let mut script = Script::new("while read -r q; do echo one; echo two; done");
    assert_eq!(script.seat.answer(&question(1, LONG)).as_deref(), Ok(&b"one"[..]));
    std::thread::sleep(SHORT);
    assert_eq!(script.seat.answer(&question(2, LONG)), Err(SeatFault::Unasked));
    assert_eq!(script.seat.answer(&question(3, LONG)).as_deref(), Ok(&b"one"[..]));
    // Many lines wait; one that is never done talking is a flood.
    let mut script = Script::new("read -r q; yes");
    assert_eq!(script.seat.answer(&question(1, LONG)).as_deref(), Ok(&b"y"[..]));
    std::thread::sleep(SHORT);
    // How much has come by now is the machine's affair.
    let fault = script.seat.answer(&question(2, LONG));
    assert!(matches!(fault, Err(SeatFault::Flooded | SeatFault::Unasked)), "{fault:?}");
}

#[test]
fn a_program_that_ended_is_started_again_with_the_same_question() {
    // One that answers once.
    let mut script = Script::new("read -r q; echo $$");
    let first = script.seat.answer(&question(1, LONG)).unwrap();
    let second = script.seat.answer(&question(2, LONG)).unwrap();
    assert_ne!(first, second);
    // One that crashes on its second question is asked it again.
    let mut script = Script::new("read -r q; echo \"$q\"; read -r q && echo \"$q\" >crash; exit 1");
    script.seat.answer(&question(1, LONG)).unwrap();
    let request = question(2, LONG);
    let said = script.seat.answer(&request).unwrap();
    assert_eq!(String::from_utf8(said).unwrap(), request.to_json());
    assert_eq!(script.left("crash").trim_end(), request.to_json());
    assert!(script.left("agent.log").contains("asked again"));
    // One that crashes on every question makes one fault a question.
    let mut script = Script::new("echo >>starts; exit 1");
    for number in 1..=3 {
        assert_eq!(script.seat.answer(&question(number, LONG)), Err(SeatFault::Ended));
    }
    assert_eq!(script.left("starts").len(), 3);
}

#[test]
fn nothing_that_a_program_started_outlives_it() {
    let family =
        "sleep 300 & echo $! >child; (sleep 300 & echo $! >grandchild; wait) & echo $$ >leader";
    for end in
        ["wait", "read -r q; read -r q", "exit 1", "trap '' TERM HUP; while :; do sleep 300; done"]
    {
        let mut script = Script::new(&format!("{family}; sleep 0.2; {end}"));
        assert!(script.seat.answer(&question(1, Duration::from_secs(1))).is_err());
        let pids = ["leader", "child", "grandchild"].map(|name| script.left(name));
        drop(script);
        for pid in &pids {
            let until = Instant::now() + LONG;
            while runs(pid) && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(10));
            }
            assert!(!pid.is_empty() && !runs(pid), "{end}: {pids:?}");
        }
        // The leader was ours, and is not even a zombie.
        assert!(!std::path::Path::new("/proc").join(pids[0].trim()).exists());
    }
}

#[test]
fn a_program_has_time_to_end_and_no_more() {
    let script = "trap '' TERM; cat >/dev/null; echo bye >end; sleep 300";
    let mut script = Script::new(&format!("read -r q; echo yes; {script}"));
    script.seat.answer(&question(1, LONG)).unwrap();
    let began = Instant::now();
    let Script { directory, seat } = script;
    drop(seat);
    assert!(began.elapsed() < LONG / 2);
    assert_eq!(std::fs::read_to_string(directory.path().join("end")).unwrap(), "bye\n");
}

#[test]
fn a_program_that_is_not_there_is_said_before_it_is_missed() {
    let refused = |name: &str| {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("agent.py"), "").unwrap();
        let program = treaty::seat::Program {
            name: name.to_owned(),
            arguments: Vec::new(),
            directory: directory.path().to_owned(),
            environment: vec![("PATH".into(), std::env::var_os("PATH").unwrap())],
            line_bytes_max: LINE_BYTES_MAX,
        };
        let log = treaty::seat::PrivateLog::new(directory.path().join("agent.log"));
        let mut seat = treaty::seat::ExecSeat::new(program, log);
        assert_eq!(seat.answer(&question(1, LONG)), Err(SeatFault::Unreachable), "{name}");
        seat.ready().unwrap_err()
    };
    assert_eq!(
        refused("no-such-program"),
        "there is no program `no-such-program` in PATH; correct `exec`"
    );
    assert_eq!(refused("agent.py"), "there is no program `agent.py` in PATH; write `./agent.py`");
    assert_eq!(
        refused("./agent.py"),
        "`./agent.py` is no program that can be started from here; correct `exec`"
    );
    assert!(Script::new("exit").seat.ready().is_ok());
}
