//! When a call is tried again, and after how long.

use std::{
    fmt,
    hash::{BuildHasher as _, Hasher as _, RandomState},
    time::Duration,
};

/// The longest pause that nobody asked for.
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// How a service that does not answer is waited for.
pub struct Patience {
    /// The tries of one call.
    pub tries: u32,
    /// The first pause; each further one is twice as long.
    pub pause: Duration,
    /// Where chance comes from.
    pub chance: Box<dyn FnMut() -> u64>,
}

impl Default for Patience {
    fn default() -> Self {
        // The standard library's hashes begin with a number that is another one each time.
        let chance = Box::new(|| RandomState::new().build_hasher().finish());
        Self { tries: 6, pause: Duration::from_millis(500), chance }
    }
}

impl fmt::Debug for Patience {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Patience({} tries)", self.tries)
    }
}

impl Patience {
    /// The pause after try number `number`, from 0: what the service asks for and a little
    /// more, or at least half of a time that doubles.
    pub(super) fn after(&mut self, number: u32, asked: Option<Duration>) -> Duration {
        let doubled = self.pause.saturating_mul(2_u32.saturating_pow(number)).min(PAUSE_MAX);
        let share = u32::try_from((self.chance)() % 1024).unwrap_or(0);
        let chance = doubled / 2 * share / 1024;
        asked.map_or(doubled / 2 + chance, |asked| asked + chance)
    }
}

/// Whether a status says that another try may do.
pub(super) fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 409 | 429) || (500..600).contains(&status) && status != 501
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_what_is_asked_is_kept() {
        let mut patience = Patience { chance: Box::new(|| 512), ..Patience::default() };
        let pauses = [0, 1, 2, 20].map(|number| patience.after(number, None).as_millis());
        assert_eq!(pauses, [375, 750, 1500, 22_500]);
        let asked = Some(Duration::from_secs(7));
        assert_eq!(patience.after(0, asked).as_millis(), 7125);
        for seed in 0..2048 {
            patience.chance = Box::new(move || seed);
            let pause = patience.after(0, None).as_millis();
            assert!((250..500).contains(&pause), "{pause}");
        }
    }

    #[test]
    fn some_statuses_pass() {
        let passing = [408, 409, 429, 500, 502, 503, 529];
        assert!(passing.into_iter().all(is_passing));
        assert!(![200, 400, 401, 403, 404, 413, 422, 501].into_iter().any(is_passing));
    }
}
