//! The papers for programs: the whole answer, and the ledger with exact ids.

use super::ReportError;
use super::escape::{csv, json::visible};
use crate::model::{AccessClass, AttributionRule, Confidence, EvidenceRef, Impact, LedgerRecord, Moment, OwnerRule};
use serde::Serialize;
use std::collections::BTreeMap;

/// `impact.json`: everything that the other papers are made of.
pub(super) fn impact(impact: &Impact) -> Result<Vec<u8>, ReportError> {
    let mut text = serde_json::to_string_pretty(impact).map_err(|e| failed("impact.json", e))?;
    text.push('\n');
    Ok(visible(&text).into_bytes())
}

/// `records.jsonl`: the rows of `records.csv`, with exact ids, lists as lists and unknown as null.
pub(super) fn records(impact: &Impact) -> Result<Vec<u8>, ReportError> {
    let mut rows: Vec<&LedgerRecord> = impact.records.iter().collect();
    rows.sort_by_key(|row| &row.record);
    let mut out = String::new();
    for row in rows {
        out.push_str(&serde_json::to_string(&Line::from(row)).map_err(|e| failed("records.jsonl", e))?);
        out.push('\n');
    }
    Ok(visible(&out).into_bytes())
}

fn failed(paper: &'static str, source: serde_json::Error) -> ReportError {
    ReportError::Json { paper, source }
}

/// A ledger row under the names of the columns of `records.csv`.
#[derive(Serialize)]
struct Line<'a> {
    record_type: &'a str,
    record_id: &'a str,
    owner_org: &'a [String],
    access_class: AccessClass,
    confidence: Confidence,
    classes: &'a BTreeMap<AccessClass, Confidence>,
    first_access_utc: Option<Moment>,
    last_access_utc: Option<Moment>,
    access_count: u64,
    repeats: i64,
    actor_ids: &'a [String],
    source_ips: &'a [String],
    event_ids: &'a [String],
    evidence_refs: &'a [EvidenceRef],
    owner_rule: &'a [OwnerRule],
    attribution_rule: &'a [AttributionRule],
    basis: &'a [String],
    id_guarded: bool,
}

impl<'a> From<&'a LedgerRecord> for Line<'a> {
    fn from(row: &'a LedgerRecord) -> Self {
        let id = row.record.record_id.as_str();
        Self {
            record_type: &row.record.record_type,
            record_id: id,
            owner_org: &row.owners,
            access_class: row.class,
            confidence: row.confidence,
            classes: &row.classes,
            first_access_utc: row.first,
            last_access_utc: row.last,
            access_count: row.access_count,
            repeats: row.repeats,
            actor_ids: &row.actor_ids,
            source_ips: &row.source_ips,
            event_ids: &row.event_ids,
            evidence_refs: &row.evidence_refs,
            owner_rule: &row.owner_rules,
            attribution_rule: &row.attribution_rules,
            basis: &row.basis,
            id_guarded: csv::guard(id) != id,
        }
    }
}
