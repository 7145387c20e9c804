//! The tool's answer to an incident, in the oracle's words.

use super::incident::Incident;
use super::method::answer::{Access, Answer, Attempt, Bound, Bulk, Entry, Persistence, Unresolved};
use super::method::{Delivered, Ids, Question, ResourceOrg, Span};
use irforensics::evidence::Proof;
use irforensics::model::{self, Impact, Moment, OrgId, RecordKey, Window};
use irforensics::normalize::{self, Place};
use irforensics::profile;
use irforensics::reconstruct::{
    self, AllowRow, CatalogueRow, CrossOrg, GrantRow, Knowledge, MemberRow, OwnReads, Validity,
};
use std::collections::BTreeMap;

/// Asks the tool, in the oracle's words.
pub(super) fn answer(incident: &Incident) -> Answer {
    words(&impact(incident), &incident.question)
}

/// Asks the tool.
pub(crate) fn impact(incident: &Incident) -> Impact {
    let (tables, profile, question, proof) = parts(incident);
    reconstruct::cross_org(&tables, &profile, &question, &proof)
}

/// What the tool is asked with.
pub(crate) fn parts(incident: &Incident) -> (model::Tables, profile::Profile, CrossOrg, Proof) {
    let q = &incident.question;
    let mut profile = profile::load("native", None).unwrap();
    profile.resource_org = match q.resource_org {
        ResourceOrg::Row => profile::ResourceOrg::Row,
        ResourceOrg::Session => profile::ResourceOrg::Session,
        ResourceOrg::Unknown => profile::ResourceOrg::Unknown,
    };
    profile.ids_per_org = q.per_org;
    let question = question(q);
    let mut all = model::Decoded::default();
    for ((acquisition, page), body) in bodies(incident) {
        let place = Place { acquisition, page, file: "data/pages/000001.body" };
        all = normalize::join(all, normalize::body(body.as_bytes(), None, place, &profile));
    }
    reconstruct::rename(&mut all, &question);
    (reconstruct::distinct(all), profile, question, Proof::default())
}

/// The pages of an incident as somebody may have served them.
fn bodies(incident: &Incident) -> BTreeMap<(u32, u32), String> {
    let mut pages: BTreeMap<(u32, u32), Vec<&Delivered>> = BTreeMap::new();
    for record in &incident.log.records {
        pages.entry((record.acquisition, record.page)).or_default().push(record);
    }
    let body = |((acquisition, page), records): ((u32, u32), Vec<&Delivered>)| {
        let texts: Vec<&str> = records.iter().map(|r| r.text.as_str()).collect();
        let broken = texts.iter().any(|text| serde_json::from_str::<serde_json::Value>(text).is_err());
        let style = (incident.seed + u64::from(page) + u64::from(acquisition)) % 3;
        let body = match style {
            _ if incident.log.cut_short => format!("{{\"data\":[{}],\"next_cursor\":\"more\"}}", texts.join(",")),
            0 if !broken => format!("[{}]", texts.join(",\n ")),
            1 if !broken => format!("{{\"data\":[{}],\"next_cursor\":null}}", texts.join(",")),
            _ => texts.join("\n"),
        };
        ((acquisition, page), body)
    };
    pages.into_iter().map(body).collect()
}

fn org(id: &str) -> OrgId {
    OrgId::new(id).unwrap()
}

fn valid(span: Span) -> Validity {
    Validity { from: span.from.map(Moment::from_micros), to: span.to.map(Moment::from_micros) }
}

/// The question in the tool's types; its tables are read under the names that the question uses.
fn question(q: &Question) -> CrossOrg {
    let key = |kind: &str, id: &str| RecordKey { record_type: kind.to_owned(), record_id: id.to_owned() };
    let moment = Moment::from_micros;
    let catalogue = q.catalogue.iter().map(|row| CatalogueRow {
        record: key(&row.kind, &row.id),
        owner: org(&q.name(&row.owner)),
        valid: valid(row.valid),
        has_lifetime: row.begins,
        parent_id: row.parent.clone(),
        categories: row.categories.clone(),
        subjects: row.subjects.clone(),
    });
    let members = q.members.iter().map(|m| MemberRow {
        actor_id: m.actor.clone(),
        org: org(&q.name(&m.org)),
        valid: valid(m.valid),
    });
    let grants = q.grants.iter().map(|g| GrantRow {
        org: org(&q.name(&g.org)),
        record_type: g.kind.clone(),
        record_id: g.id.clone(),
        valid: valid(g.valid),
    });
    let allow = q.allow.iter().map(|a| AllowRow {
        actor_id: a.actor.clone(),
        credential_id: a.credential.clone(),
        action: a.action.clone(),
    });
    CrossOrg {
        attackers: q.attackers.iter().map(|o| org(o)).collect(),
        victims: q.victims.iter().map(|o| org(o)).collect(),
        aliases: q.aliases.iter().map(|(from, to)| (org(from), org(to))).collect(),
        window: Window::new(q.from.map(moment), q.to.map(moment)).unwrap(),
        as_of: moment(4_000_000_000_000_000),
        cut_off: None,
        knowledge: Knowledge {
            catalogue: catalogue.collect(),
            members: members.collect(),
            grants: grants.collect(),
            allow: allow.collect(),
            own: OwnReads::default(),
        },
    }
}

/// Events without an id are cited by a hash of content, whose writing the method leaves to the tool.
fn cited(ids: &[String]) -> Ids {
    let cite = |id: &String| if id.starts_with("sha256:") { "sha256:".to_owned() } else { id.clone() };
    ids.iter().map(cite).collect()
}

fn bound(bound: model::Bound) -> Bound {
    match bound {
        model::Bound::AtMost(n) => Some(n),
        model::Bound::Unbounded => None,
    }
}

fn set(all: &[String]) -> Ids {
    all.iter().filter(|text| !text.is_empty()).cloned().collect()
}

/// The tool's answer in the oracle's words.
fn words(impact: &Impact, q: &Question) -> Answer {
    let micros = |time: Option<Moment>| time.map(Moment::micros);
    let access = |a: &model::Access| Access {
        time: micros(a.time),
        kind: a.record.record_type.clone(),
        id: a.record.record_id.clone(),
        owners: set(&a.owners),
        class: a.class.as_str(),
        confidence: a.confidence.as_str(),
        standing: a.standing.as_str(),
        side: a.side.as_str(),
        actors: set(&[&a.other_actor_ids[..], std::slice::from_ref(&a.actor_id)].concat()),
        events: cited(&a.event_ids),
        owner_rule: a.owner_rule.as_str(),
        attribution_rule: a.attribution_rule.as_str(),
    };
    let entry = |r: &model::LedgerRecord| Entry {
        kind: r.record.record_type.clone(),
        id: r.record.record_id.clone(),
        owners: set(&r.owners),
        class: r.class.as_str(),
        confidence: r.confidence.as_str(),
        classes: r.classes.iter().map(|(class, best)| (class.as_str(), best.as_str())).collect(),
        first: micros(r.first),
        last: micros(r.last),
        access_count: r.access_count,
        repeats: r.repeats,
        actors: set(&r.actor_ids),
        events: cited(&r.event_ids),
    };
    let attempt = |a: &model::Attempt| Attempt {
        time: micros(a.time),
        kind: a.record_type.clone(),
        id: a.record_id.clone(),
        owners: set(&a.owners),
        actor: a.actor_id.clone(),
        outcome: a.outcome.as_str(),
        count: a.count,
        events: cited(&a.event_ids),
    };
    let bulk = |b: &model::BulkAction| Bulk {
        time: micros(b.time),
        class: b.kind.as_str(),
        kind: b.record_type.clone(),
        returned: b.returned_count,
        total: b.total_count,
        ids_logged: b.ids_logged,
        bound: bound(b.bound),
        scoped: b.scoped,
        standing: b.standing.as_str(),
        confidence: b.confidence.as_str(),
        events: cited(&b.event_ids),
    };
    let unresolved = |u: &model::Unresolved| Unresolved {
        kind: u.record.record_type.clone(),
        id: u.record.record_id.clone(),
        class: u.class.as_str(),
        first: micros(u.first),
        last: micros(u.last),
        access_count: u.access_count,
    };
    let left = |p: &model::Persistence| Persistence {
        kind: p.kind.as_str(),
        id: p.id.clone(),
        org: p.org.as_str().to_owned(),
        time: micros(p.time),
        certain: p.certain,
        uses: p.uses,
        last_use: micros(p.last_use),
        removed: micros(p.removed),
        events: cited(&p.event_ids),
    };
    let c = &impact.coverage;
    let mut answer = Answer {
        ledger: impact.records.iter().map(entry).collect(),
        accesses: impact.accesses.iter().map(access).collect(),
        attempts: impact.attempts.iter().map(attempt).collect(),
        bulk: impact.bulk.iter().map(bulk).collect(),
        bulk_bound: bound(impact.summary.bulk_bound),
        bulk_unscoped_bound: bound(impact.summary.bulk_unscoped_bound),
        unresolved: impact.unresolved.iter().map(unresolved).collect(),
        persistence: impact.persistence.iter().map(left).collect(),
        numbers: [
            ("raw", c.raw),
            ("distinct", c.distinct),
            ("in_window", c.in_window),
            ("by_attackers", c.by_attackers),
            ("quarantined", c.quarantined),
            ("time_unknown", c.time_unknown),
            ("unattributed", c.unattributed),
            ("unclassified", c.unclassified),
            ("conflicts", c.conflicts),
        ]
        .into(),
        absent_logs: c.absent_logs.iter().map(|o| q.name(o.as_str())).collect(),
        exact: impact.summary.exact,
        because: Vec::new(),
        told: impact.summary.lower_bound_because.clone(),
    };
    answer.sort();
    answer
}
