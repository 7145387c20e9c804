//! What seeds have found: places where a careless reading of the page clears somebody without a word.

use super::{access, ask, ledger, owner, question, session};

#[test]
fn who_hands_a_record_over_had_it_whatever_was_created_before() {
    let lines = "log=T t=-9 by=t1@T do=doc.create on=d
                 log=A t=5 by=u1@A do=doc.read on=d
                 log=V t=9 by=v1@V do=doc.transfer on=d from=V to=X";
    assert_eq!(owner(lines, &session()), "T;V creation");
}

#[test]
fn a_record_that_a_gives_away_was_its_owners_until_that_instant() {
    let lines = "log=V t=0 by=v1@V do=doc.update on=d
                 log=A t=5 by=u1@A do=doc.transfer on=d to=T";
    let answer = ask(lines, &session());
    assert_eq!(ledger(&answer), ["doc/d T;V modified contested 1"]);
}

#[test]
fn a_transfer_goes_to_the_gainer_in_whosever_folder_the_record_lies() {
    let lines = "log=A t=-9 by=u1@A do=folder.create on=f
                 log=V t=0 by=u1@A do=file.transfer on=d from=A to=V in=folder/f
                 log=V t=5 by=u1@A do=file.read on=d";
    assert_eq!(owner(lines, &session()), "V creation");
}

#[test]
fn a_transfer_at_an_unknown_time_may_have_been_before() {
    let lines = "log=T t=-9 by=t1@T do=doc.create on=d
                 log=T t=never by=t1@T do=doc.transfer on=d from=T to=V
                 log=A t=0 by=u1@A do=doc.read on=d";
    assert_eq!(owner(lines, &session()), "T;V creation");
}

#[test]
fn a_session_made_inside_v_is_never_mistaken_for_its_hosts_own() {
    let lines = "log=V t=0 by=u1@A do=session.create on=s_9
                 log=V t=90 by=x@V sess=s_9 do=invoice.read on=inv_9 org=V";
    let answer = ask(lines, &question());
    assert_eq!(answer.accesses.iter().find(|a| a.id == "inv_9").unwrap().confidence, "contested");
}

#[test]
fn what_one_log_leaves_out_the_other_tells_of_makers_too() {
    let lines = "log=V t=0.2 by=u1 do=member.invite on=m_1 member=n_1 rq=r
                 log=A t=0 by=u1@A do=member.invite on=m_1 member=n_1 rq=r
                 log=V t=9 by=n_1@V do=invoice.read on=inv_9 org=V";
    let answer = ask(lines, &question());
    assert_eq!(answer.accesses.iter().find(|a| a.id == "inv_9").unwrap().confidence, "contested");
    assert_eq!(answer.persistence.len(), 1);
}

#[test]
fn staff_whom_only_one_log_names_clear_nobody() {
    let lines = "log=A t=0 by=u1@A type=staff do=invoice.read on=i org=V rq=r
                 log=V t=1 by=u1@A imp=sup_1@vendor type=staff do=invoice.read on=i org=V rq=r";
    let answer = ask(lines, &question());
    assert_eq!((access(&answer).standing, access(&answer).confidence), ("direct", "contested"));
}

#[test]
fn versions_that_disagree_stay_unknown_beside_a_copy_that_is_sure() {
    let lines = "id=1 log=V t=0 by=u1@A do=invoice.read on=i org=V rq=r
                 id=1 log=V t=0 by=u1@A do=invoice.read on=i org=V rq=r out=denied
                 log=A t=1 by=u1@A do=invoice.read on=i org=V rq=r
                 log=V t=-9 by=v1@V do=invoice.update on=i org=V";
    assert_eq!(ledger(&ask(lines, &question())), ["invoice/i V read unknown 1"]);
}

#[test]
fn a_bulk_change_is_bounded_by_what_matched() {
    let answer = ask("log=V t=0 by=u1@A do=invoice.bulk_update ids=i1,i2 total=5 org=V", &question());
    assert_eq!(answer.bulk_bound, Some(3));
}

#[test]
fn a_share_of_an_earlier_life_is_no_leave() {
    let lines = "log=V t=-50 by=v1@V do=doc.create on=d
                 log=V t=-40 by=v1@V do=doc.share on=d with=A
                 log=V t=-30 by=v1@V do=doc.delete on=d
                 log=V t=-20 by=v1@V do=doc.create on=d
                 log=A t=0 by=u1@A do=doc.read on=d";
    assert_eq!(access(&ask(lines, &session())).standing, "direct");
}

#[test]
fn a_job_is_its_first_known_requesters_however_late_he_is_logged() {
    let lines = "log=V t=0 job=j do=doc.export on=e org=V
                 log=A t=1 by=u1@A job=j do=doc.export on=d org=V";
    let answer = ask(lines, &question());
    assert_eq!(answer.accesses.iter().find(|a| a.id == "e").unwrap().attribution_rule, "job");
}

#[test]
fn who_gains_a_record_owned_it_from_then_on_only() {
    let lines = "log=V t=9 by=t1@T do=doc.transfer on=d to=V
                 log=A t=0 by=u1@A do=doc.read on=d";
    // T changed it by handing it over; V's log speaks from then on.
    assert_eq!(owner(lines, &session()), "other");
}

#[test]
fn a_change_between_two_copies_may_have_come_before_or_after() {
    let lines = "log=A t=0 by=u1@A do=doc.read on=d rq=r
                 log=V t=2 by=u1@A do=doc.read on=d rq=r
                 log=T t=1 by=t1@T do=doc.transfer on=d from=T to=V";
    assert_eq!(owner(lines, &session()), "T;V creation");
}

#[test]
fn nobody_makes_a_record_his_own_by_asking_for_it_in_a_folder_of_his() {
    let lines = "log=A t=-9 by=u1@A do=folder.create on=f
                 log=A t=0 by=u1@A do=file.read on=x in=folder/f";
    assert_eq!(owner(lines, &session()), "unresolved");
    assert_eq!(owner(lines, &question()), "other");
}

#[test]
fn a_loser_who_is_a_is_believed_where_the_row_bears_him_out() {
    let lines = "log=A t=9 by=u1@A do=doc.transfer on=d from=A to=V
                 log=A t=0 by=u1@A do=doc.read on=d";
    assert_eq!(ask(lines, &question()).unresolved.len(), 1);
    let borne_out = lines.replace("on=d from", "on=d org=A from");
    assert_eq!(ask(&borne_out, &question()).unresolved.len(), 0);
}
