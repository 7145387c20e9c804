//! The computed columns of `targets`: owner, attribution, standing, side, confidence.

use super::ask::Ask;
use super::claims;
use super::cross_org::Reading;
use super::deed::Deed;
use super::judge;
use super::question::CrossOrg;
use super::shares::Leave;
use crate::model::Tables;
use crate::profile::Profile;

/// The computed columns of one target; all empty where no question is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// The owner, or the contending owners joined by `;`.
    pub owner_org: String,
    /// Which claim decided.
    pub owner_rule: &'static str,
    /// The organisations that the actors belong to, joined by `;`.
    pub attribution: String,
    /// Which fact attributed.
    pub attribution_rule: &'static str,
    /// By what right.
    pub standing: &'static str,
    /// In whose log.
    pub side: &'static str,
    /// How sure.
    pub confidence: &'static str,
}

/// One row per target, in the order of the table.
pub fn judged(tables: &Tables, profile: &Profile, question: Option<&CrossOrg>) -> Vec<Judged> {
    let mut rows = vec![Judged::default(); tables.targets.len()];
    let Some(question) = question else { return rows };
    let reading = Reading::of(tables, profile, question);
    let sources = reading.sources(question);
    let claims = claims::gather(sources);
    let leave = Leave::gather(sources, question);
    let ask = Ask { sources, claims: &claims, leave: &leave, question };
    for (number, action) in sources.actions.iter().enumerate() {
        let Some(deed) = Deed::of(sources, question, number, action) else { continue };
        let touched = deed.touched(sources, &claims, &question.attackers);
        let orgs = deed.events.iter().filter_map(|(i, _)| sources.attributions.get(*i)).flat_map(|a| a.orgs());
        let attribution = super::deed::sorted(orgs.map(ToString::to_string)).join(";");
        for position in deed.events.iter().flat_map(|(i, _)| position_range(sources.ranges, *i)) {
            let (Some(row), Some(target)) = (rows.get_mut(position), tables.targets.get(position)) else { continue };
            // `touched` is in the order of its records.
            let first = touched.partition_point(|t| t.record < target.record);
            let Some(touch) = touched.get(first).filter(|t| t.record == target.record) else { continue };
            let owners: Vec<String> = touch.ownership.owners.iter().map(ToString::to_string).collect();
            *row = Judged {
                owner_org: owners.join(";"),
                owner_rule: touch.ownership.rule.as_str(),
                attribution: attribution.clone(),
                attribution_rule: sources.attributions.get(target.event).map_or("", |a| a.real.rule.as_str()),
                standing: judge::standing(&deed, touch, ask).as_str(),
                side: judge::side(&deed, question).as_str(),
                confidence: judge::confidence(&deed, touch).as_str(),
            };
        }
    }
    rows
}

fn position_range(ranges: &[(usize, usize)], event: usize) -> std::ops::Range<usize> {
    ranges.get(event).map_or(0..0, |(from, to)| *from..*to)
}
