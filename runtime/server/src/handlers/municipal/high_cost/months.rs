//! Months as people say them, for questions that say how long ago they were.

use crate::assess::Assessed;
use kohyo_engine::program::Field;
use kohyo_engine::{
    Date, ExplainNode, Outcome, PageField, PageMember, PageOption, PageView, RawAnswers,
};

/// The month of the application.
pub(super) const APPLIED: &str = "applied";
/// How many months before it the disease began.
pub(super) const ONSET: &str = "onset_month";
/// In front of the number of a month: `month_0` is that of the application.
const COST: &str = "month_";
/// How the words for the cost of a month end.
const COST_WORD: &str = "医療費";
/// Stands for everything earlier than the months that are asked.
const EARLIER: i32 = 12;

/// A month, counted from the beginning of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Month(i32);

impl Month {
    /// The month of a date; nothing if only its year is known.
    pub(super) fn of(date: Date) -> Option<Self> {
        let month = date.month_number()?;
        Some(Self(
            i32::from(date.year_number()) * 12 + i32::from(month) - 1,
        ))
    }

    /// `2026-11`, as the page writes it; a day after it is left out.
    pub(super) fn read(text: &str) -> Option<Self> {
        text.parse().ok().and_then(Self::of)
    }

    fn back(self, months: i32) -> Self {
        Self(self.0 - months)
    }

    /// How many months it is after another.
    fn since(self, other: Self) -> i32 {
        self.0 - other.0
    }

    /// `2026-11`.
    pub(super) fn written(self) -> String {
        format!("{:04}-{:02}", self.0 / 12, self.0 % 12 + 1)
    }

    pub(super) fn first_day(self) -> Option<Date> {
        format!("{}-01", self.written()).parse().ok()
    }

    /// `令和8年11月`.
    fn japanese(self) -> String {
        let written = self.written();
        kohyo_pages::wareki(&written).unwrap_or(written)
    }
}

/// The month of the application that is filled in, if it can be read.
pub(super) fn applied(assessed: &Assessed) -> Option<Month> {
    let id = assessed.form.field_id(APPLIED)?;
    let values = assessed.raw.get(APPLIED)?;
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    match kohyo_engine::read_one(&assessed.form, id, &values) {
        Ok(kohyo_engine::Answer::Date(date)) => Month::of(date),
        _ => None,
    }
}

/// How many months ago a record says that the disease began; nothing if it does not say
/// so exactly enough.
pub(super) fn onset(record: &RawAnswers, applied: Month) -> Option<String> {
    let written = record.get("onset")?.first()?;
    let date: Date = written.trim().replace('/', "-").parse().ok()?;
    let ago = match Month::of(date) {
        Some(month) => applied.since(month),
        // Of a year alone the last month says whether all of it is long ago.
        None => {
            let december = i32::from(date.year_number()) * 12 + 11;
            let ago = applied.since(Month(december));
            (ago >= EARLIER).then_some(ago)?
        }
    };
    (ago >= 0).then(|| ago.min(EARLIER).to_string())
}

/// The answers when the months are counted from `to` instead of `from`: each amount stays with its
/// month, and those outside of the twelve are left out.
pub(super) fn moved(raw: &RawAnswers, from: Month, to: Month) -> RawAnswers {
    let by = to.since(from);
    let mut moved = RawAnswers::new();
    for (name, values) in raw {
        let name = match self::ago(name) {
            Some(ago) if (0..EARLIER).contains(&(ago + by)) => format!("{COST}{}", ago + by),
            Some(_) => continue,
            None => name.clone(),
        };
        moved.insert(name, values.clone());
    }
    let ago = raw.get(ONSET).and_then(|ago| ago.first()?.parse().ok());
    match ago {
        // 12 is also what began earlier: nearer to it than it was, nobody knows any more.
        Some(ago @ 0..=EARLIER) if (ago < EARLIER || by >= 0) && ago + by >= 0 => {
            let ago = (ago + by).min(EARLIER);
            moved.insert(ONSET.to_owned(), vec![ago.to_string()]);
        }
        _ => {
            moved.remove(ONSET);
        }
    }
    moved
}

/// What is drawn of a filled form.
pub(super) struct Named {
    pub(super) view: PageView,
    pub(super) outcome: Outcome,
}

/// A filled form with its months named, counted from the month of the application in it.
pub(super) fn named(assessed: &Assessed) -> Named {
    match applied(assessed) {
        Some(month) => named_from(assessed, month),
        None => Named {
            view: assessed.view.clone(),
            outcome: assessed.outcome.clone(),
        },
    }
}

/// The same, counted from a month that was perhaps not written in it.
pub(super) fn named_from(assessed: &Assessed, applied: Month) -> Named {
    let names = Names::of(assessed, applied);
    let mut view = assessed.view.clone();
    for section in &mut view.sections {
        names.members(&mut section.members);
    }
    let mut outcome = assessed.outcome.clone();
    for judgement in &mut outcome.judgements {
        names.reasons(&mut judgement.explanation);
    }
    for item in outcome.missing.iter_mut().flat_map(|set| &mut set.items) {
        item.label = names.within(&item.label);
    }
    for item in outcome.what_if.iter_mut().flat_map(|what| &mut what.items) {
        item.label = names.within(&item.label);
    }
    Named { view, outcome }
}

/// The words of the definition for the months, with the months they mean.
struct Names {
    applied: Month,
    /// `3か月前の医療費`, 3: the longest first, because `1か月前` ends `11か月前`.
    costs: Vec<(String, i32)>,
}

impl Names {
    fn of(assessed: &Assessed, applied: Month) -> Self {
        let fields = assessed.form.program().fields.iter();
        let cost = |field: &Field| Some((field.label.clone(), ago(&field.name)?));
        let mut costs: Vec<(String, i32)> = fields.filter_map(cost).collect();
        costs.sort_by_key(|(label, _)| std::cmp::Reverse(label.len()));
        Self { applied, costs }
    }

    /// `「令和8年8月の医療費」を…` for `「3か月前の医療費」を…`.
    fn within(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (label, ago) in &self.costs {
            if text.contains(label.as_str()) {
                let month = self.applied.back(*ago).japanese();
                text = text.replace(label.as_str(), &format!("{month}の{COST_WORD}"));
            }
        }
        text
    }

    /// `令和8年8月（医療費が…）` for `3か月前（3か月前の医療費が…）`.
    fn reasons(&self, nodes: &mut [ExplainNode]) {
        for node in nodes {
            let counted = self.costs.iter().find_map(|(label, ago)| {
                let month = label.strip_suffix(COST_WORD)?.strip_suffix('の')?;
                let rule = node.text.strip_prefix(month)?.strip_prefix('（')?;
                let month = self.applied.back(*ago).japanese();
                Some(format!(
                    "{month}（{}",
                    rule.replace(label.as_str(), COST_WORD)
                ))
            });
            node.text = counted.unwrap_or_else(|| self.within(&node.text));
            self.reasons(&mut node.children);
        }
    }

    fn members(&self, members: &mut [PageMember]) {
        for member in members {
            match member {
                PageMember::Group(group) => self.members(&mut group.members),
                PageMember::Field(field) => self.field(field),
                PageMember::Note { .. } | PageMember::Display { .. } => {}
            }
        }
    }

    fn field(&self, field: &mut PageField) {
        for finding in &mut field.findings {
            finding.message = self.within(&finding.message);
        }
        if let Some(ago) = ago(&field.name) {
            field.label = match ago {
                0 => told(self.applied, 0),
                _ => self.applied.back(ago).japanese(),
            };
            // The same words at twelve questions say nothing.
            field.hint = String::new();
        } else if field.name == ONSET {
            list(field, self.applied);
        } else if field.name == APPLIED {
            field.hint = format!("西暦 例: {}", self.applied.written());
        }
    }
}

/// How many months ago the cost was that a question asks for.
fn ago(name: &str) -> Option<i32> {
    name.strip_prefix(COST)?.parse().ok()
}

/// A number of months becomes a list of the months to choose from.
fn list(field: &mut PageField, applied: Month) {
    let written = field.values.first().map(|value| value.trim());
    let option = |ago: i32| PageOption {
        value: ago.to_string(),
        label: match ago {
            EARLIER => format!("{}以前", applied.back(ago).japanese()),
            _ => told(applied, ago),
        },
        chosen: written == Some(ago.to_string().as_str()),
    };
    field.options = (0..=EARLIER).map(option).collect();
    if let Some(chosen) = field.options.iter().find(|option| option.chosen) {
        field.text = chosen.label.clone();
    }
    "発症した月".clone_into(&mut field.label);
    field.input = "choice";
    field.hint = String::new();
    field.unit = None;
}

/// `令和8年10月（1か月前）`
fn told(applied: Month, ago: i32) -> String {
    let month = applied.back(ago).japanese();
    match ago {
        0 => format!("{month}（申請月）"),
        _ => format!("{month}（{ago}か月前）"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

    use super::*;

    fn month(text: &str) -> Month {
        Month::read(text).unwrap()
    }

    fn raw(pairs: &[(&str, &str)]) -> RawAnswers {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), vec![(*value).to_owned()]);
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn months_are_counted_back_over_the_new_year_and_the_new_era() {
        let january = month("2020-01");
        assert_eq!(january.back(1).written(), "2019-12");
        assert_eq!(january.back(8).japanese(), "令和元年5月");
        assert_eq!(january.back(9).japanese(), "平成31年4月");
        assert_eq!(Month::read("2026"), None);
    }

    #[test]
    fn the_record_says_when_the_disease_began() {
        let code = |onset: &str| super::onset(&raw(&[("onset", onset)]), month("2026-11"));
        assert_eq!(code("2026-11").as_deref(), Some("0"));
        assert_eq!(code("2026-08").as_deref(), Some("3"));
        assert_eq!(code("2025-12").as_deref(), Some("11"));
        assert_eq!(code("2019-05").as_deref(), Some("12"));
        assert_eq!(code("2024").as_deref(), Some("12"));
        assert_eq!(code("2025").as_deref(), None, "November or December?");
        assert_eq!(code("2026-12"), None);
        assert_eq!(code("unknown"), None);
    }

    #[test]
    fn an_amount_stays_with_its_month() {
        let (november, january) = (month("2026-11"), month("2027-01"));
        let answers = raw(&[
            ("applied", "2027-01"),
            ("onset_month", "3"),
            ("month_0", "1"),
            ("month_9", "2"),
            ("month_10", "3"),
        ]);
        let later = moved(&answers, november, january);
        let expected = [
            ("applied", "2027-01"),
            ("onset_month", "5"),
            ("month_2", "1"),
            ("month_11", "2"),
        ];
        assert_eq!(later, raw(&expected));
        let back = moved(&later, january, november);
        assert_eq!(back.get("month_0"), answers.get("month_0"));
        assert_eq!(back.get("onset_month"), answers.get("onset_month"));
        let long_ago = raw(&[("onset_month", "12")]);
        assert_eq!(moved(&long_ago, november, january), long_ago);
        assert!(
            moved(&long_ago, january, november).is_empty(),
            "perhaps it was 11 months ago"
        );
    }
}
