//! Rule 1: what one copy of an action leaves out about its actor, another tells.

use super::sides::Action;
use crate::model::{Event, Tables};
use std::borrow::Cow;

/// Every event with the ids of its actor that only its other copies tell: what one leaves out is redacted.
pub(super) fn complete<'t>(tables: &'t Tables, actions: &[Action]) -> Vec<Cow<'t, Event>> {
    let mut whole: Vec<Cow<'t, Event>> = tables.events.iter().map(Cow::Borrowed).collect();
    for action in actions.iter().filter(|action| action.events.len() > 1) {
        fill(&mut whole, &action.events, |event| &event.actor_id, |event| &mut event.actor_id);
        fill(&mut whole, &action.events, |event| &event.credential_id, |event| &mut event.credential_id);
        fill(&mut whole, &action.events, |event| &event.session_id, |event| &mut event.session_id);
    }
    whole
}

/// Gives one field of a copy that lacks it the first value that another copy has.
fn fill(
    whole: &mut [Cow<'_, Event>],
    copies: &[usize],
    pick: fn(&Event) -> &String,
    put: fn(&mut Event) -> &mut String,
) {
    let told = copies.iter().filter_map(|copy| whole.get(*copy)).map(|event| pick(event)).find(|id| !id.is_empty());
    let Some(told) = told.cloned() else { return };
    for copy in copies {
        if let Some(event) = whole.get_mut(*copy).filter(|event| pick(event).is_empty()) {
            put(event.to_mut()).clone_from(&told);
        }
    }
}
