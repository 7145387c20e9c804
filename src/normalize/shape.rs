//! The shape of a record before the profile's map reads it: text opened, several events told apart.

use crate::profile::items;
use crate::wire::Json;

/// One event of a record: what stands around it, and its number if the record tells several.
pub(super) type Part<'j> = Result<(&'j Json, Option<usize>), String>;

/// Opens the members that hold a list or an object as JSON text.
///
/// Text that does not decode stays text: then the log does not say what stands in it.
pub(super) fn open_text(record: &mut Json, members: &[String]) {
    let Json::Object(found) = record else { return };
    for (_, value) in found.iter_mut().filter(|(key, _)| members.contains(key)) {
        let Json::Text(text) = &*value else { continue };
        if !text.trim_start().starts_with(['[', '{']) {
            continue;
        }
        if let Ok(opened) = Json::parse(text.trim().as_bytes()) {
            *value = opened;
        }
    }
}

/// Hands out every event that a record tells: the record with that one event in the place of all of them.
///
/// A record without such a member, or with an empty one, is one event. An item that is no object is told as an error.
pub(super) fn each_event(mut record: Json, member: Option<&str>, mut take: impl FnMut(Part<'_>)) {
    let Some(member) = member else { return take(Ok((&record, None))) };
    let events = record.get(member).map(items).unwrap_or_default().to_vec();
    if events.is_empty() {
        return take(Ok((&record, None)));
    }
    for (number, event) in events.into_iter().enumerate() {
        if !matches!(event, Json::Object(_)) {
            take(Err(format!("item {number} of {member} is not an object")));
            continue;
        }
        put(&mut record, member, event);
        take(Ok((&record, Some(number))));
    }
}

/// Replaces a member, so that what stands around it need not be copied for every event.
fn put(record: &mut Json, member: &str, value: Json) {
    let Json::Object(members) = record else { return };
    if let Some((_, place)) = members.iter_mut().find(|(key, _)| key == member) {
        *place = value;
    }
}
