//! Which records an event names.

use crate::model::{AccessClass, Event, OrgId, RecordKey, Relation, Target, Verb};
use crate::profile::{Profile, Scope, TargetRule, each, first};
use crate::wire::Json;

/// The targets of an event, in the order of the profile's rules.
pub(super) fn of(record: &Json, profile: &Profile, event: &Event) -> Vec<Target> {
    let mut targets = Vec::new();
    // A session is not a record: METHODOLOGY.md, rule 5 and the table of silent cases.
    if event.verb.is_session() {
        return targets;
    }
    for rule in profile.targets.iter().filter(|rule| applies(rule, &event.action)) {
        let items = rule.each.as_deref().map_or_else(|| vec![record], |path| each(path, record));
        for item in items {
            if let Some(target) = one(rule, Scope { record, item }, event) {
                add(target, rule.skip_if_named, &mut targets);
            }
        }
    }
    leave_out_containers(&mut targets);
    for (ordinal, target) in targets.iter_mut().enumerate() {
        target.ordinal = u32::try_from(ordinal).unwrap_or(u32::MAX);
    }
    targets
}

fn applies(rule: &TargetRule, action: &str) -> bool {
    rule.when.as_ref().is_none_or(|pattern| pattern.is_match(action))
        && rule.unless.as_ref().is_none_or(|pattern| !pattern.is_match(action))
}

fn one(rule: &TargetRule, scope: Scope<'_>, event: &Event) -> Option<Target> {
    let record_id = first(&rule.id, scope)?;
    let record = RecordKey { record_type: first(&rule.record_type, scope).unwrap_or_default(), record_id };
    let record_org = first(&rule.org, scope).and_then(OrgId::new);
    let relation = match rule.relation_by_owner {
        true => by_owner(record_org.as_ref(), event.actor_org.as_ref(), rule.relation),
        false => rule.relation,
    };
    let parent = first(&rule.parent_id, scope).map(|record_id| RecordKey {
        record_type: first(&rule.parent_type, scope).unwrap_or_default(),
        record_id,
    });
    Some(Target {
        event: 0,
        ordinal: 0,
        relation,
        class: class(relation, event.verb),
        record_id_raw: record.record_id.clone(),
        record,
        record_org,
        parent,
    })
}

fn by_owner(owner: Option<&OrgId>, actor: Option<&OrgId>, otherwise: Relation) -> Relation {
    match (owner, actor) {
        (Some(owner), Some(actor)) if owner == actor => Relation::Destination,
        (Some(_), Some(_)) => Relation::Source,
        _ => otherwise,
    }
}

/// The access class of a target, were the event a success.
fn class(relation: Relation, verb: Verb) -> AccessClass {
    match relation {
        Relation::ActedOn | Relation::Returned => verb.class(),
        Relation::Source => AccessClass::Exported,
        Relation::Destination if verb == Verb::Create => AccessClass::Created,
        Relation::Destination => AccessClass::Modified,
        Relation::Used => AccessClass::Read,
    }
}

/// Adds a target; a record named before takes over the organisation now named for it.
fn add(target: Target, skip_if_named: bool, targets: &mut Vec<Target>) {
    let same = |t: &&mut Target| {
        t.record == target.record && (skip_if_named || t.relation == target.relation)
    };
    match targets.iter_mut().find(same) {
        None => targets.push(target),
        Some(named) if named.record_org.is_none() => named.record_org = target.record_org,
        Some(named) if target.record_org.is_none() || named.record_org == target.record_org => {}
        // One event that names two organisations for a record says so in two rows.
        Some(_) => targets.push(target),
    }
}

/// A container listed beside the record inside it is that record's parent, not a target.
fn leave_out_containers(targets: &mut Vec<Target>) {
    let parents: Vec<RecordKey> = targets.iter().filter_map(|t| t.parent.clone()).collect();
    let is_container = |t: &Target| t.parent.is_none() && parents.contains(&t.record);
    let containers: Vec<Target> = targets.iter().filter(|t| is_container(t)).cloned().collect();
    targets.retain(|t| !is_container(t));
    for target in targets {
        let container = containers.iter().find(|c| Some(&c.record) == target.parent.as_ref());
        if let (None, Some(container)) = (&target.record_org, container) {
            target.record_org.clone_from(&container.record_org);
        }
    }
}
