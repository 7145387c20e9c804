//! Section 5.

use super::{ask, ledger, question};
use crate::oracle::method::{Answer, Catalogue, Question, Span};
use crate::oracle::spec;

/// Bound, ids and confidence of the one bulk row of one event of A in V's log.
fn row(rest: &str, question: &Question) -> (Option<u64>, u64, usize) {
    let answer = list(rest, question);
    assert_eq!(answer.bulk.len(), 1, "{answer:#?}");
    (answer.bulk[0].bound, answer.bulk[0].ids_logged, answer.ledger.len())
}

fn list(rest: &str, question: &Question) -> Answer {
    let lines = format!(
        "log=V t=0 by=u1@A do=invoice.list org=V {rest}
         log=V t=-99 by=v1@V do=invoice.bulk_update ids=i1,i2,i3 org=V"
    );
    ask(&lines, question)
}

#[test]
fn the_table_of_what_the_log_gives() {
    let q = question();
    assert_eq!(row("n=0", &q), (Some(0), 0, 0));
    assert_eq!(row("returned=i1,i2 n=2", &q), (Some(0), 2, 2));
    assert_eq!(row("returned=i1,i2 n=5", &q), (Some(3), 2, 2));
    assert_eq!(row("returned=i1,i2 n=1", &q), (Some(0), 2, 2));
    assert_eq!(row("n=7", &q), (Some(7), 0, 0));
    assert_eq!(row("returned=i1,i2 total=2", &q), (Some(0), 2, 2));
    assert_eq!(row("returned=i1,i2 total=9", &q), (Some(7), 2, 2));
    assert_eq!(row("total=9", &q), (Some(9), 0, 0));
    assert_eq!(row("returned=i1,i2", &q), (None, 2, 2));
    assert_eq!(row("returned=i1,i2 total=1", &q), (None, 2, 2));
    assert_eq!(row("", &q), (None, 0, 0));
    assert_eq!(row("n=3 total=90", &q), (Some(3), 0, 0));
}

/// V's catalogue of three invoices, one of them gone before the list.
fn catalogue() -> Vec<Catalogue> {
    let of = |id: &str, to: Option<i64>| Catalogue {
        kind: "invoice".into(),
        id: id.into(),
        owner: "V".into(),
        valid: Span { from: spec::moment(-500), to },
        begins: true,
        ..Catalogue::default()
    };
    vec![of("i1", None), of("i2", None), of("i3", spec::moment(-50))]
}

#[test]
fn a_catalogue_with_lifetimes_reconstructs_by_count_or_hash() {
    let known = Question { catalogue: catalogue(), ..question() };
    let answer = list("n=2", &known);
    assert_eq!(ledger(&answer), ["invoice/i1 V listed reconstructed 1", "invoice/i2 V listed reconstructed 1"]);
    assert_eq!((answer.bulk_bound, answer.exact), (Some(0), false));
    assert_eq!(row("n=3", &known), (Some(3), 0, 0));
    assert_eq!(row("n=2 filter=open", &known), (Some(2), 0, 0));
    // What `printf 'i1\ni2' | sha256sum` says.
    let hash = "be2a79a6fc0c94791404cdffc5f221e7cdd9bf5e67c101c78c0bc7c4f739a889";
    assert_eq!(row(&format!("hash={hash}"), &known), (Some(0), 0, 2));
    assert_eq!(row(&format!("hash={hash} n=3"), &known), (Some(3), 0, 0));
    assert_eq!(row("hash=00 n=2", &known), (Some(2), 0, 0));
    let mut timeless = catalogue();
    timeless[2].begins = false;
    assert_eq!(row("n=2", &Question { catalogue: timeless, ..question() }), (Some(2), 0, 0));
}

#[test]
fn repeats_do_not_add_and_pages_do() {
    let twice = "log=V t=0 by=u1@A do=invoice.list org=V n=7
                 log=V t=60 by=u1@A do=invoice.list org=V n=5";
    assert_eq!(ask(twice, &question()).bulk_bound, Some(7));
    let pages = "log=V t=0 by=u1@A do=invoice.list org=V n=7 walk=w cursor=a
                 log=V t=1 by=u1@A do=invoice.list org=V n=5 walk=w cursor=b
                 log=V t=2 by=u1@A do=invoice.list org=V n=5 walk=w cursor=b";
    assert_eq!(ask(pages, &question()).bulk_bound, Some(12));
    let parts = "log=V t=0 by=u1@A do=invoice.list org=V n=7 total=10
                 log=V t=60 by=u1@A do=invoice.list org=V n=5 total=10";
    assert_eq!(ask(parts, &question()).bulk_bound, Some(10));
    let scopes = "log=V t=0 by=u1@A do=invoice.list org=V n=7
                  log=V t=60 by=u1@A do=invoice.search org=V n=5";
    assert_eq!(ask(scopes, &question()).bulk_bound, Some(12));
}

#[test]
fn what_names_nobody_is_unscoped_and_what_names_no_record_is_never_nothing() {
    let unscoped = ask("log=A t=0 by=u1@A do=invoice.list n=7", &question());
    assert_eq!((unscoped.bulk_bound, unscoped.bulk_unscoped_bound), (Some(0), Some(7)));
    let silent = ask("log=V t=0 by=u1@A do=invoice.read", &question());
    assert_eq!(silent.bulk_bound, None);
}
