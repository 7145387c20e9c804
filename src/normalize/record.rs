//! One decoded record to one event row.

use super::{outcome, targets, time};
use crate::model::{Disagreement, Event, EvidenceRef, Minted, OrgId, Phase, Row, Share, hex};
use crate::profile::{Expr, Profile, Scope, first};
use crate::wire::Json;
use sha2::{Digest, Sha256};

/// The record inside its wrapping, if the profile names one that is there.
pub(super) fn unwrap(json: Json, profile: &Profile) -> Json {
    let fits = |json: &Json| profile.records.fits.iter().any(|key| json.get(key).is_some());
    if fits(&json) {
        return json;
    }
    let wrapped = profile.records.unwrap.iter().find_map(|key| json.get(key).filter(|inner| fits(inner)));
    let embedded = || {
        profile.records.embedded.iter().find_map(|key| match json.get(key) {
            Some(Json::Text(text)) => Json::parse(text.as_bytes()).ok().filter(|inner| fits(inner)),
            _ => None,
        })
    };
    match wrapped.cloned().or_else(embedded) {
        Some(inner) => inner,
        None => json,
    }
}

/// Builds the row of a record, or says why it cannot be one; `nth` tells the events of one record apart.
pub(super) fn row(json: &Json, nth: Option<usize>, profile: &Profile, place: EvidenceRef) -> Result<Row, String> {
    let scope = Scope { record: json, item: json };
    let get = |alternatives: &[Expr]| first(alternatives, scope).unwrap_or_default();
    let org = |alternatives: &[Expr]| first(alternatives, scope).and_then(OrgId::new);
    let map = &profile.map;
    let (actor, effective) =
        actors(&get(&map.actor_id), org(&map.actor_org), &get(&map.impersonator_id), org(&map.impersonator_org));
    let effective = acted_as(&actor, effective, (get(&map.effective_actor_id), org(&map.effective_actor_org)));
    let reading = first(&map.time, scope).and_then(|text| time::read_by(&text, profile));
    let action = get(&map.action);
    let verb = profile.verb(&action);
    let http_status = number(&get(&map.http_status));
    let (outcome, reason) = outcome::read(scope, profile, http_status);
    let mut event = Event {
        key: String::new(),
        refs: vec![place],
        source_id: identity(get(&map.id), nth),
        content_hash: content_hash(json, &profile.volatile),
        shared_id: get(&map.shared_id),
        log_org: org(&map.log_org),
        time: reading.map(|r| r.moment),
        zone_assumed: reading.is_some_and(|r| r.assumed),
        actor_id: actor.0,
        actor_type: get(&map.actor_type),
        actor_org: actor.1,
        effective_actor_id: effective.0,
        effective_actor_org: effective.1,
        credential_id: get(&map.credential_id),
        session_id: get(&map.session_id),
        job_id: get(&map.job_id),
        source_ip: get(&map.source_ip),
        user_agent: get(&map.user_agent),
        action,
        verb,
        outcome,
        outcome_reason: reason,
        http_status,
        request_id: get(&map.request_id),
        returned_count: number(&get(&map.returned_count)),
        total_count: number(&get(&map.total_count)),
        returned_hash: get(&map.returned_hash).to_ascii_lowercase(),
        page_of: get(&map.page_of),
        cursor: get(&map.cursor),
        filter: map.filter.iter().find_map(|expr| expr.eval_text(scope)).unwrap_or_default(),
        repeats: number(&get(&map.repeats)).unwrap_or(0),
        scope_org: org(&map.scope_org),
        scope_type: get(&map.scope_type),
        scope_id: profile.canonical("", get(&map.scope_id)),
        from_org: org(&map.from_org),
        to_org: org(&map.to_org),
        phase: profile
            .phase
            .as_ref()
            .map_or(Phase::Whole, |rule| rule.from.eval(scope).map_or(Phase::Whole, |value| rule.read(&value))),
        sequence: number(&get(&map.sequence)),
        other_sequences: Vec::new(),
        minted: None,
        share: None,
        disagreement: Disagreement::default(),
    };
    // A negative count is no count.
    event.returned_count = event.returned_count.filter(|count| *count >= 0);
    event.total_count = event.total_count.filter(|count| *count >= 0);
    event.repeats = event.repeats.max(0);
    event.minted = minted(&event, scope, profile);
    event.share = share(&event.action, scope, profile);
    let (targets, list) = targets::of(json, profile, &event)?;
    event.returned_count = event.returned_count.map(|count| list.distinct(count));
    Ok(Row { event, targets })
}

/// What the action made that can act on its own, if a rule says so and names it.
fn minted(event: &Event, scope: Scope<'_>, profile: &Profile) -> Option<Minted> {
    let applies = |kind: &regex::Regex| kind.is_match(&event.scope_type);
    let mut rules = profile.mints.iter().filter(|rule| rule.when.is_match(&event.action));
    let rule = rules.find(|rule| rule.record_type.as_ref().is_none_or(applies))?;
    first(&rule.id, scope).map(|id| Minted { kind: rule.kind, id })
}

/// To whom the action gave leave, or from whom it took it back.
fn share(action: &str, scope: Scope<'_>, profile: &Profile) -> Option<Share> {
    let rule = profile.shares.iter().find(|rule| rule.when.is_match(action))?;
    let with: Vec<OrgId> = rule.with.all(scope).iter().filter_map(|org| OrgId::new(org.scalar()?)).collect();
    (!with.is_empty()).then_some(Share { with, ends: rule.ends })
}

type Who = (String, Option<OrgId>);

/// The real actor and the one acted as: an impersonator is the real one.
fn actors(id: &str, org: Option<OrgId>, by: &str, by_org: Option<OrgId>) -> (Who, Who) {
    let impersonated = (!by.is_empty() && by != id) || (by_org.is_some() && by_org != org);
    if impersonated {
        return ((by.to_owned(), by_org), (id.to_owned(), org));
    }
    ((id.to_owned(), org), (String::new(), None))
}

/// Whom the record itself names as the one acted as, if that is somebody else.
fn acted_as(actor: &Who, known: Who, named: Who) -> Who {
    if (named.0.is_empty() && named.1.is_none()) || named == *actor { known } else { named }
}

/// The id of an event; several events under one id of the source are numbered.
fn identity(id: String, nth: Option<usize>) -> String {
    match nth {
        Some(nth) if !id.is_empty() => format!("{id}#{nth}"),
        Some(_) | None => id,
    }
}

fn content_hash(json: &Json, volatile: &[String]) -> String {
    let mut canonical = Vec::new();
    json.canonical(volatile, &mut canonical);
    hex(&Sha256::digest(&canonical))
}

/// A whole number that fits; digits that do not are left to the raw bytes.
fn number(text: &str) -> Option<i64> {
    text.parse().ok()
}
