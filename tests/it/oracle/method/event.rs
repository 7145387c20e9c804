//! Section 0: from a record of the native log to an event.

use super::{Ids, Log, Question, Time, json};
use serde_json::Value;
use std::collections::BTreeSet;

/// A record: the organisation named where ids are per organisation, the type, the id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Record {
    /// Empty where ids are global, or nothing names it.
    pub org: String,
    /// The type.
    pub kind: String,
    /// The id in its canonical form.
    pub id: String,
}

/// Somebody: an id and an organisation, both perhaps not told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Person {
    /// Who.
    pub id: String,
    /// Whose.
    pub org: String,
}

/// One record that an event names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The record.
    pub record: Record,
    /// Organisations named for it.
    pub orgs: Ids,
    /// Its container.
    pub parent: Option<Record>,
    /// Whether the action returned it; else it was acted on.
    pub returned: bool,
    /// Whether it stands in a list of ids.
    pub listed: bool,
}

/// What an action does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Read,
    List,
    Search,
    Export,
    Create,
    Update,
    Delete,
    Login,
    Logout,
    Unclassified,
}

/// How an action ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Success,
    Denied,
    Failure,
    Unknown,
}

/// Whole, or one end of a longer action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Whole,
    Intent,
    Completion,
}

/// One event; empty text means that the log does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: String,
    pub acquisition: u32,
    pub content: String,
    pub log: String,
    pub time: Time,
    pub phase: Phase,
    pub actor: Person,
    pub kind: String,
    pub effective: Option<Person>,
    pub credential: String,
    pub session: String,
    pub action: String,
    pub verb: Verb,
    pub outcome: Outcome,
    pub status: Option<i64>,
    pub reason: String,
    pub request: String,
    pub job: String,
    pub targets: Vec<Target>,
    pub returned: Option<i64>,
    pub total: Option<i64>,
    pub scope_org: String,
    pub scope_kind: String,
    pub container: String,
    pub filter: String,
    pub hash: String,
    pub page_of: String,
    pub cursor: String,
    pub from_org: String,
    pub to_org: String,
    pub shared: Ids,
    pub repeats: i64,
    pub sequence: Option<i64>,
    pub minted: Vec<String>,
    /// Whether other content was delivered under its id.
    pub conflict: bool,
    /// Whether its versions name different organisations for the effective actor.
    pub torn_actor: bool,
    /// Whether its versions tell different outcomes.
    pub torn_outcome: bool,
    /// Records for which its versions name different organisations.
    pub torn: Vec<Record>,
}

/// What was read.
pub struct Read {
    /// Events, as often as they were delivered.
    pub events: Vec<Event>,
    /// Records that were not understood.
    pub quarantined: u64,
}

/// Reads every delivered record.
pub fn read(log: &Log, question: &Question) -> Read {
    let mut read = Read { events: Vec::new(), quarantined: 0 };
    for record in &log.records {
        match json::parse(&record.text).and_then(|value| event(&value, question)) {
            Some(event) => read.events.push(Event { acquisition: record.acquisition, ..event }),
            None => read.quarantined += 1,
        }
    }
    read
}

/// One event, unless the record does not fit.
fn event(v: &Value, question: &Question) -> Option<Event> {
    let action = Some(json::text(v, "action")).filter(|action| !action.is_empty())?;
    let verb = verb(&action);
    let org = |path: &str| question.name(&json::text(v, path));
    let first = |a: &str, b: &str| Some(json::text(v, a)).filter(|t| !t.is_empty()).unwrap_or_else(|| json::text(v, b));
    let named = Person { id: first("actor.id", "actor.email"), org: org("actor.org_id") };
    let by = Person { id: json::text(v, "actor.impersonated_by.id"), org: org("actor.impersonated_by.org_id") };
    let differs = |a: &str, b: &str| !a.is_empty() && a != b;
    let impersonated = differs(&by.id, &named.id) || differs(&by.org, &named.org);
    let (actor, effective) = if impersonated { (by, Some(named)) } else { (named, None) };
    let targets = targets(v, question)?;
    let status = json::at(v, "http.status").and_then(Value::as_i64);
    Some(Event {
        id: json::text(v, "id"),
        acquisition: 0,
        content: json::canonical(v),
        log: org("org_id"),
        time: json::at(v, "timestamp").and_then(json::time),
        phase: match json::text(v, "metadata.phase").as_str() {
            "intent" => Phase::Intent,
            "completion" => Phase::Completion,
            _ => Phase::Whole,
        },
        actor,
        kind: json::text(v, "actor.type"),
        effective,
        credential: json::text(v, "actor.credential_id"),
        session: json::text(v, "actor.session_id"),
        outcome: outcome(&json::text(v, "outcome"), status),
        status,
        reason: first("metadata.reason", "metadata.error"),
        request: json::text(v, "request_id"),
        job: json::text(v, "metadata.job_id"),
        targets: if matches!(verb, Verb::Login | Verb::Logout) { Vec::new() } else { targets },
        returned: counted(v, "metadata.returned_count", "metadata.returned_ids")
            .or_else(|| counted(v, "metadata.affected_count", "metadata.affected_ids")),
        total: json::count(v, "metadata.total_count"),
        scope_org: org("resource.org_id"),
        scope_kind: json::text(v, "resource.type"),
        container: canonical_id(&json::text(v, "resource.parent.id")),
        filter: json::text(v, "metadata.filter"),
        hash: json::text(v, "metadata.returned_hash"),
        page_of: json::text(v, "metadata.page_of"),
        cursor: json::text(v, "metadata.cursor"),
        from_org: org("metadata.from_org"),
        to_org: org("metadata.to_org"),
        shared: shared(v, question),
        repeats: json::count(v, "metadata.suppressed_repeats").unwrap_or(0),
        sequence: json::count(v, "metadata.sequence"),
        minted: minted(v, verb),
        conflict: false,
        torn_actor: false,
        torn_outcome: false,
        torn: Vec::new(),
        action,
        verb,
    })
}

/// What the last word of an action does.
fn verb(action: &str) -> Verb {
    match action.rsplit(['.', ':', '/']).next().unwrap_or_default() {
        "read" | "get" | "view" | "show" => Verb::Read,
        "list" | "index" => Verb::List,
        "search" | "query" => Verb::Search,
        "export" | "download" | "print" => Verb::Export,
        "create" | "import" | "invite" => Verb::Create,
        "update" | "edit" | "move" | "transfer" | "share" | "unshare" | "restore" | "bulk_update" => Verb::Update,
        "delete" | "purge" | "bulk_delete" => Verb::Delete,
        "login" => Verb::Login,
        "logout" => Verb::Logout,
        _ => Verb::Unclassified,
    }
}

/// Section 6: the logged outcome, held against its status.
fn outcome(word: &str, status: Option<i64>) -> Outcome {
    match (word, status) {
        ("success", None | Some(..400)) => Outcome::Success,
        ("denied", None | Some(400..500)) => Outcome::Denied,
        ("failure", None | Some(400..)) => Outcome::Failure,
        _ => Outcome::Unknown,
    }
}

/// `6F96…` of a UUID in lower case; every other id as it is.
pub fn canonical_id(id: &str) -> String {
    let dashes = [8, 13, 18, 23];
    let is_uuid = id.len() == 36
        && id.bytes().enumerate().all(|(i, b)| if dashes.contains(&i) { b == b'-' } else { b.is_ascii_hexdigit() });
    if is_uuid { id.to_ascii_lowercase() } else { id.to_owned() }
}

/// The ids that a value holds: text, a number, or a list of these; nothing else is an id.
fn ids(value: Option<&Value>) -> Option<Vec<String>> {
    let one = |v: &Value| match v {
        Value::String(_) | Value::Number(_) => Some(json::word(v)),
        Value::Null => Some(String::new()),
        _ => None,
    };
    let all = match value {
        None => Vec::new(),
        Some(Value::Array(all)) => all.iter().map(one).collect::<Option<Vec<_>>>()?,
        Some(v) => vec![one(v)?],
    };
    Some(all.into_iter().filter(|id| !id.is_empty()).collect())
}

/// The records that an event names, none twice in one relation.
fn targets(v: &Value, question: &Question) -> Option<Vec<Target>> {
    let kind = json::text(v, "resource.type");
    let parent_kind = json::text(v, "resource.parent.type");
    let parent_id = json::text(v, "resource.parent.id");
    let parent = Some(Record { org: String::new(), kind: parent_kind, id: canonical_id(&parent_id) })
        .filter(|p| !p.id.is_empty() && !p.kind.is_empty());
    let set = |org: String| Some(question.name(&org)).filter(|org| !org.is_empty()).into_iter().collect::<Ids>();
    let mut found: Vec<(String, String, Ids, Option<Record>, bool, bool)> = Vec::new();
    for id in ids(json::at(v, "resource.id"))? {
        found.push((kind.clone(), id, set(json::text(v, "resource.org_id")), parent.clone(), false, false));
    }
    for (path, returned) in [("metadata.returned_ids", true), ("metadata.affected_ids", false)] {
        for item in json::at(v, path).and_then(Value::as_array).into_iter().flatten() {
            if item.is_object() {
                let own = Some(json::text(item, "type")).filter(|t| !t.is_empty()).unwrap_or_else(|| kind.clone());
                for id in ids(item.get("id"))? {
                    found.push((own.clone(), id, set(json::text(item, "org_id")), None, returned, true));
                }
            } else {
                for id in ids(Some(item))? {
                    found.push((kind.clone(), id, Ids::new(), None, returned, true));
                }
            }
        }
    }
    let mut targets: Vec<Target> = Vec::new();
    for (kind, id, orgs, parent, returned, listed) in found {
        let org = if question.per_org { orgs.first().cloned().unwrap_or_default() } else { String::new() };
        let record = Record { org, kind, id: canonical_id(&id) };
        match targets.iter_mut().find(|t| t.record == record && t.returned == returned) {
            Some(same) => {
                same.orgs.extend(orgs);
                same.parent = same.parent.clone().or(parent);
                same.listed |= listed;
            }
            None => targets.push(Target { record, orgs, parent, returned, listed }),
        }
    }
    Some(without_containers(targets))
}

/// A container listed beside a record inside it is no target; its organisation is the record's, where that has none.
fn without_containers(mut targets: Vec<Target>) -> Vec<Target> {
    let parents: Vec<Record> = targets.iter().filter_map(|t| t.parent.clone()).collect();
    let named: Vec<(Record, Ids)> = targets.iter().map(|t| (t.record.clone(), t.orgs.clone())).collect();
    for target in &mut targets {
        for (record, orgs) in &named {
            if target.orgs.is_empty() && target.parent.as_ref() == Some(record) {
                target.orgs.clone_from(orgs);
            }
        }
    }
    targets.retain(|t| !parents.contains(&t.record));
    targets
}

/// A count, less the repeats of a list of which it covers every entry.
fn counted(v: &Value, count: &str, list: &str) -> Option<i64> {
    let counted = json::count(v, count)?;
    let entries: Vec<(String, String)> =
        json::at(v, list).and_then(Value::as_array).into_iter().flatten().map(entry).collect();
    let entries: Vec<_> = entries.into_iter().filter(|(_, id)| !id.is_empty()).collect();
    let distinct: BTreeSet<_> = entries.iter().collect();
    let length = |n: usize| i64::try_from(n).unwrap();
    let repeats = length(entries.len()) - length(distinct.len());
    Some(if counted >= length(entries.len()) { counted - repeats } else { counted })
}

/// Type and id of an entry of a list.
fn entry(item: &Value) -> (String, String) {
    if item.is_object() {
        (json::text(item, "type"), canonical_id(&json::text(item, "id")))
    } else {
        (String::new(), canonical_id(&json::word(item)))
    }
}

/// With whom the event shares, or no longer shares.
fn shared(v: &Value, question: &Question) -> Ids {
    let all = match json::at(v, "metadata.shared_with") {
        Some(Value::Array(all)) => all.iter().map(json::word).collect(),
        Some(one) => vec![json::word(one)],
        None => Vec::new(),
    };
    all.into_iter().filter(|org| !org.is_empty()).map(|org| question.name(&org)).collect()
}

/// The ids of what the event mints; of which kind the type of the resource says.
fn minted(v: &Value, verb: Verb) -> Vec<String> {
    let by = |path: &str| match Some(json::text(v, path)).filter(|id| !path.is_empty() && !id.is_empty()) {
        Some(id) => vec![id],
        None => ids(json::at(v, "resource.id")).unwrap_or_default(),
    };
    match (verb, json::text(v, "resource.type").as_str()) {
        (Verb::Login, _) => Some(json::text(v, "actor.session_id")).filter(|s| !s.is_empty()).into_iter().collect(),
        (Verb::Create, "api_key" | "token" | "credential") => by("metadata.credential_id"),
        (Verb::Create, "member" | "user" | "membership" | "invitation") => by("metadata.member_id"),
        (Verb::Create, "session") => by("metadata.session_id"),
        (Verb::Create, "webhook" | "integration") => by(""),
        _ => Vec::new(),
    }
}
