//! An event as the native API serves it, field by field in the order of its contract.

use super::cast::{Person, Record};
use crate::model::{Moment, Outcome};
use serde::Serialize;

/// One audit record; `org_id` says whose log it lies in and is filled in on delivery.
#[derive(Clone, Serialize)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) timestamp: Moment,
    pub(super) org_id: String,
    pub(super) actor: Actor,
    pub(super) action: String,
    pub(super) resource: Resource,
    pub(super) outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) http: Option<Http>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) request_id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) source_ip: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) user_agent: String,
    pub(super) metadata: Metadata,
}

/// Who acted: the one acted as, and behind it the one who really did.
#[derive(Clone, Serialize)]
pub(super) struct Actor {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) org_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) credential_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) session_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) impersonated_by: Option<Impersonator>,
}

/// The one who really acted.
#[derive(Clone, Serialize)]
pub(super) struct Impersonator {
    pub(super) id: String,
    pub(super) org_id: String,
}

/// What the action was aimed at.
#[derive(Clone, Serialize)]
pub(super) struct Resource {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) org_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) parent: Option<Parent>,
}

/// The container of a record.
#[derive(Clone, Serialize)]
pub(super) struct Parent {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) id: String,
}

/// The logged request. The path is the route, not the address: it never tells an id that the record hides.
#[derive(Clone, Serialize)]
pub(super) struct Http {
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) status: u16,
}

/// What else the backend wrote down.
#[derive(Clone, Default, Serialize)]
pub(super) struct Metadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) returned_ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) returned_count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) total_count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) affected_ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) affected_count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) filter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
}

impl Actor {
    /// The actor as the log of a talkative backend describes a person.
    pub(super) fn of(person: &Person) -> Self {
        Self {
            id: person.id.clone(),
            kind: person.kind,
            org_id: Some(person.org.clone()),
            email: Some(person.email.clone()),
            credential_id: Some(person.credential.clone()),
            session_id: Some(person.session.clone()),
            impersonated_by: None,
        }
    }
}

impl Event {
    /// The same event aimed at a record, without a word on whose it is.
    pub(super) fn on(mut self, record: &Record) -> Self {
        record.kind.clone_into(&mut self.resource.kind);
        self.resource.id = Some(record.id.clone());
        self
    }

    /// The same event naming the organisation that the record's row names.
    pub(super) fn named(mut self, org: &str) -> Self {
        self.resource.org_id = Some(org.to_owned());
        self
    }

    /// The same event ending otherwise.
    pub(super) fn ended(mut self, outcome: Outcome, status: u16, reason: &str) -> Self {
        self.outcome = outcome;
        self.metadata.reason = Some(reason.to_owned());
        if let Some(http) = &mut self.http {
            http.status = status;
        }
        self
    }

    /// The same event with the ids that it returned.
    pub(super) fn returned(mut self, records: &[Record], count: u64, total: u64) -> Self {
        self.metadata.returned_ids = Some(records.iter().map(|r| r.id.clone()).collect());
        self.metadata.returned_count = Some(count);
        self.metadata.total_count = Some(total);
        self
    }

    /// The same event as a log tells it that hides credential, session, address, agent and organisation.
    pub(super) fn discreet(mut self) -> Self {
        let Actor { id, kind, .. } = self.actor;
        self.actor =
            Actor { id, kind, org_id: None, email: None, credential_id: None, session_id: None, impersonated_by: None };
        self.source_ip.clear();
        self.user_agent.clear();
        self
    }

    /// The same event without the record's id.
    pub(super) fn redacted(mut self) -> Self {
        self.resource.id = None;
        self.resource.org_id = None;
        self
    }
}
