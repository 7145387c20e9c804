//! From TOML text to a checked profile.

use super::file::{IdFormFile, LogFile, MapFile, MintFile, OutcomeFile, PhaseFile, ProfileFile, ShareFile, TargetFile};
use super::request_file::request;
use super::{
    Expr, Form, IdForm, LogScope, Map, MintRule, Outcomes, Path, PhaseRule, Profile, Records, ResourceOrg, ShareRule,
    TargetRule,
};
use chrono::format::{Item, StrftimeItems};
use regex::Regex;

const BUILTIN: [(&str, &str); 5] = [
    ("native", include_str!("native.toml")),
    ("aws-cloudtrail", include_str!("aws-cloudtrail.toml")),
    ("google-workspace", include_str!("google-workspace.toml")),
    ("kubernetes", include_str!("kubernetes.toml")),
    ("m365", include_str!("m365.toml")),
];

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// No built-in profile has this name.
    #[error("unknown profile {name:?}; built in are {}; a file needs a path with a slash or .toml", builtin_names().join(", "))]
    Unknown {
        /// The name asked for.
        name: String,
    },
    /// The TOML cannot be read.
    #[error("profile {name:?} is not valid: {source}")]
    Toml {
        /// The profile.
        name: String,
        /// Place and reason.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A value in it makes no sense.
    #[error("profile {name:?}, {key}: {reason}")]
    Value {
        /// The profile.
        name: String,
        /// The key.
        key: String,
        /// What is wrong.
        reason: String,
    },
}

/// Names of the profiles that come with the tool.
pub fn builtin_names() -> Vec<&'static str> {
    BUILTIN.iter().map(|(name, _)| *name).collect()
}

/// Loads a built-in profile by name, or one from its TOML text.
pub fn load(name: &str, text: Option<&str>) -> Result<Profile, ProfileError> {
    let unknown = || ProfileError::Unknown { name: name.to_owned() };
    let source = match text {
        Some(text) => text,
        None => BUILTIN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text).ok_or_else(unknown)?,
    };
    let file: ProfileFile = toml::from_str(source)
        .map_err(|source| ProfileError::Toml { name: name.to_owned(), source: Box::new(source) })?;
    build(file, source).map_err(|(key, reason)| ProfileError::Value { name: name.to_owned(), key, reason })
}

type Bad = (String, String);

fn build(file: ProfileFile, source: &str) -> Result<Profile, Bad> {
    let verbs = file.verb.iter().map(|v| Ok((regex("verb.match", &v.pattern)?, v.is))).collect::<Result<_, Bad>>()?;
    let (log_scope, resource_org, ids_per_org, zone_seconds) = flags(&file.log)?;
    Ok(Profile {
        name: file.name,
        title: file.title,
        source: source.to_owned(),
        log_scope,
        resource_org,
        ids_per_org,
        zone_seconds,
        time_formats: time_formats(file.log.time_formats)?,
        skew_micros: i64::from(file.log.skew_seconds).saturating_mul(1_000_000),
        volatile: file.log.volatile,
        staff_types: file.log.staff_types,
        system_types: file.log.system_types,
        worker_types: file.log.worker_types,
        altered: optional("log.altered", file.log.altered.as_deref())?,
        audit_read: optional("log.audit_read", file.log.audit_read.as_deref())?,
        request: file.request.map(|asked| request(asked, &file.records.containers)).transpose()?,
        records: Records {
            containers: file.records.containers,
            unwrap: file.records.unwrap,
            embedded: file.records.embedded,
            json_text: file.records.json_text,
            explode: file.records.explode,
            fits: file.records.fits,
        },
        map: map(&file.map)?,
        verbs,
        outcomes: outcomes(&file.outcome)?,
        targets: file.target.iter().map(target).collect::<Result<_, _>>()?,
        id_forms: file.id_form.iter().map(id_form).collect::<Result<_, _>>()?,
        phase: file.phase.as_ref().map(phase).transpose()?,
        mints: file.mint.iter().map(mint).collect::<Result<_, _>>()?,
        shares: file.share.iter().map(share).collect::<Result<_, _>>()?,
    })
}

fn flags(log: &LogFile) -> Result<(LogScope, ResourceOrg, bool, i32), Bad> {
    let bad =
        |key: &str, value: &str, known: &str| Err((format!("log.{key}"), format!("{value:?} is not one of {known}")));
    let log_scope = match log.log_scope.as_str() {
        "actor" => LogScope::Actor,
        "both" => LogScope::Both,
        other => return bad("log_scope", other, "actor, both"),
    };
    let Some(resource_org) = resource_org(&log.resource_org) else {
        return bad("resource_org", &log.resource_org, "row, session, unknown");
    };
    let per_org = match log.id_scope.as_str() {
        "global" => false,
        "per_org" => true,
        other => return bad("id_scope", other, "global, per_org"),
    };
    match log.zone.parse::<chrono::FixedOffset>() {
        Ok(zone) => Ok((log_scope, resource_org, per_org, zone.local_minus_utc())),
        Err(_) => bad("zone", &log.zone, "an offset such as +00:00"),
    }
}

/// A format that says nothing, or something unknown, would make every time unknown.
fn time_formats(formats: Vec<String>) -> Result<Vec<String>, Bad> {
    let known = |format: &&String| !format.is_empty() && StrftimeItems::new(format).all(|item| item != Item::Error);
    match formats.iter().find(|format| !known(format)) {
        None => Ok(formats),
        Some(format) => Err(("log.time_formats".to_owned(), format!("{format:?} is not a format of a time"))),
    }
}

/// Reads the word of `resource_org`, also the value of the flag of that name.
pub fn resource_org(word: &str) -> Option<ResourceOrg> {
    match word {
        "row" => Some(ResourceOrg::Row),
        "session" => Some(ResourceOrg::Session),
        "unknown" => Some(ResourceOrg::Unknown),
        _ => None,
    }
}

fn map(file: &MapFile) -> Result<Map, Bad> {
    let at = |key: &str, list: &[String]| exprs(&format!("map.{key}"), list);
    Ok(Map {
        id: at("id", &file.id)?,
        shared_id: at("shared_id", &file.shared_id)?,
        time: at("time", &file.time)?,
        log_org: at("log_org", &file.log_org)?,
        actor_id: at("actor_id", &file.actor_id)?,
        actor_type: at("actor_type", &file.actor_type)?,
        actor_org: at("actor_org", &file.actor_org)?,
        impersonator_id: at("impersonator_id", &file.impersonator_id)?,
        impersonator_org: at("impersonator_org", &file.impersonator_org)?,
        effective_actor_id: at("effective_actor_id", &file.effective_actor_id)?,
        effective_actor_org: at("effective_actor_org", &file.effective_actor_org)?,
        credential_id: at("credential_id", &file.credential_id)?,
        session_id: at("session_id", &file.session_id)?,
        job_id: at("job_id", &file.job_id)?,
        source_ip: at("source_ip", &file.source_ip)?,
        user_agent: at("user_agent", &file.user_agent)?,
        action: at("action", &file.action)?,
        outcome_reason: at("outcome_reason", &file.outcome_reason)?,
        http_status: at("http_status", &file.http_status)?,
        request_id: at("request_id", &file.request_id)?,
        returned_count: at("returned_count", &file.returned_count)?,
        total_count: at("total_count", &file.total_count)?,
        sequence: at("sequence", &file.sequence)?,
        returned_hash: at("returned_hash", &file.returned_hash)?,
        page_of: at("page_of", &file.page_of)?,
        cursor: at("cursor", &file.cursor)?,
        filter: at("filter", &file.filter)?,
        repeats: at("repeats", &file.repeats)?,
        scope_org: at("scope_org", &file.scope_org)?,
        scope_type: at("scope_type", &file.scope_type)?,
        scope_id: at("scope_id", &file.scope_id)?,
        from_org: at("from_org", &file.from_org)?,
        to_org: at("to_org", &file.to_org)?,
    })
}

fn outcomes(file: &OutcomeFile) -> Result<Outcomes, Bad> {
    let rule = |r: &super::file::OutcomeRuleFile| {
        let from = Expr::parse(&r.from).map_err(|reason| ("outcome.rule.from".to_owned(), reason))?;
        Ok((from, regex("outcome.rule.match", &r.pattern)?, r.is))
    };
    Ok(Outcomes {
        rules: file.rule.iter().map(rule).collect::<Result<_, Bad>>()?,
        default: file.default,
        open_failure: optional("outcome.open_failure", file.open_failure.as_deref())?,
    })
}

fn target(file: &TargetFile) -> Result<TargetRule, Bad> {
    Ok(TargetRule {
        each: file.each.as_deref().map(Path::parse).transpose().map_err(|reason| ("target.each".to_owned(), reason))?,
        when: optional("target.when", file.when.as_deref())?,
        unless: optional("target.unless", file.unless.as_deref())?,
        record_type: exprs("target.type", &file.record_type)?,
        id: exprs("target.id", &file.id)?,
        org: exprs("target.org", &file.org)?,
        parent_type: exprs("target.parent_type", &file.parent_type)?,
        parent_id: exprs("target.parent_id", &file.parent_id)?,
        relation: file.relation,
        relation_by_owner: file.relation_by_owner,
        skip_if_named: file.skip_if_named,
    })
}

fn id_form(file: &IdFormFile) -> Result<IdForm, Bad> {
    let unknown = || ("id_form.form".to_owned(), format!("{:?} is not one of uuid, digits, lower", file.form));
    let record_type = regex("id_form.type", &file.record_type)?;
    Ok(IdForm { record_type, form: Form::parse(&file.form).ok_or_else(unknown)? })
}

fn phase(file: &PhaseFile) -> Result<PhaseRule, Bad> {
    let from = Expr::parse(&file.from).map_err(|reason| ("phase.from".to_owned(), reason))?;
    let (intent, completion) = (regex("phase.intent", &file.intent)?, regex("phase.completion", &file.completion)?);
    Ok(PhaseRule { from, intent, completion })
}

fn mint(file: &MintFile) -> Result<MintRule, Bad> {
    let record_type = optional("mint.type", file.record_type.as_deref())?;
    let (when, id) = (regex("mint.when", &file.when)?, exprs("mint.id", &file.id)?);
    Ok(MintRule { when, record_type, kind: file.kind, id })
}

fn share(file: &ShareFile) -> Result<ShareRule, Bad> {
    let with = Path::parse(&file.with).map_err(|reason| ("share.with".to_owned(), reason))?;
    Ok(ShareRule { when: regex("share.when", &file.when)?, with, ends: file.ends })
}

fn exprs(key: &str, list: &[String]) -> Result<Vec<Expr>, Bad> {
    list.iter().map(|text| Expr::parse(text).map_err(|reason| (key.to_owned(), reason))).collect()
}

fn optional(key: &str, pattern: Option<&str>) -> Result<Option<Regex>, Bad> {
    pattern.map(|pattern| regex(key, pattern)).transpose()
}

fn regex(key: &str, pattern: &str) -> Result<Regex, Bad> {
    Regex::new(pattern).map_err(|error| (key.to_owned(), error.to_string()))
}
