//! Section 3.

use super::{access, ask, ledger, question, session};
use crate::oracle::method::{Member, Question, Span};

#[test]
fn support_is_listed_and_not_in_the_headline() {
    let lines = "log=V t=0 by=u_A1@A imp=sup_1@vendor type=support do=invoice.read on=inv_9 org=V";
    let answer = ask(lines, &question());
    assert_eq!((access(&answer).standing, answer.ledger.len()), ("support", 0));
    let other = "log=V t=0 by=v1@V imp=sup_1@vendor type=support do=invoice.read on=inv_9 org=V";
    assert_eq!(ask(other, &question()).accesses.len(), 0);
}

#[test]
fn an_impersonator_who_may_be_anyone_is_contested() {
    let lines = "log=V t=0 by=u_A1@A imp=x_1 type=user do=invoice.read on=inv_9 org=V";
    assert_eq!(ledger(&ask(lines, &question())), ["invoice/inv_9 V read contested 1"]);
}

#[test]
fn a_key_that_a_minted_inside_v_is_as() {
    let made = "log=V t=0 by=u1@A do=api_key.create on=key_9";
    let silent = format!("{made}\n log=V t=90 by=svc cred=key_9 do=invoice.read on=inv_9 org=V");
    let answer = ask(&silent, &question());
    let one = answer.accesses.iter().find(|a| a.id == "inv_9").unwrap();
    assert_eq!((one.attribution_rule, one.confidence), ("minted", "confirmed"));
    assert_eq!((answer.persistence.len(), answer.persistence[0].uses), (1, 1));
    let named = format!("{made}\n log=V t=90 by=svc@V cred=key_9 do=invoice.read on=inv_9 org=V");
    let answer = ask(&named, &question());
    assert_eq!(answer.accesses.iter().find(|a| a.id == "inv_9").unwrap().confidence, "contested");
}

#[test]
fn who_acted_before_was_not_minted() {
    let lines = "log=V t=-900 by=u_V1@V do=invoice.read on=inv_1
                 log=V t=0 by=u1@A do=member.invite on=u_V1
                 log=V t=90 by=u_V1 do=invoice.read on=inv_9 org=V";
    let answer = ask(lines, &question());
    assert!(!answer.accesses.iter().any(|a| a.id == "inv_9"), "{answer:#?}");
}

#[test]
fn a_member_of_two_belongs_to_the_session() {
    let member = |org: &str| Member { actor: "u_2".into(), org: org.into(), valid: Span::default() };
    let known = Question { members: vec![member("A"), member("V")], ..question() };
    let login = "log=A t=-9 by=u_2@A sess=s-1 do=user.login";
    let known_session = format!("{login}\n log=V t=0 by=u_2 sess=s-1 do=invoice.read on=i org=V");
    assert_eq!(ledger(&ask(&known_session, &known)), ["invoice/i V read confirmed 1"]);
    let unknown = format!("{login}\n log=V t=0 by=u_2 sess=s-2 do=invoice.read on=i org=V");
    assert_eq!(ledger(&ask(&unknown, &known)), ["invoice/i V read contested 1"]);
}

#[test]
fn a_job_is_its_requesters() {
    let lines = "log=A t=0 by=u1@A do=report.export job=j1 on=r org=V
                 log=V t=60 by=w type=worker do=file.export job=j1 on=f org=V
                 log=V t=90 do=file.download job=j1 on=g org=V
                 log=V t=99 by=t1@T do=file.download job=j1 on=h org=V";
    let answer = ask(lines, &question());
    let rows: Vec<_> = answer.accesses.iter().map(|a| (a.id.as_str(), a.attribution_rule, a.confidence)).collect();
    assert_eq!(
        rows,
        [("r", "named", "confirmed"), ("f", "job", "confirmed"), ("g", "job", "confirmed"), ("h", "job", "contested")]
    );
}

#[test]
fn what_nothing_attributes_is_counted_where_it_may_have_been_a() {
    let lines = "log=A t=-1 by=u1@A do=user.login
                 log=V t=-1 by=v1@V do=user.login
                 log=V t=0 do=invoice.read on=i org=V";
    let answer = ask(lines, &question());
    assert_eq!((answer.numbers["unattributed"], answer.exact), (1, false));
}

#[test]
fn logins_give_a_home_and_several_are_contested() {
    let home = "log=A t=-1 by=u1@A do=user.login
                log=V t=0 by=u1 do=invoice.read on=i org=V";
    assert_eq!(access(&ask(home, &session())).attribution_rule, "home");
    let two = format!("{home}\n log=V t=-2 by=u1@V do=user.login");
    assert_eq!(access(&ask(&two, &session())).confidence, "contested");
}
