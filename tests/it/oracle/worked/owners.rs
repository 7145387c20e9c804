//! Section 2: its table of examples, line by line.

use super::{owner, question, session};
use crate::oracle::method::{Catalogue, Question};

#[test]
fn the_victims_log_names_the_owner() {
    let lines = "log=A t=0 by=u1@A do=invoice.read on=inv_9 rq=r
                 log=V t=1 by=u1@A do=invoice.read on=inv_9 rq=r";
    assert_eq!(owner(lines, &session()), "V own_log");
}

#[test]
fn the_attackers_own_word_counts_only_where_the_row_was_read() {
    let lines = "log=A t=0 by=u1@A do=invoice.read on=inv_9 org=A";
    assert_eq!(owner(lines, &session()), "unresolved");
    assert_eq!(owner(lines, &question()), "other");
}

#[test]
fn changes_own_and_several_contest() {
    let v = "log=V t=-9 by=v1@V do=invoice.update on=inv_9
             log=A t=0 by=u1@A do=invoice.read on=inv_9";
    assert_eq!(owner(v, &session()), "V change");
    let both = format!("{v}\n log=T t=-8 by=t1@T do=invoice.update on=inv_9");
    assert_eq!(owner(&both, &session()), "T;V change");
}

#[test]
fn an_id_deleted_and_created_again_has_two_lives() {
    let lives = "log=V t=-50 by=v1@V do=invoice.update on=inv_9
                 log=V t=-30 by=v1@V do=invoice.delete on=inv_9
                 log=T t=-20 by=t1@T do=invoice.create on=inv_9";
    let late = format!("{lives}\n log=A t=0 by=u1@A do=invoice.read on=inv_9");
    assert_eq!(owner(&late, &session()), "other");
    let early = format!("{lives}\n log=A t=-40 by=u1@A do=invoice.read on=inv_9");
    assert_eq!(owner(&early, &session()), "V change");
}

#[test]
fn nobody_frees_an_id_for_himself() {
    let lines = "log=V t=-50 by=v1@V do=invoice.update on=inv_9
                 log=A t=-30 by=u1@A do=invoice.delete on=inv_9
                 log=A t=-20 by=u1@A do=invoice.create on=inv_9
                 log=A t=0 by=u1@A do=invoice.read on=inv_9";
    assert_eq!(owner(lines, &session()), "A;V creation");
}

#[test]
fn a_creation_beats_a_log_and_nothing_is_created_twice() {
    let made = "log=A t=-20 by=u1@A do=doc.create on=doc_1
                log=V t=0 by=u1@A do=doc.read on=doc_1";
    assert_eq!(owner(made, &session()), "other");
    let twice = "log=V t=-30 by=u1@A do=doc.read on=doc_9
                 log=A t=-20 by=u1@A do=doc.import on=doc_9
                 log=A t=0 by=u1@A do=doc.read on=doc_9";
    assert_eq!(owner(twice, &session()), "A;V creation");
}

#[test]
fn transfers_hold_by_who_moved() {
    let nobody = "log=A t=-5 do=doc.transfer on=d from=V to=T
                  log=A t=0 by=u1@A do=doc.read on=d";
    assert_eq!(owner(nobody, &session()), "T;V creation");
    let oneself = "log=A t=-5 by=u1@A do=doc.transfer on=doc_3 org=V from=V to=A
                   log=A t=0 by=u1@A do=doc.read on=doc_3";
    assert_eq!(owner(oneself, &session()), "V named");
    let until = "log=T t=5 by=t1@T do=doc.transfer on=d from=V to=W
                 log=A t=0 by=u1@A do=doc.read on=d";
    assert_eq!(owner(until, &session()), "V creation");
}

#[test]
fn a_creation_that_names_another_is_that_ones() {
    let lines = "log=A t=-5 by=u1@A do=doc.create on=doc_2 org=V
                 log=A t=0 by=u1@A do=doc.read on=doc_2";
    assert_eq!(owner(lines, &session()), "V creation");
}

#[test]
fn containers_own_what_is_made_inside() {
    let folder = "log=V t=-50 by=v1@V do=folder.create on=f
                  log=T t=-40 by=t1@T do=file.create on=x in=folder/f
                  log=A t=0 by=u1@A do=file.read on=x";
    assert_eq!(owner(folder, &session()), "V creation");
    let bucket = "log=A t=-9 by=u1@A do=bucket.update on=b
                  log=A t=0 by=u1@A do=bucket.read on=b";
    assert_eq!(owner(bucket, &session()), "unresolved");
    let key = "log=T t=-9 by=t1@T do=bucket.update on=b
               log=A t=0 by=u1@A do=object.read on=k in=bucket/b";
    assert_eq!(owner(key, &session()), "unresolved");
}

#[test]
fn a_uuid_is_one_in_both_cases() {
    let id = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
    let row = Catalogue { kind: "doc".into(), id: id.into(), owner: "V".into(), ..Catalogue::default() };
    let known = Question { catalogue: vec![row], ..session() };
    let line = format!("log=A t=0 by=u1@A do=doc.read on={}", id.to_uppercase());
    assert_eq!(owner(&line, &known), "V catalogue");
    assert_eq!(owner("log=A t=0 by=u1@A do=doc.read on=DOC", &known), "unresolved");
}

#[test]
fn at_the_instant_and_at_an_unknown_time_both_hold() {
    let lines = "log=V t=-9 by=v1@V do=doc.create on=d
                 log=V t=0 by=v1@V do=doc.transfer on=d from=V to=T";
    assert_eq!(owner(&format!("{lines}\n log=A t=0 by=u1@A do=doc.read on=d"), &session()), "T;V creation");
    assert_eq!(owner(&format!("{lines}\n log=A t=never by=u1@A do=doc.read on=d"), &session()), "T;V creation");
    assert_eq!(owner(&format!("{lines}\n log=A t=1 by=u1@A do=doc.read on=d"), &session()), "other");
}

#[test]
fn readings_speak_only_alone() {
    let one = "log=V t=-9 by=v1@V do=doc.read on=d
               log=A t=0 by=u1@A do=doc.read on=d";
    assert_eq!(owner(one, &session()), "V reading");
    let two = format!("{one}\n log=T t=-8 by=t1@T do=doc.read on=d");
    assert_eq!(owner(&two, &session()), "unresolved");
}

#[test]
fn refused_and_returned_ids_are_no_claims() {
    let lines = "log=V t=-9 by=t1@T do=doc.read on=d out=denied
                 log=V t=-8 by=v1@V do=doc.list returned=d n=1
                 log=A t=0 by=u1@A do=doc.read on=d";
    assert_eq!(owner(lines, &session()), "unresolved");
}
