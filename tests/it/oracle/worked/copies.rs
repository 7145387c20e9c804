//! Sections 1 and 4.

use super::{access, ask, ledger, question, session};

#[test]
fn a_record_redacted_on_one_side_is_one_access_of_both() {
    let answer = ask(
        "log=A t=0 by=u1@A do=invoice.read rq=rq-7
         log=V t=0.2 by=u1@A do=invoice.read on=inv_9 rq=rq-7",
        &session(),
    );
    let one = access(&answer);
    assert_eq!((one.id.as_str(), one.side, one.events.len(), one.owner_rule), ("inv_9", "both", 2, "own_log"));
    assert!(answer.exact, "{:?}", answer.because);
}

#[test]
fn one_request_on_two_records_pairs_record_by_record() {
    let answer = ask(
        "log=A t=0 by=u1@A do=file.read on=f1 org=V rq=rq-8
         log=A t=0.1 by=u1@A do=file.read on=f2 org=V rq=rq-8
         log=V t=0.2 by=u1@A do=file.read on=f1 org=V rq=rq-8",
        &question(),
    );
    let sides: Vec<_> = answer.accesses.iter().map(|a| (a.id.as_str(), a.side)).collect();
    assert_eq!(sides, [("f1", "both"), ("f2", "a")]);
}

#[test]
fn an_intent_and_a_completion_that_timed_out_are_one_action_that_stays_unknown() {
    let answer = ask(
        "log=V t=0 by=u1@A do=report.export on=r1 org=V rq=rq-9 phase=intent
         log=V t=9 by=u1@A do=report.export on=r1 org=V rq=rq-9 phase=completion out=failure status=504
         log=V t=-9 by=u2@V do=report.update on=r1 org=V",
        &question(),
    );
    assert_eq!(ledger(&answer), ["report/r1 V exported unknown 1"]);
}

#[test]
fn an_intent_alone_may_have_taken_effect_and_is_no_claim() {
    let intent = "log=V t=0 by=u1@A do=report.export on=r1 org=V rq=rq-9 phase=intent";
    assert_eq!(ask(intent, &question()).unresolved.len(), 1);
}

#[test]
fn a_retry_is_two_actions_and_one_log_is_never_merged() {
    let retry = "log=A t=0 by=u1@A do=invoice.read on=i org=V rq=r
                 log=A t=1 by=u1@A do=invoice.read on=i org=V rq=r
                 log=V t=0.1 by=u1@A do=invoice.read on=i org=V rq=r
                 log=V t=1.1 by=u1@A do=invoice.read on=i org=V rq=r";
    assert_eq!(ledger(&ask(retry, &question())), ["invoice/i V read confirmed 2"]);
}

#[test]
fn copies_that_disagree_are_unknown_or_contested() {
    let outcome = "log=A t=0 by=u1@A do=invoice.read on=i rq=r
                   log=V t=1 by=u1@A do=invoice.read on=i rq=r out=denied
                   log=V t=-9 by=v1@V do=invoice.update on=i org=V";
    assert_eq!(ledger(&ask(outcome, &question())), ["invoice/i V read unknown 1"]);
    let actor = "log=A t=0 by=u1@A do=invoice.read on=i org=V rq=r
                 log=V t=1 by=u2@A do=invoice.read on=i org=V rq=r";
    assert_eq!(ledger(&ask(actor, &question())), ["invoice/i V read contested 1"]);
    let record = "log=A t=0 by=u1@A do=invoice.read on=i org=V rq=r
                  log=V t=1 by=u1@A do=invoice.read on=j org=V rq=r";
    assert_eq!(ask(record, &question()).accesses.len(), 2);
}

#[test]
fn an_outcome_missing_on_one_side_is_redaction() {
    let lines = "log=A t=0 by=u1@A do=invoice.read on=i org=V rq=r out=
                 log=V t=1 by=u1@A do=invoice.read on=i org=V rq=r";
    assert_eq!(ledger(&ask(lines, &question())), ["invoice/i V read confirmed 1"]);
}

#[test]
fn equal_ids_far_apart_are_counters_of_each_log() {
    let lines = "id=7 log=A t=0 by=u1@A do=invoice.read on=i org=V
                 id=7 log=V t=6 by=u1@A do=invoice.read on=i org=V";
    assert_eq!(ledger(&ask(lines, &question())), ["invoice/i V read confirmed 2"]);
}

#[test]
fn different_counts_keep_the_larger_and_make_a_lower_bound() {
    let lines = "log=A t=0 by=u1@A do=invoice.list org=V rq=r n=4
                 log=V t=1 by=u1@A do=invoice.list org=V rq=r n=6";
    let answer = ask(lines, &question());
    assert_eq!((answer.bulk_bound, answer.exact), (Some(6), false));
}

#[test]
fn three_equal_lines_without_id_in_two_acquisitions_are_three_events() {
    let line = super::spec::record("id= log=V t=0 by=u1@A do=invoice.read on=i org=V", "");
    let mut records = Vec::new();
    for acquisition in [1, 2] {
        for _ in 0..3 {
            records.push(super::Delivered { acquisition, page: 1, text: line.clone() });
        }
    }
    let answer = super::method::answer(&super::Log { records, cut_short: false }, &question());
    assert_eq!((answer.numbers["raw"], answer.numbers["distinct"]), (6, 3));
    assert_eq!(ledger(&answer), ["invoice/i V read confirmed 3"]);
}

#[test]
fn events_without_id_that_differ_in_an_unmapped_field_are_several() {
    let lines = "id= log=V t=0 by=u1@A do=invoice.read on=i org=V agent=x
                 id= log=V t=0 by=u1@A do=invoice.read on=i org=V agent=y
                 id= log=V t=0 by=u1@A do=invoice.read on=i org=V agent=z";
    assert_eq!(ledger(&ask(lines, &question())), ["invoice/i V read confirmed 3"]);
}

#[test]
fn versions_are_one_event_and_distinct_ones_all_count() {
    let versions = "id=1 log=V t=0 by=u1@A do=invoice.read on=i org=V agent=x
                    id=1 log=V t=0 by=u1@A do=invoice.read on=i org=V agent=y";
    let answer = ask(versions, &question());
    assert_eq!((ledger(&answer), answer.numbers["conflicts"]), (vec!["invoice/i V read confirmed 1".to_owned()], 1));
    assert!(!answer.exact);
    let outcomes = "id=1 log=V t=0 by=u1@A do=invoice.read on=i org=V
                    id=1 log=V t=0 by=u1@A do=invoice.read on=i org=V out=denied
                    log=V t=-9 by=v1@V do=invoice.update on=i org=V";
    assert_eq!(ledger(&ask(outcomes, &question())), ["invoice/i V read unknown 1"]);
    let owners = "id=1 log=V t=0 by=u1@A do=invoice.read on=i org=V
                  id=1 log=V t=0 by=u1@A do=invoice.read on=i org=T";
    assert_eq!(ledger(&ask(owners, &question())), ["invoice/i T;V read contested 1"]);
    let distinct = "id=1 log=V t=0 by=u1@A do=invoice.read on=i org=V
                    id=1 log=V t=5 by=u1@A do=invoice.read on=i org=V";
    assert_eq!(ledger(&ask(distinct, &question())), ["invoice/i V read confirmed 2"]);
}
