//! Section 0: from a record of the native log to an event.

use super::targets::{canonical_id, counted, ids, targets};
use super::{Ids, Log, Question, Time, json};
use serde_json::Value;

/// A record: the organisation named where ids are per organisation, the type, the id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Record {
    /// Empty where ids are global, or nothing names it.
    pub org: String,
    /// The type.
    pub kind: String,
    /// The id in its canonical form.
    pub id: String,
}

/// Somebody: an id and an organisation, both perhaps not told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Person {
    /// Who.
    pub id: String,
    /// Whose.
    pub org: String,
}

/// One record that an event names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
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
pub(crate) enum Verb {
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
pub(crate) enum Outcome {
    Success,
    Denied,
    Failure,
    Unknown,
}

/// Whole, or one end of a longer action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    Whole,
    Intent,
    Completion,
}

/// One event; empty text means that the log does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
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
    pub sequence: Vec<i64>,
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
pub(crate) struct Read {
    /// Events, as often as they were delivered.
    pub events: Vec<Event>,
    /// Records that were not understood.
    pub quarantined: u64,
}

/// Reads every delivered record.
pub(crate) fn read(log: &Log, question: &Question) -> Read {
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
        sequence: json::count(v, "metadata.sequence").into_iter().collect(),
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
