//! Sections 6 to 8.

use super::{access, ask, ledger, question, session};
use crate::oracle::method::Question;

#[test]
fn the_strongest_class_of_the_highest_confidence_leads() {
    let lines = "log=V t=0 by=u1@A do=invoice.read on=inv_9 org=V
                 log=V t=9 by=u1@A do=invoice.delete on=inv_9 org=V out=failure status=504";
    let answer = ask(lines, &question());
    assert_eq!(ledger(&answer), ["invoice/inv_9 V read confirmed 2"]);
    let classes: Vec<_> = answer.ledger[0].classes.iter().map(|(c, s)| format!("{c}:{s}")).collect();
    assert_eq!(classes, ["deleted:unknown", "read:confirmed"]);
}

#[test]
fn outcomes_are_held_against_their_status() {
    let with = |rest: &str| {
        let lines = format!(
            "log=V t=0 by=u1@A on=i {rest}
             log=V t=-9 by=v1@V do=invoice.create on=i"
        );
        let answer = ask(&lines, &session());
        (answer.ledger.first().map(|r| r.confidence), answer.attempts.len())
    };
    assert_eq!(with("do=invoice.read status=200"), (Some("confirmed"), 0));
    assert_eq!(with("do=invoice.read status=403"), (Some("unknown"), 0));
    assert_eq!(with("do=invoice.read out=denied status=403"), (None, 1));
    assert_eq!(with("do=invoice.read out=denied status=200"), (Some("unknown"), 0));
    assert_eq!(with("do=invoice.read out=failure status=504"), (None, 1));
    assert_eq!(with("do=invoice.export out=failure status=504"), (Some("unknown"), 0));
    assert_eq!(with("do=invoice.update out=failure status=408"), (Some("unknown"), 0));
    assert_eq!(with("do=invoice.update out=failure status=409"), (None, 1));
    assert_eq!(with("do=invoice.frobnicate out=failure reason=timeout"), (Some("unknown"), 0));
    assert_eq!(with("do=invoice.read out="), (Some("unknown"), 0));
}

#[test]
fn an_unknown_action_is_unclassified_and_makes_a_lower_bound() {
    let answer = ask("log=V t=0 by=u1@A do=invoice.frobnicate on=i org=V", &question());
    assert_eq!(ledger(&answer), ["invoice/i V unclassified confirmed 1"]);
    assert!(answer.because.contains(&"unclassified"));
}

#[test]
fn attempts_carry_an_owner_where_one_is_sure() {
    let lines = "log=A t=0 by=u1@A do=doc.read on=d1 out=denied repeats=2
                 log=A t=1 by=u1@A do=doc.read on=d2 out=denied
                 log=A t=2 by=u1@A do=doc.read on=d3 out=denied
                 log=A t=3 by=u1@A do=doc.read on=d4 out=denied
                 log=V t=-9 by=v1@V do=doc.create on=d1
                 log=T t=-9 by=t1@T do=doc.update on=d2
                 log=T t=-9 by=t1@T do=doc.create on=d3";
    let answer = ask(lines, &session());
    let rows: Vec<_> =
        answer.attempts.iter().map(|a| (a.id.as_str(), a.owners.first().map(String::as_str), a.count)).collect();
    assert_eq!(rows, [("d1", Some("V"), 3), ("d2", None, 1), ("d4", None, 1)]);
}

#[test]
fn many_guesses_within_an_hour_are_one_row() {
    let guess = |n: i64| format!("log=A t={n} by=u1@A do=doc.read on=g{n} out=denied");
    let twenty: Vec<String> = (0..20).map(guess).collect();
    assert_eq!(ask(&twenty.join("\n"), &session()).attempts.len(), 20);
    let many: Vec<String> = (0..21).map(guess).collect();
    let answer = ask(&many.join("\n"), &session());
    assert_eq!((answer.attempts.len(), answer.attempts[0].count, answer.attempts[0].id.as_str()), (1, 21, ""));
}

#[test]
fn a_time_nobody_knows_stays_and_makes_a_lower_bound() {
    let window = Question { from: crate::oracle::spec::moment(0), to: crate::oracle::spec::moment(10), ..question() };
    let lines = "log=V t=never by=u1@A do=invoice.read on=i org=V
                 log=V t=11 by=u1@A do=invoice.read on=j org=V";
    let answer = ask(lines, &window);
    assert_eq!((access(&answer).id.as_str(), answer.exact), ("i", false));
}

#[test]
fn a_record_that_does_not_fit_is_quarantined() {
    let lines = "log=V t=0 by=u1@A on=i org=V
                 log=V t=0 by=u1@A do=invoice.read on=j org=V";
    let answer = ask(lines, &question());
    assert_eq!((answer.numbers["quarantined"], answer.numbers["raw"], answer.numbers["distinct"]), (1, 2, 1));
}
