//! Why a row stands as it stands, in words.

use super::ask::Ask;
use super::deed::{Deed, Ours, Touched, sorted};
use super::effect::{Effect, telling};
use super::shares::Covered;
use crate::model::{AttributionRule, OwnerRule, Phase};

/// The reasons for a row: owner, actor, doubts.
pub(super) fn basis(deed: &Deed<'_>, touch: &Touched, ask: Ask<'_>) -> Vec<String> {
    let mut basis = vec![format!("owner by {}", owner_words(touch))];
    basis.push(format!("actor by {}", attribution_words(deed.attribution_rule)));
    if touch.ownership.owners.len() > 1 {
        let orgs: Vec<_> = touch.ownership.owners.iter().map(ToString::to_string).collect();
        basis.push(format!("equal claims for {}; a row of --catalogue valid then decides", orgs.join(" and ")));
    }
    if !touch.ownership.overruled.is_empty() {
        let orgs: Vec<_> = touch.ownership.overruled.iter().map(ToString::to_string).collect();
        basis.push(format!("weaker claims for {}", orgs.join(", ")));
    }
    match ask.leave.covers(touch, deed.time, (ask.claims, &ask.question.attackers)) {
        Covered::Yes => basis.push("shared with the accessing side by its owner".to_owned()),
        Covered::Suspect(share) => basis.push(format!(
            "shared by {}, whose actor, credential or session the accessing side also used: not taken as leave",
            share.actor_id
        )),
        Covered::No => {}
    }
    if deed.events.iter().all(|(_, event)| event.phase == Phase::Intent) {
        basis.push("begun, and no end is logged".to_owned());
    }
    if deed.effect == Effect::May {
        basis.push("may have taken effect".to_owned());
    }
    let told = telling(&deed.events.iter().map(|(_, event)| *event).collect::<Vec<_>>());
    let outcomes = sorted(told.iter().map(|event| event.outcome.as_str()));
    if told.iter().any(|event| event.disagreement.outcome) {
        basis.push("versions of the event tell different outcomes".to_owned());
    }
    if outcomes.len() > 1 {
        basis.push(format!("the logs tell different outcomes: {}", outcomes.join(", ")));
    }
    if touch.named_by.len() < deed.events.len() {
        basis.push("one side is redacted".to_owned());
    }
    if deed.time.is_none() {
        basis.push("time unknown: it may lie outside the window".to_owned());
    }
    if deed.disputed {
        let actors = deed.all(|e| &e.actor_id);
        basis.push(match actors.len() {
            0 | 1 => "versions of the event disagree".to_owned(),
            _ => format!("the logs name different actors: {}", actors.join(", ")),
        });
    }
    if deed.ours == Ours::Contested {
        basis.push("facts about the actor disagree".to_owned());
    }
    if deed.by_anyone {
        basis.push("the impersonator's organisation is unknown".to_owned());
    }
    basis
}

fn attribution_words(rule: AttributionRule) -> &'static str {
    match rule {
        AttributionRule::Named => "the organisation that the event names",
        AttributionRule::Credential => "other events of the credential",
        AttributionRule::Job => "the job's requester",
        AttributionRule::Members => "the membership table",
        AttributionRule::Minted => "who made the credential, session or member",
        AttributionRule::OwnLog => "the log it lies in",
        AttributionRule::Home => "the actor's logins",
        AttributionRule::Nothing => "nothing",
    }
}

/// By what the owner was decided.
pub(super) fn owner_words(touch: &Touched) -> String {
    let by = match touch.ownership.rule {
        OwnerRule::Catalogue => "the catalogue",
        OwnerRule::Creation => "its creation or transfer",
        OwnerRule::Named => "an event that names the owner",
        OwnerRule::OwnLog => "the owner's own log",
        OwnerRule::Change => "changes by the owner's members",
        OwnerRule::Reading => "reads by the owner's members alone",
        OwnerRule::Nothing => "nothing",
    };
    if touch.ownership.by_container { format!("{by} (of its container)") } else { by.to_owned() }
}

/// Why no owner, and what would show one.
pub(super) fn why_unresolved(deed: &Deed<'_>, touch: &Touched, ask: Ask<'_>) -> String {
    let doubtful = deed.effect == Effect::May
        && touch.ownership.overruled.is_empty()
        && (deed.in_victim_log(ask.question)
            || deed.targets(ask.sources).any(|(_, t)| t.record == touch.record && t.record_org.is_some()));
    if doubtful {
        return "it is named only by an action that may not have taken effect, which proves no owner; look it up, \
                fill in owner_org and give this file back with --catalogue"
            .to_owned();
    }
    if touch.ownership.overruled.is_empty() {
        return "nothing but the accessing organisation's own word or a returned id names its owner; \
                look it up, fill in owner_org and give this file back with --catalogue \
                (a record that changed hands: one row an owner, with valid_from and valid_to)"
            .to_owned();
    }
    let orgs: Vec<_> = touch.ownership.overruled.iter().map(ToString::to_string).collect();
    format!(
        "only read by several organisations ({}); fill in owner_org and give this file back with --catalogue",
        orgs.join(", ")
    )
}
