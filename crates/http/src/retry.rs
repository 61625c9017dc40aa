use std::hash::{BuildHasher as _, Hasher as _};
use std::time::Duration;

use crate::BoxFuture;

/// Waits. An argument, so that tests of long waits take no time.
pub trait Timer: Send + Sync {
    /// Returns after `duration`.
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()>;
}

/// The real clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemTimer;

impl Timer for SystemTimer {
    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// How often and for how long a request is tried again.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// Tries in all, the first included.
    pub attempts: u32,
    /// The delay after the first failure; it doubles from there.
    pub first_delay: Duration,
    /// The longest single delay, `Retry-After` included: a server that asks for more ends the retries.
    pub longest_delay: Duration,
    /// The sum of delays after which it is over.
    pub budget: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 5,
            first_delay: Duration::from_millis(400),
            longest_delay: Duration::from_secs(60),
            budget: Duration::from_secs(120),
        }
    }
}

impl RetryPolicy {
    /// One try only.
    pub const NEVER: Self = Self {
        attempts: 1,
        first_delay: Duration::ZERO,
        longest_delay: Duration::ZERO,
        budget: Duration::ZERO,
    };

    /// The delay before try number `attempt + 1`, or `None` when it is over.
    pub(crate) fn delay(&self, attempt: u32, asked: Option<Duration>, spent: Duration) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        let grown =
            self.first_delay.saturating_mul(1 << attempt.saturating_sub(1).min(16)).min(self.longest_delay);
        let jittered = grown.mul_f64(0.5 + jitter() / 2.0);
        let delay = asked.map_or(jittered, |asked| asked.max(jittered));
        (delay <= self.longest_delay && spent + delay <= self.budget).then_some(delay)
    }
}

/// A number in 0.0..1.0; the standard library's hash seed is random enough to spread retries.
fn jitter() -> f64 {
    let bits = std::collections::hash_map::RandomState::new().build_hasher().finish() >> 11;
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit into an f64")]
    let fraction = bits as f64 / (1_u64 << 53) as f64;
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_and_end() {
        let policy = RetryPolicy::default();
        let second = policy.delay(1, None, Duration::ZERO).unwrap();
        assert!((Duration::from_millis(200)..=Duration::from_millis(400)).contains(&second), "{second:?}");
        let fourth = policy.delay(3, None, Duration::ZERO).unwrap();
        assert!((Duration::from_millis(800)..=Duration::from_millis(1600)).contains(&fourth), "{fourth:?}");
        assert_eq!(policy.delay(5, None, Duration::ZERO), None);
        assert_eq!(policy.delay(1, None, Duration::from_secs(120)), None, "the budget is spent");
    }

    #[test]
    fn retry_after_is_obeyed_or_ends_it() {
        let policy = RetryPolicy::default();
        assert_eq!(
            policy.delay(1, Some(Duration::from_secs(7)), Duration::ZERO),
            Some(Duration::from_secs(7))
        );
        assert_eq!(policy.delay(1, Some(Duration::from_secs(3600)), Duration::ZERO), None);
    }
}
