//! Fields: whether they are shown, and what is written in them.

use super::memory::Part;
use super::words::Codes;
use super::{Range, Subject, Translated, Walk, Words, literal};
use kohyo_engine::Decimal;
use kohyo_engine::program::{FieldId, FieldType, Index};
use std::collections::BTreeMap;

impl<W: Words> Walk<'_, W> {
    /// Whether a field is shown.
    pub(crate) fn shown(&mut self, id: FieldId) -> Translated<W::Truth> {
        let say = |walk: &mut Self| walk.find_shown(id);
        self.once(Part::Shown(id.0), |memory| &mut memory.truths, say)
    }

    fn find_shown(&mut self, id: FieldId) -> Translated<W::Truth> {
        let Some(field) = self.field(id) else {
            return Ok(W::known(false));
        };
        let mut shown = match &field.shown_when {
            None => W::known(true),
            Some(when) => self.condition(when)?,
        };
        if let Some(only) = field.only {
            shown = W::all(vec![self.words.application(only), shown]);
        }
        Ok(self.words.keep_truth(Subject::Shown(field), shown))
    }

    pub(super) fn all_shown(&mut self, fields: &[FieldId]) -> Translated<W::Truth> {
        let shown: Translated<Vec<_>> = fields.iter().map(|field| self.shown(*field)).collect();
        Ok(W::all(shown?))
    }

    /// The value of a field that is shown for certain, or its codes; nothing if it is not.
    fn values(&mut self, id: FieldId) -> Translated<String> {
        let say = |walk: &mut Self| walk.find_values(id);
        self.once(Part::Value(id.0), |memory| &mut memory.texts, say)
    }

    fn find_values(&mut self, id: FieldId) -> Translated<String> {
        let shown = self.shown(id)?;
        Ok(match self.field(id) {
            Some(field) => self.words.values(id, field, &shown),
            None => W::NOTHING.to_owned(),
        })
    }

    // ---- codes

    /// The code is one of these; one marked unknown leaves that open if a known one is among these.
    pub(super) fn is_code(&mut self, id: FieldId, codes: &[Index]) -> Translated<W::Truth> {
        let values = self.values(id)?;
        let table = self.codes(id);
        let named = |index: &Index| codes.contains(index);
        let some_known = (0..)
            .zip(table)
            .any(|(index, code)| named(&index) && !code.unknown);
        let mut chosen = Codes::default();
        for (index, code) in (0..).zip(table) {
            let list = if named(&index) {
                &mut chosen.yes
            } else if code.unknown && some_known {
                &mut chosen.open
            } else {
                &mut chosen.no
            };
            list.push(W::quoted(&code.value));
        }
        Ok(W::is_one_of(&values, &chosen))
    }

    /// A code marked unknown among the chosen ones leaves open whether others hold as well.
    pub(super) fn includes(&mut self, id: FieldId, code: Index) -> Translated<W::Truth> {
        let values = self.values(id)?;
        let table = self.codes(id);
        let Some(asked) = table.get(usize::from(code)) else {
            return Ok(W::unknown());
        };
        let clouding = table.iter().filter(|code| code.unknown && !asked.unknown);
        let clouding: Vec<String> = clouding.map(|code| W::quoted(&code.value)).collect();
        Ok(W::includes(&values, &W::quoted(&asked.value), &clouding))
    }

    // ---- numbers and days

    /// Where the answer to a number field lies.
    pub(super) fn field_number(&mut self, id: FieldId) -> Translated<Range> {
        let values = self.values(id)?;
        let Some(field) = self.field(id) else {
            return Ok(W::anything());
        };
        if !matches!(field.ty, FieldType::Number { .. }) {
            return Ok(W::anything());
        }
        let (low, high) =
            (field.ty.numbers()).map_or((None, None), |(low, high, _)| (Some(low), Some(high)));
        let range = Range {
            low: W::number(&values, low),
            high: W::number(&values, high),
        };
        Ok(self.words.keep_range(Subject::Number(field), range))
    }

    /// What the chosen code counts; every known code remains possible where it is not known.
    pub(super) fn points(&mut self, id: FieldId) -> Translated<Range> {
        let values = self.values(id)?;
        let Some(field) = self.field(id) else {
            return Ok(W::anything());
        };
        let known = self.codes(id).iter().filter(|code| !code.unknown);
        let mut codes: BTreeMap<Decimal, Vec<String>> = BTreeMap::new();
        for code in known {
            if let Some(points) = code.points {
                codes
                    .entry(points)
                    .or_default()
                    .push(W::quoted(&code.value));
            }
        }
        let or_else = |bound: Option<&Decimal>| {
            let bound = bound.map_or(W::NOTHING.to_owned(), |points| literal(*points));
            W::points(&values, &codes, &bound)
        };
        let range = Range {
            low: or_else(codes.keys().next()),
            high: or_else(codes.keys().next_back()),
        };
        Ok(self.words.keep_range(Subject::Points(field), range))
    }

    /// The first and the last day of a date field.
    pub(super) fn field_days(&mut self, id: FieldId) -> Translated<Range> {
        let values = self.values(id)?;
        Ok(match self.field(id) {
            Some(field) => self.words.keep_range(Subject::Day(field), W::days(&values)),
            None => W::anything(),
        })
    }
}
