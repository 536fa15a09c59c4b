//! A form with two editions.

use crate::sample;
use crate::support::{NEW, Server};
use kohyo_engine::Form;
use kohyo_engine::program::{Carried, Field, FieldId, FieldType, MappedCode, Migration};
use kohyo_server::Library;
use std::sync::Arc;

/// The sample, and an older edition of it with the same questions.
fn two_editions() -> Library {
    let mut older = sample::program();
    older.edition = "2015".to_owned();
    older.valid_from = "2015-01-01".parse().unwrap();
    let mut newer = sample::program();
    newer.fallback = Some("2015".to_owned());
    let codes = |field: &Field| match field.ty {
        FieldType::Choice { table } | FieldType::Choices { table } => {
            newer.code_tables[usize::from(table)].codes.clone()
        }
        _ => Vec::new(),
    };
    let carried = |(id, field): (u16, &Field)| Carried {
        old: field.name.clone(),
        new: FieldId(id),
        codes: (0..)
            .zip(codes(field))
            .map(|(index, code)| MappedCode {
                old: code.value,
                new: Some(index),
            })
            .collect(),
        where_it_fits: false,
    };
    newer.migrations = vec![Migration {
        edition: "2015".to_owned(),
        carried: (0..).zip(&newer.fields).map(carried).collect(),
        dropped: Vec::new(),
        asked: Vec::new(),
    }];
    // By the newer edition nobody is severe enough.
    for judgement in &mut newer.judgements {
        if judgement.name == "severity" {
            let last = judgement.categories.len() - 1;
            judgement.categories.drain(..last);
        }
    }
    let form = |program| Arc::new(Form::new(program).unwrap());
    Library::new([form(older), form(newer)]).unwrap()
}

#[tokio::test]
async fn a_renewal_shows_the_results_of_both_editions() {
    let server = Server::with_forms(two_editions()).await;
    let mut doctor = server.signed_in("yamada").await;
    for (application, both) in [("new", false), ("renewal", true)] {
        let [form, edition, _] = NEW;
        let create = [form, edition, ("application", application)];
        let path = doctor.post("/records", &create).await.location();
        let page = doctor.get(&path).await;
        assert!(page.has("verdict-result"), "{}", page.body);
        assert_eq!(page.has("previous-result"), both, "{application}");
    }
}
