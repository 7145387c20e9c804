//! Which logs a pull reads, and with which token.

use super::super::status::Failure;
use super::Plan;
use crate::collect::{self, Log, Scope, Token};
use crate::model::{OrgId, Window};
use std::collections::{BTreeMap, BTreeSet};

/// One token for all, or one an organisation.
#[derive(Clone, Debug, Default)]
pub(in crate::commands) struct Tokens {
    pub(in crate::commands) common: Option<Token>,
    pub(in crate::commands) by_org: BTreeMap<String, Token>,
}

impl Tokens {
    fn of(&self, org: &OrgId) -> Option<&Token> {
        self.by_org.get(org.as_str()).or(self.common.as_ref())
    }

    /// What tells the tokens apart without telling them.
    pub(in crate::commands) fn fingerprints(&self) -> Vec<String> {
        let all: BTreeSet<String> = self.common.iter().chain(self.by_org.values()).map(Token::fingerprint).collect();
        all.into_iter().collect()
    }

    /// Whether there is any.
    pub(super) fn is_empty(&self) -> bool {
        self.common.is_none() && self.by_org.is_empty()
    }
}

/// The logs of a plan, each over its whole window; or everyone's as one.
pub(super) fn of<'p>(plan: &'p Plan<'_>) -> Result<Vec<Log<'p>>, Failure> {
    let request = plan.profile.request.as_ref();
    let request = request.ok_or_else(|| {
        Failure::usage(format!("the profile {:?} knows no API, only files: use --input", plan.profile.name))
    })?;
    let log = |org: Option<OrgId>, aliases: &BTreeSet<OrgId>, token: Token| Log {
        scope: Scope {
            org,
            aliases: aliases.clone(),
            window: plan.window,
            limit: request.limit_max,
            profile: plan.profile,
            token,
        },
        parts: vec![plan.window],
        sample: false,
    };
    if plan.everyone {
        let missing = || {
            Failure::usage(
                "everyone's log takes one platform token: give --token-file FILE, --token-file - (standard input) or IRFORENSICS_TOKEN",
            )
        };
        let token = plan.tokens.common.clone().ok_or_else(missing)?;
        return Ok(vec![log(None, &BTreeSet::new(), token)]);
    }
    let one = |(org, aliases): &(OrgId, BTreeSet<OrgId>)| {
        let missing = || {
            Failure::usage(format!(
                "no token for {org}: give --token-file FILE, --token-file {org}=FILE, --token-file - (standard input) or IRFORENSICS_TOKEN; it needs the scope {}",
                request.scope
            ))
        };
        let token = plan.tokens.of(org).ok_or_else(missing)?.clone();
        Ok(log(Some(org.clone()), aliases, token))
    };
    plan.orgs.iter().map(one).collect()
}

/// Events of everyone's log that are looked at: enough for a comparison, and little of what concerns nobody here.
const SAMPLE: u32 = 100;

/// How a further reading differs from the first.
pub(super) struct Otherwise {
    pub(super) pass: u32,
    pub(super) window: Window,
    /// Parts in which each log is read.
    pub(super) parts: u64,
    /// The window of which a page of everyone's log is asked for, to see whether the filter leaves events out.
    pub(super) sample: Option<Window>,
}

/// Some logs of a plan once more: other windows, other pages, so that a fault of paging shows.
pub(super) fn again<'p>(
    plan: &'p Plan<'_>,
    how: &Otherwise,
    wanted: &[Option<OrgId>],
) -> Result<Vec<Log<'p>>, Failure> {
    let mut logs = of(plan)?;
    logs.retain(|log| wanted.contains(&log.scope.org));
    for log in &mut logs {
        if let Some(request) = &plan.profile.request {
            log.parts = collect::parts(how.window, how.parts, how.pass, request);
        }
        log.scope.window = how.window;
        // A little over half of it and less with every reading: pages then end where none ended before.
        let limit = log.scope.limit.saturating_mul(2).checked_div(how.pass.saturating_add(1)).unwrap_or(1);
        log.scope.limit = limit.saturating_add(1).clamp(1, log.scope.limit.max(1));
    }
    let platform = plan.tokens.common.clone().filter(|_| !plan.everyone);
    if let (Some(window), Some(token), Some(one)) = (how.sample, platform, logs.first()) {
        let limit = one.scope.limit.min(SAMPLE);
        let scope = Scope { org: None, aliases: BTreeSet::new(), window, limit, token, profile: plan.profile };
        logs.push(Log { scope, parts: vec![window], sample: true });
    }
    Ok(logs)
}
