//! The columns of an event by name, for showing how a profile fills them.

use crate::model::{Event, OrgId, Outcome, Row, Target};

/// Every column that a profile fills, with its text; empty where the log does not say.
pub(super) fn of(row: &Row) -> Vec<(&'static str, String)> {
    let event = &row.event;
    let org = |org: &Option<OrgId>| org.as_ref().map(ToString::to_string).unwrap_or_default();
    let number = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
    vec![
        ("id", event.source_id.clone()),
        ("time", event.time.map(|time| time.to_string()).unwrap_or_default()),
        ("action", event.action.clone()),
        ("outcome", known(event)),
        ("http_status", number(event.http_status)),
        ("log_org", org(&event.log_org)),
        ("actor_id", event.actor_id.clone()),
        ("actor_type", event.actor_type.clone()),
        ("actor_org", org(&event.actor_org)),
        ("effective_actor_id", event.effective_actor_id.clone()),
        ("effective_actor_org", org(&event.effective_actor_org)),
        ("credential_id", event.credential_id.clone()),
        ("session_id", event.session_id.clone()),
        ("job_id", event.job_id.clone()),
        ("source_ip", event.source_ip.clone()),
        ("user_agent", event.user_agent.clone()),
        ("request_id", event.request_id.clone()),
        ("shared_id", event.shared_id.clone()),
        ("scope_org", org(&event.scope_org)),
        ("scope_type", event.scope_type.clone()),
        ("scope_id", event.scope_id.clone()),
        ("returned_count", number(event.returned_count)),
        ("total_count", number(event.total_count)),
        ("filter", event.filter.clone()),
        ("outcome_reason", event.outcome_reason.clone()),
        ("targets", targets(row)),
    ]
}

fn known(event: &Event) -> String {
    if event.outcome == Outcome::Unknown { String::new() } else { event.outcome.as_str().to_owned() }
}

/// The records that the event names, as the ledger would.
fn targets(row: &Row) -> String {
    let one = |target: &Target| {
        let org = target.record_org.as_ref().map(|org| format!(" of {org}")).unwrap_or_default();
        format!("{} {} {}{org}", target.relation.as_str(), target.record.record_type, target.record.record_id)
    };
    row.targets.iter().map(one).collect::<Vec<_>>().join("; ")
}
