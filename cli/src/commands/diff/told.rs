//! What is told of a judgement.

use kohyo_compiler::{Difference, Edition, Proven};
use kohyo_engine::RawAnswers;
use serde_json::{Value, json};

/// So many changes that could not be decided are named.
const NAMED: usize = 6;

/// For people.
pub(super) fn text(difference: &Difference) -> String {
    let label = &difference.label;
    if let Some(edition) = difference.only_in {
        let (own, other) = match edition {
            Edition::Old => ("旧版", "新版"),
            Edition::New => ("新版", "旧版"),
        };
        return format!(
            "「{label}」: {own}だけにある判定です（{other}にないため、比べていません）"
        );
    }
    let mut lines = vec![format!("「{label}」: {}", headline(difference))];
    for region in &difference.regions {
        let open = "判定不能";
        let (old, new) = (region.old.as_deref(), region.new.as_deref());
        lines.push(format!(
            "  {} → {}",
            old.unwrap_or(open),
            new.unwrap_or(open)
        ));
        lines.push(format!("    {}", region.example));
    }
    if let Some(reason) = &difference.stopped {
        lines.push(format!("  証明できなかった理由: {reason}"));
    }
    if !difference.unresolved.is_empty() {
        lines.push(format!(
            "  患者がいるかどうか決められなかった変わり方: {}",
            named(&difference.unresolved)
        ));
    }
    for (words, items) in [
        ("比べていない記録", &difference.not_compared),
        ("旧版だけが読む項目", &difference.only_old),
        ("新版だけが読む項目", &difference.only_new),
    ] {
        if !items.is_empty() {
            lines.push(format!("  {words}: {}", items.join("、")));
        }
    }
    let notes = difference.meant_otherwise.iter();
    lines.extend(notes.map(|note| format!("  注意: {note}")));
    lines.join("\n")
}

fn headline(difference: &Difference) -> String {
    let whole = difference.not_compared.is_empty();
    match (difference.regions.len(), difference.proven) {
        (0, Proven::Everybody) => "同じ（証明済み）".to_owned(),
        (0, Proven::Complete) if whole => {
            "すべて記入した患者については同じ（証明済み）。ほかの患者については証明できませんでした"
                .to_owned()
        }
        (0, Proven::Complete) => {
            "比べた記録のうち、すべて記入した患者については同じ（証明済み）".to_owned()
        }
        (0, Proven::Nobody) => "違いは見つかりませんが、同じとは証明できませんでした".to_owned(),
        (n, Proven::Everybody) => {
            format!("{n} 通りに異なり、ほかの変わり方はありません（証明済み）")
        }
        (n, Proven::Complete) => format!(
            "{n} 通りに異なります。すべて記入した患者には、ほかの変わり方はありません（証明済み）"
        ),
        (n, Proven::Nobody) => {
            format!("{n} 通り以上に異なります。ほかは同じとは証明できませんでした")
        }
    }
}

fn named(all: &[String]) -> String {
    let first: Vec<&str> = all.iter().take(NAMED).map(String::as_str).collect();
    let more = all.len().saturating_sub(NAMED);
    match more {
        0 => first.join("、"),
        more => format!("{} ほか{more}通り", first.join("、")),
    }
}

/// For programs.
pub(super) fn data(difference: &Difference) -> Value {
    let regions = difference.regions.iter().map(|region| {
        let patient = &region.patient;
        json!({
            "old": region.old,
            "new": region.new,
            "example": region.example,
            "on": patient.on,
            "application": patient.application,
            "answers_old": answers(&patient.old),
            "answers_new": answers(&patient.new),
            "acceptable": patient.is_acceptable,
        })
    });
    json!({
        "judgement": difference.name,
        "label": difference.label,
        "same": difference.is_same(),
        "proven": difference.proven == Proven::Everybody,
        "proven_for": match difference.proven {
            Proven::Everybody => "everybody",
            Proven::Complete => "complete",
            Proven::Nobody => "nobody",
        },
        "only_in": difference.only_in.map(|edition| match edition {
            Edition::Old => "old",
            Edition::New => "new",
        }),
        "regions": regions.collect::<Vec<_>>(),
        "stopped": difference.stopped,
        "unresolved": difference.unresolved,
        "not_compared": difference.not_compared,
        "meant_otherwise": difference.meant_otherwise,
        "only_old": difference.only_old,
        "only_new": difference.only_new,
    })
}

/// Answers as a case file has them: one value, or a list of codes.
fn answers(answers: &RawAnswers) -> Value {
    let all = answers.iter().map(|(name, values)| {
        let value = match values.as_slice() {
            [one] => json!(one),
            several => json!(several),
        };
        (name.clone(), value)
    });
    Value::Object(all.collect())
}
