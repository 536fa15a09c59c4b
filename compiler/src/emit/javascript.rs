//! One JavaScript module per form: what it asks, its rules as code, and their answers.
//!
//! [`form`] gives `KEY-EDITION.mjs` with its types `KEY-EDITION.d.mts`, [`shared`] the runtime that
//! every module imports, `kohyo-runtime.mjs`: exact decimals, partial dates, three truth values and
//! the search over completions. Rules are printed as calls, one condition a line with its Japanese
//! reading behind it, so that a vendor can read them beside the notice and step through them.
//!
//! The module agrees with the engine on all it states; `tests/tests/javascript.rs` runs both.

mod expression;
mod module;
mod text;
mod types;

use super::check_spec::CheckRow;
use super::{Artefact, Emitted, Residue};
use kohyo_engine::{Form, Program};

/// File name of the runtime, as the modules import it.
pub const RUNTIME_FILE: &str = "kohyo-runtime.mjs";

/// File name of a form's module: `shitei-006-2020.mjs`.
pub fn file_name(program: &Program) -> String {
    format!("{}-{}.mjs", program.key, program.edition)
}

/// The module of a form and its types.
pub(super) fn form(form: &Form) -> Emitted {
    let program = form.program();
    let module = file_name(program);
    let types = module.replace(".mjs", ".d.mts");
    let residue = residue(program);
    Emitted {
        artefacts: vec![
            Artefact::text(module, module::print(form, &residue)),
            Artefact::text(types, types::print(program)),
        ],
        residue,
    }
}

/// The runtime and its types.
pub(super) fn shared() -> Vec<Artefact> {
    vec![
        Artefact::text(RUNTIME_FILE, RUNTIME.concat()),
        Artefact::text(
            RUNTIME_FILE.replace(".mjs", ".d.mts"),
            include_str!("javascript/runtime/runtime.d.mts"),
        ),
    ]
}

/// The parts of the runtime: one scope, cut by subject.
const RUNTIME: [&str; 19] = [
    include_str!("javascript/runtime/head.mjs"),
    "\n",
    include_str!("javascript/runtime/decimal.mjs"),
    "\n",
    include_str!("javascript/runtime/wide.mjs"),
    "\n",
    include_str!("javascript/runtime/logic.mjs"),
    "\n",
    include_str!("javascript/runtime/days.mjs"),
    "\n",
    include_str!("javascript/runtime/reading.mjs"),
    "\n",
    include_str!("javascript/runtime/patient.mjs"),
    "\n",
    include_str!("javascript/runtime/search.mjs"),
    "\n",
    include_str!("javascript/runtime/missing.mjs"),
    "\n",
    include_str!("javascript/runtime/form.mjs"),
];

/// The checks that the module makes: whatever is about the answers of this form.
pub(super) fn claims(row: &CheckRow) -> bool {
    !row.edition.is_empty()
}

/// What the module leaves to the server.
pub(super) fn residue(program: &Program) -> Vec<Residue> {
    let functions = program.functions.iter().map(|function| Residue {
        rule: format!("function.{}", function.name),
        reason: format!(
            "関数「{}」は計算しません。結果は不明とし、それで判定が決まらないときは exact が false になります",
            function.label
        ),
    });
    let judgements = program.judgements.iter().map(|judgement| Residue {
        rule: format!("reasons.{}", judgement.name),
        reason: format!(
            "「{}」の理由の説明、結果が変わる条件はサーバーが示します",
            judgement.label
        ),
    });
    let older = program.fallback.iter().map(|edition| Residue {
        rule: format!("edition.{edition}"),
        reason: format!("更新を{edition}年版の基準でも判定することはサーバーが行います"),
    });
    functions.chain(judgements).chain(older).collect()
}
