//! Everything a page or a preview says about a form being filled in, from one reading of it.

use crate::editions::{Lineage, Previous, evaluate_previous};
use crate::evaluate::{Context, evaluate};
use crate::form::Form;
use crate::intake::{RawAnswers, read};
use crate::outcome::Outcome;
use crate::page::{PageView, page_view};

/// A form being filled in, judged.
#[derive(Clone, Debug)]
pub struct Filled {
    /// What the form says, what could not be read and what would change the result included.
    pub outcome: Outcome,
    /// What the rules of the previous edition say about a renewal, if they may be used.
    pub previous: Option<Previous>,
    /// What to draw.
    pub view: PageView,
}

/// Reads what is written in a form and judges it, by the older end of `previous` as well where a
/// renewal has one.
pub fn fill_in(
    form: &Form,
    previous: Option<&Lineage>,
    raw: &RawAnswers,
    context: &Context,
) -> Filled {
    let (answers, findings) = read(form, raw);
    let outcome = evaluate(form, &answers, context)
        .with_findings(findings)
        .with_what_if(form, &answers, context);
    let previous = previous.and_then(|lineage| evaluate_previous(lineage, &answers, context));
    let view = page_view(form, raw, context, &outcome);
    Filled {
        outcome,
        previous,
        view,
    }
}
