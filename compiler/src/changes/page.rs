//! The change list as a page that needs nothing beside it and no script.

use super::{ChangeList, FormChange, Kind, told};
use crate::emit::template::Templates;
use serde::Serialize;
use tera::Context;

#[derive(Serialize)]
struct Page<'a> {
    old: &'a str,
    new: &'a str,
    totals: Vec<String>,
    forms: Vec<Form<'a>>,
}

#[derive(Serialize)]
struct Form<'a> {
    anchor: String,
    title: &'a str,
    key: &'a str,
    edition: &'a str,
    kind: Kind,
    how: String,
    changes: Vec<Line<'a>>,
    /// Whether some checks came or went with their items.
    follows: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    kind: Kind,
    word: &'static str,
    subject: &'static str,
    id: &'a str,
    label: &'a str,
    details: Vec<Pair<'a>>,
    effect: Vec<String>,
    /// It came or went with its item.
    follows: bool,
}

#[derive(Serialize)]
struct Pair<'a> {
    what: &'a str,
    old: &'a str,
    new: &'a str,
    code: bool,
}

static TEMPLATES: Templates = Templates::new(&[("page.html", include_str!("page.html"))]);

pub(super) fn page(list: &ChangeList) -> Result<String, String> {
    let page = Page {
        old: &list.old,
        new: &list.new,
        totals: told::totals(list),
        forms: list.forms.iter().map(form).collect(),
    };
    let mut context = Context::new();
    context.insert("page", &page);
    context.insert("style", include_str!("page.css"));
    TEMPLATES.page(&context)
}

fn form(form: &FormChange) -> Form<'_> {
    let heading = told::heading(form);
    let how = heading.split_once(": ").map_or("", |(_, how)| how);
    let followed = told::followed(form);
    let changes = form.changes.iter().map(|change| Line {
        kind: change.kind,
        word: change.kind.label(),
        subject: change.subject.label(),
        id: &change.id,
        label: &change.label,
        details: change
            .details
            .iter()
            .map(|detail| Pair {
                what: &detail.what,
                old: &detail.old,
                new: &detail.new,
                code: detail.is_pseudo_code(),
            })
            .collect(),
        effect: told::consequences(change),
        follows: change.subject == super::Subject::Check && followed.contains(&change.id.as_str()),
    });
    Form {
        anchor: format!("{}-{}", form.key, form.edition),
        title: &form.title,
        key: &form.key,
        edition: &form.edition,
        kind: form.kind,
        how: how.to_owned(),
        changes: changes.collect(),
        follows: !followed.is_empty(),
    }
}
