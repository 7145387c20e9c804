//! Which records an event names.

use crate::model::{AccessClass, Event, OrgId, RecordKey, Relation, Target, Verb};
use crate::profile::{Profile, Scope, TargetRule, first};
use crate::wire::Json;
use std::collections::{BTreeMap, BTreeSet};

/// A target, and whether its owner decides what it is to the event.
#[derive(Clone)]
struct Named {
    target: Target,
    by_owner: bool,
}

/// The entries of an event's lists of ids. METHODOLOGY.md, rule 5: what a list repeats is one record.
#[derive(Default)]
pub(super) struct List {
    entries: i64,
    repeated: i64,
}

impl List {
    /// How many records a count speaks of. One that covers every entry counts the repeated ones too.
    pub(super) fn distinct(&self, count: i64) -> i64 {
        if count >= self.entries { count.saturating_sub(self.repeated) } else { count }
    }

    fn enter(&mut self, target: &Target, seen: &mut BTreeSet<RecordKey>) {
        if target.listed {
            self.entries = self.entries.saturating_add(1);
            self.repeated = self.repeated.saturating_add(i64::from(!seen.insert(target.record.clone())));
        }
    }
}

/// The targets of an event, in the order of the profile's rules, and what its lists hold.
pub(super) fn of(record: &Json, profile: &Profile, event: &Event) -> Result<(Vec<Target>, List), String> {
    let (mut targets, mut list) = (Gathering::default(), List::default());
    // A session is not a record: METHODOLOGY.md, rule 5 and the table of silent cases.
    if event.verb.is_session() {
        return Ok((Vec::new(), list));
    }
    for rule in profile.targets.iter().filter(|rule| applies(rule, &event.action)) {
        let mut seen = BTreeSet::new();
        let whole = Scope { record, item: record };
        for item in rule.each.as_ref().map_or_else(|| vec![record], |path| path.all(whole)) {
            for record_id in ids(rule, Scope { record, item })? {
                let target = one(rule, Scope { record, item }, (event, profile), record_id);
                list.enter(&target, &mut seen);
                targets.add(Named { target, by_owner: rule.relation_by_owner }, rule.skip_if_named);
            }
        }
    }
    let mut targets = targets.rows;
    leave_out_containers(&mut targets);
    for target in targets.iter_mut().filter(|target| target.by_owner) {
        // Only now is it known whose the container of each record is.
        let relation = by_owner(target.target.record_org.as_ref(), event.actor_org.as_ref(), target.target.relation);
        target.target.relation = relation;
        target.target.class = class(relation, event.verb);
    }
    let mut targets: Vec<Target> = targets.into_iter().map(|named| named.target).collect();
    for (ordinal, target) in targets.iter_mut().enumerate() {
        target.ordinal = u32::try_from(ordinal).unwrap_or(u32::MAX);
    }
    Ok((targets, list))
}

/// The ids of a rule: one, or several where a list stands in the place of one. Any other shape is an error.
fn ids(rule: &TargetRule, scope: Scope<'_>) -> Result<Vec<String>, String> {
    if let Some(id) = first(&rule.id, scope) {
        return Ok(vec![id]);
    }
    let misfit = rule.id.iter().find_map(|expr| expr.misfit(scope));
    match misfit {
        None => Ok(Vec::new()),
        Some(Json::Array(items)) if items.iter().all(|item| item.scalar().is_some()) => {
            Ok(items.iter().filter_map(Json::scalar).collect())
        }
        Some(_) => Err("a record id is neither text nor number".to_owned()),
    }
}

fn applies(rule: &TargetRule, action: &str) -> bool {
    rule.when.as_ref().is_none_or(|pattern| pattern.is_match(action))
        && rule.unless.as_ref().is_none_or(|pattern| !pattern.is_match(action))
}

fn one(rule: &TargetRule, scope: Scope<'_>, (event, profile): (&Event, &Profile), raw: String) -> Target {
    let key =
        |record_type: String, id: String| RecordKey { record_id: profile.canonical(&record_type, id), record_type };
    let record = key(first(&rule.record_type, scope).unwrap_or_default(), raw.clone());
    let record_org = first(&rule.org, scope).and_then(OrgId::new);
    let relation = rule.relation;
    let parent = first(&rule.parent_id, scope).map(|id| key(first(&rule.parent_type, scope).unwrap_or_default(), id));
    Target {
        event: 0,
        ordinal: 0,
        relation,
        class: class(relation, event.verb),
        record_id_raw: raw,
        record,
        record_org,
        parent,
        listed: rule.each.is_some(),
    }
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

/// The targets of one event while they are gathered, findable by record: an event may name a million.
#[derive(Default)]
struct Gathering {
    rows: Vec<Named>,
    by_record: BTreeMap<RecordKey, Vec<usize>>,
}

impl Gathering {
    /// Adds a target; a record named before takes over the organisation now named for it.
    fn add(&mut self, new: Named, skip_if_named: bool) {
        let known = self.by_record.entry(new.target.record.clone()).or_default();
        for index in known.iter() {
            let Some(named) = self.rows.get_mut(*index).map(|row| &mut row.target) else { continue };
            if !skip_if_named && named.relation != new.target.relation {
                continue;
            }
            if named.record_org.is_none() {
                named.record_org = new.target.record_org;
                return;
            }
            if new.target.record_org.is_none() || named.record_org == new.target.record_org {
                return;
            }
            // One event that names two organisations for a record says so in two rows.
        }
        known.push(self.rows.len());
        self.rows.push(new);
    }
}

/// A container listed beside the record inside it is that record's parent, not a target.
fn leave_out_containers(targets: &mut Vec<Named>) {
    let parents: Vec<RecordKey> = targets.iter().filter_map(|named| named.target.parent.clone()).collect();
    let is_container = |t: &Target| t.parent.is_none() && parents.contains(&t.record);
    let containers: Vec<Target> = targets.iter().map(|n| &n.target).filter(|t| is_container(t)).cloned().collect();
    targets.retain(|named| !is_container(&named.target));
    for Named { target, .. } in targets {
        let container = containers.iter().find(|c| Some(&c.record) == target.parent.as_ref());
        if let (None, Some(container)) = (&target.record_org, container) {
            target.record_org.clone_from(&container.record_org);
        }
    }
}
