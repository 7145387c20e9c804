//! Binds the portable SQL of `queries/` to an engine: here Polars, in memory.

use super::columns::Judged;
use crate::model::{Event, Moment, OrgId, Tables, Target};
use polars::prelude::{AnyValue, Column, DataFrame, IntoLazy};
use polars::sql::SQLContext;
use std::collections::BTreeMap;

/// The tables, ready to be asked.
pub struct Engine {
    context: SQLContext,
}

/// The answer to one question: names of columns, rows of cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

/// One value of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// Text.
    Text(String),
}

/// What went wrong with a question.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The engine refuses the SQL.
    #[error("the query cannot be answered: {0}")]
    Query(String),
    /// The tables do not fit the engine.
    #[error("internal failure: the tables cannot be built: {0}")]
    Tables(String),
}

impl Engine {
    /// Builds `events` and `targets`; `judged` fills the computed columns of the targets.
    pub fn new(tables: &Tables, judged: &[Judged]) -> Result<Self, EngineError> {
        let build = |columns, height| DataFrame::new(height, columns).map_err(|e| EngineError::Tables(e.to_string()));
        let context = SQLContext::new();
        context.register("events", build(events(&tables.events), tables.events.len())?.lazy());
        context.register("targets", build(targets(tables, judged), tables.targets.len())?.lazy());
        Ok(Self { context })
    }

    /// Registers what a question is told as the one-row table `params`: names and texts, never part of the SQL.
    pub fn tell(&mut self, params: &BTreeMap<String, String>) -> Result<(), EngineError> {
        let columns = params.iter().map(|(name, value)| Column::new(name.as_str().into(), [value.as_str()])).collect();
        let frame = DataFrame::new(1, columns).map_err(|error| EngineError::Tables(error.to_string()))?;
        self.context.register("params", frame.lazy());
        Ok(())
    }

    /// Answers one SQL question.
    pub fn ask(&mut self, sql: &str) -> Result<Grid, EngineError> {
        let refused = |error: polars::error::PolarsError| EngineError::Query(error.to_string());
        let frame = self.context.execute(sql).and_then(polars::prelude::LazyFrame::collect).map_err(refused)?;
        let columns: Vec<String> = frame.get_column_names().iter().map(ToString::to_string).collect();
        if columns.is_empty() {
            return Err(EngineError::Query("the statement yields no columns; only SELECT asks for rows".to_owned()));
        }
        let mut rows = Vec::with_capacity(frame.height());
        for row in 0..frame.height() {
            let values = frame.columns().iter().map(|column| column.get(row).map(|value| cell(&value)));
            rows.push(values.collect::<Result<_, _>>().map_err(refused)?);
        }
        Ok(Grid { columns, rows })
    }
}

fn cell(value: &AnyValue<'_>) -> Cell {
    if let Some(text) = value.get_str() {
        return Cell::Text(text.to_owned());
    }
    if matches!(value, AnyValue::Null) {
        return Cell::Null;
    }
    if let AnyValue::Boolean(value) = value {
        return Cell::Bool(*value);
    }
    if value.is_integer() {
        return value.extract::<i64>().map_or(Cell::Null, Cell::Int);
    }
    value.extract::<f64>().map_or_else(|| Cell::Text(value.to_string()), Cell::Float)
}

fn text<T>(name: &str, rows: &[T], pick: impl Fn(&T) -> String) -> Column {
    Column::new(name.into(), rows.iter().map(pick).collect::<Vec<String>>())
}

fn int<T>(name: &str, rows: &[T], pick: impl Fn(&T) -> Option<i64>) -> Column {
    Column::new(name.into(), rows.iter().map(pick).collect::<Vec<Option<i64>>>())
}

fn flag<T>(name: &str, rows: &[T], pick: impl Fn(&T) -> bool) -> Column {
    Column::new(name.into(), rows.iter().map(pick).collect::<Vec<bool>>())
}

fn org(org: Option<&OrgId>) -> String {
    org.map(ToString::to_string).unwrap_or_default()
}

fn events(rows: &[Event]) -> Vec<Column> {
    let place = |pick: fn(&crate::model::EvidenceRef) -> i64| move |e: &Event| e.refs.first().map(pick);
    let signed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    vec![
        text("event_key", rows, |e| e.key.clone()),
        int("acquisition", rows, place(|r| i64::from(r.acquisition))),
        int("page", rows, place(|r| i64::from(r.page))),
        int("byte_offset", rows, |e| e.refs.first().map(|r| signed(r.offset))),
        int("byte_len", rows, |e| e.refs.first().map(|r| signed(r.length))),
        text("source_id", rows, |e| e.source_id.clone()),
        text("content_hash", rows, |e| e.content_hash.clone()),
        text("shared_id", rows, |e| e.shared_id.clone()),
        text("log_org", rows, |e| org(e.log_org.as_ref())),
        int("time_us", rows, |e| e.time.map(Moment::micros)),
        flag("time_known", rows, |e| e.time.is_some()),
        flag("zone_assumed", rows, |e| e.zone_assumed),
        text("actor_id", rows, |e| e.actor_id.clone()),
        text("actor_type", rows, |e| e.actor_type.clone()),
        text("actor_org", rows, |e| org(e.actor_org.as_ref())),
        text("effective_actor_id", rows, |e| e.effective_actor_id.clone()),
        text("effective_actor_org", rows, |e| org(e.effective_actor_org.as_ref())),
        text("credential_id", rows, |e| e.credential_id.clone()),
        text("session_id", rows, |e| e.session_id.clone()),
        text("job_id", rows, |e| e.job_id.clone()),
        text("source_ip", rows, |e| e.source_ip.clone()),
        text("user_agent", rows, |e| e.user_agent.clone()),
        text("action", rows, |e| e.action.clone()),
        text("verb", rows, |e| e.verb.to_string()),
        text("outcome", rows, |e| e.outcome.to_string()),
        text("outcome_reason", rows, |e| e.outcome_reason.clone()),
        int("http_status", rows, |e| e.http_status),
        text("request_id", rows, |e| e.request_id.clone()),
        int("returned_count", rows, |e| e.returned_count),
        int("total_count", rows, |e| e.total_count),
        text("filter", rows, |e| e.filter.clone()),
        int("repeats", rows, |e| Some(e.repeats)),
    ]
}

fn targets(tables: &Tables, judged: &[Judged]) -> Vec<Column> {
    let rows = &tables.targets;
    let parent = |pick: fn(&crate::model::RecordKey) -> &str| {
        move |t: &Target| t.parent.as_ref().map(pick).unwrap_or_default().to_owned()
    };
    let event_key = |t: &Target| tables.events.get(t.event).map(|e| e.key.clone()).unwrap_or_default();
    vec![
        text("event_key", rows, event_key),
        int("ordinal", rows, |t| Some(i64::from(t.ordinal))),
        text("relation", rows, |t| t.relation.to_string()),
        text("class", rows, |t| t.class.to_string()),
        text("record_type", rows, |t| t.record.record_type.clone()),
        text("record_id", rows, |t| t.record.record_id.clone()),
        text("record_id_raw", rows, |t| t.record_id_raw.clone()),
        text("record_org", rows, |t| org(t.record_org.as_ref())),
        text("parent_type", rows, parent(|p| &p.record_type)),
        text("parent_id", rows, parent(|p| &p.record_id)),
        text("owner_org", judged, |j| j.owner_org.clone()),
        text("owner_rule", judged, |j| j.owner_rule.to_string()),
        text("attribution", judged, |j| j.attribution.clone()),
        text("attribution_rule", judged, |j| j.attribution_rule.to_string()),
        text("standing", judged, |j| j.standing.to_string()),
        text("side", judged, |j| j.side.to_string()),
        text("confidence", judged, |j| j.confidence.to_string()),
    ]
}
