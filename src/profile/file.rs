//! The profile as it stands in its TOML file: every key known, nothing guessed.

use super::request_file::RequestFile;
use crate::model::{MintKind, Outcome, Relation, Verb};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileFile {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) log: LogFile,
    pub(super) request: Option<RequestFile>,
    pub(super) records: RecordsFile,
    pub(super) map: MapFile,
    pub(super) verb: Vec<VerbFile>,
    pub(super) outcome: OutcomeFile,
    #[serde(default)]
    pub(super) target: Vec<TargetFile>,
    #[serde(default)]
    pub(super) id_form: Vec<IdFormFile>,
    pub(super) phase: Option<PhaseFile>,
    #[serde(default)]
    pub(super) mint: Vec<MintFile>,
    #[serde(default)]
    pub(super) share: Vec<ShareFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdFormFile {
    #[serde(rename = "type")]
    pub(super) record_type: String,
    pub(super) form: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhaseFile {
    pub(super) from: String,
    pub(super) intent: String,
    pub(super) completion: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MintFile {
    pub(super) when: String,
    #[serde(rename = "type")]
    pub(super) record_type: Option<String>,
    pub(super) kind: MintKind,
    pub(super) id: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShareFile {
    pub(super) when: String,
    pub(super) with: String,
    #[serde(default)]
    pub(super) ends: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LogFile {
    pub(super) log_scope: String,
    pub(super) resource_org: String,
    pub(super) id_scope: String,
    pub(super) zone: String,
    pub(super) skew_seconds: u32,
    #[serde(default)]
    pub(super) time_formats: Vec<String>,
    #[serde(default)]
    pub(super) volatile: Vec<String>,
    #[serde(default)]
    pub(super) staff_types: Vec<String>,
    #[serde(default)]
    pub(super) system_types: Vec<String>,
    #[serde(default)]
    pub(super) worker_types: Vec<String>,
    pub(super) altered: Option<String>,
    pub(super) audit_read: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordsFile {
    pub(super) containers: Vec<String>,
    #[serde(default)]
    pub(super) unwrap: Vec<String>,
    #[serde(default)]
    pub(super) embedded: Vec<String>,
    #[serde(default)]
    pub(super) json_text: Vec<String>,
    pub(super) explode: Option<String>,
    pub(super) fits: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
pub(super) struct MapFile {
    pub(super) id: Vec<String>,
    pub(super) shared_id: Vec<String>,
    pub(super) time: Vec<String>,
    pub(super) log_org: Vec<String>,
    pub(super) actor_id: Vec<String>,
    pub(super) actor_type: Vec<String>,
    pub(super) actor_org: Vec<String>,
    pub(super) impersonator_id: Vec<String>,
    pub(super) impersonator_org: Vec<String>,
    pub(super) effective_actor_id: Vec<String>,
    pub(super) effective_actor_org: Vec<String>,
    pub(super) credential_id: Vec<String>,
    pub(super) session_id: Vec<String>,
    pub(super) job_id: Vec<String>,
    pub(super) source_ip: Vec<String>,
    pub(super) user_agent: Vec<String>,
    pub(super) action: Vec<String>,
    pub(super) outcome_reason: Vec<String>,
    pub(super) http_status: Vec<String>,
    pub(super) request_id: Vec<String>,
    pub(super) returned_count: Vec<String>,
    pub(super) total_count: Vec<String>,
    pub(super) sequence: Vec<String>,
    pub(super) returned_hash: Vec<String>,
    pub(super) page_of: Vec<String>,
    pub(super) cursor: Vec<String>,
    pub(super) filter: Vec<String>,
    pub(super) repeats: Vec<String>,
    pub(super) scope_org: Vec<String>,
    pub(super) scope_type: Vec<String>,
    pub(super) scope_id: Vec<String>,
    pub(super) from_org: Vec<String>,
    pub(super) to_org: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VerbFile {
    #[serde(rename = "match")]
    pub(super) pattern: String,
    pub(super) is: Verb,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutcomeFile {
    pub(super) default: Outcome,
    pub(super) open_failure: Option<String>,
    pub(super) rule: Vec<OutcomeRuleFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutcomeRuleFile {
    pub(super) from: String,
    #[serde(rename = "match")]
    pub(super) pattern: String,
    pub(super) is: Outcome,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetFile {
    #[serde(default)]
    pub(super) each: Option<String>,
    #[serde(default)]
    pub(super) when: Option<String>,
    #[serde(default)]
    pub(super) unless: Option<String>,
    #[serde(rename = "type")]
    pub(super) record_type: Vec<String>,
    pub(super) id: Vec<String>,
    #[serde(default)]
    pub(super) org: Vec<String>,
    #[serde(default)]
    pub(super) parent_type: Vec<String>,
    #[serde(default)]
    pub(super) parent_id: Vec<String>,
    pub(super) relation: Relation,
    #[serde(default)]
    pub(super) relation_by_owner: bool,
    #[serde(default)]
    pub(super) skip_if_named: bool,
}
