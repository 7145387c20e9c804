//! How often and after how long a page is asked for again.

use crate::clock;
use crate::model::Moment;
use std::time::Duration;

/// Bounds of asking again.
#[derive(Clone, Copy, Debug)]
pub struct Retry {
    /// How often one page is asked for at most, the first time included.
    pub attempts: u32,
    /// The first wait; each further one is twice as long.
    pub base: Duration,
    /// The longest wait, whatever the server wishes.
    pub longest: Duration,
}

impl Default for Retry {
    /// Half a minute of patience for a failing server, minutes for one that names its own wait.
    fn default() -> Self {
        Self { attempts: 6, base: Duration::from_millis(500), longest: Duration::from_mins(1) }
    }
}

impl Retry {
    /// The wait before the attempt after number `attempt`; what the server wishes goes first.
    pub(super) fn wait(&self, attempt: u32, wish: Option<Duration>) -> Duration {
        if let Some(wish) = wish {
            // A server that wishes no wait at all would use up every attempt in an instant.
            return wish.max(self.base).min(self.longest);
        }
        let doublings = attempt.saturating_sub(1).min(16);
        let full = self.base.saturating_mul(1_u32 << doublings).min(self.longest);
        // Between half and all of it, so that two walks do not knock in step.
        let half = full.checked_div(2).unwrap_or_default();
        half.saturating_add(jitter(half))
    }
}

/// The wait that an answer asks for: `Retry-After`, else the reset of a used-up rate limit.
pub(super) fn wish(headers: &[(String, String)]) -> Option<Duration> {
    let now = header(headers, "date").and_then(http_date).unwrap_or_else(clock::now);
    let until = |moment: Moment| {
        let micros = moment.micros().saturating_sub(now.micros());
        u64::try_from(micros).ok().map(Duration::from_micros)
    };
    if let Some(value) = header(headers, "retry-after") {
        if let Ok(seconds) = value.parse::<u64>() {
            return Some(Duration::from_secs(seconds));
        }
        if let Some(moment) = http_date(value) {
            return until(moment);
        }
    }
    if used_up(headers) {
        let seconds: i64 = header(headers, "x-ratelimit-reset")?.parse().ok()?;
        return until(Moment::from_micros(seconds.checked_mul(1_000_000)?));
    }
    None
}

/// Whether a 403 says by its headers that it is a rate limit and no refusal.
pub(super) fn is_rate_limit(headers: &[(String, String)]) -> bool {
    header(headers, "retry-after").is_some() || used_up(headers)
}

/// The first header of that name, trimmed.
pub(super) fn header<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn used_up(headers: &[(String, String)]) -> bool {
    header(headers, "x-ratelimit-remaining") == Some("0")
}

/// RFC 9110, 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(super) fn http_date(text: &str) -> Option<Moment> {
    let time = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Some(Moment::from_micros(time.timestamp_micros()))
}

/// No secret depends on it: the last digits of the clock are random enough.
fn jitter(most: Duration) -> Duration {
    let most = u64::try_from(most.as_micros()).unwrap_or(u64::MAX);
    let digits = u64::try_from(clock::now().micros()).unwrap_or_default();
    Duration::from_micros(digits.checked_rem(most).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn fault_026_every_way_to_say_when() {
        let date = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(wish(&answer(&[("Retry-After", " 3 ")])), Some(Duration::from_secs(3)));
        let at = ("Retry-After", "Sun, 06 Nov 1994 08:49:47 GMT");
        assert_eq!(wish(&answer(&[date, at])), Some(Duration::from_secs(10)), "by the server's own clock");
        assert_eq!(wish(&answer(&[("Retry-After", "-5")])), None);
        assert_eq!(wish(&answer(&[("Retry-After", "soon")])), None);
        let reset = [date, ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "784111782")];
        assert_eq!(wish(&answer(&reset)), Some(Duration::from_secs(5)));
    }

    #[test]
    fn fault_026_no_wait_is_longer_than_the_cap() {
        let retry = Retry { attempts: 6, base: Duration::from_millis(8), longest: Duration::from_millis(50) };
        assert_eq!(retry.wait(1, Some(Duration::from_hours(87_600))), retry.longest);
        let third = retry.wait(3, None);
        assert!(third >= Duration::from_millis(16) && third < Duration::from_millis(32), "{third:?}");
        assert!(retry.wait(60, None) <= retry.longest);
    }
}
