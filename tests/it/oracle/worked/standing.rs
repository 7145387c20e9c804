//! Section 7: standing.

use super::{access, ask, question};
use crate::oracle::method::{Allow, Grant, Question, Span};
use crate::oracle::spec;

const READ: &str = "log=V t=0 by=u1@A cred=c1 do=invoice.read on=i org=V";

/// The standing of A's reading after these events.
fn standing(before: &str, question: &Question) -> &'static str {
    let answer = ask(&format!("{before}\n{READ}"), question);
    access(&answer).standing
}

#[test]
fn allow_and_grants() {
    let allow = |actor: &str, action: &str| Question {
        allow: vec![Allow { actor: actor.into(), credential: String::new(), action: action.into() }],
        ..question()
    };
    assert_eq!(standing("", &allow("u1", "invoice.read")), "expected");
    assert_eq!(standing("", &allow("u1", "invoice.list")), "direct");
    let grant = |id: &str, to: i64| Question {
        grants: vec![Grant {
            org: "A".into(),
            kind: "invoice".into(),
            id: id.into(),
            valid: Span { from: None, to: spec::moment(to) },
        }],
        ..question()
    };
    assert_eq!(standing("", &grant("i", 0)), "authorised");
    assert_eq!(standing("", &grant("*", 0)), "authorised");
    assert_eq!(standing("", &grant("j", 0)), "direct");
    assert_eq!(standing("", &grant("i", -1)), "direct");
}

#[test]
fn a_share_by_the_owner_is_leave_until_it_ends() {
    let share = "log=V t=-9 by=v1@V sess=s9 do=invoice.share on=i org=V with=A";
    assert_eq!(standing(share, &question()), "authorised");
    let ended = format!("{share}\n log=V t=-5 by=v1@V do=invoice.unshare on=i org=V with=A");
    assert_eq!(standing(&ended, &question()), "direct");
    let late = share.replace("t=-9", "t=9");
    assert_eq!(standing(&late, &question()), "direct");
    let refused = format!("{share} out=denied");
    assert_eq!(standing(&refused, &question()), "direct");
    let stranger = share.replace("v1@V", "t1@T");
    assert_eq!(standing(&stranger, &question()), "direct");
}

#[test]
fn a_share_by_somebody_whom_a_may_have_been_is_no_leave() {
    let share = "log=V t=-9 by=v1@V sess=s9 do=invoice.share on=i org=V with=A";
    let used = format!("{share}\n log=A t=-20 by=u1@A sess=s9 do=user.login");
    assert_eq!(standing(&used, &question()), "direct");
}
