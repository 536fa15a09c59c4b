//! Bands of a number and domains of a score.

use super::extent::Extent;
use super::interval::{End, Interval, between, common};
use super::number::{Typed, typed};
use super::scale::Scale;
use super::unit::Unit;
use super::weights::Counting;
use super::{At, Ctx, Doubted};
use crate::diagnostics as d;
use crate::reading;
use crate::visit::parts;
use crate::world::{Entity, RuleKind};
use kohyo_dsl::ast::{self, Band, Domain, ExceptionKind, Expr, ExprKind};
use kohyo_dsl::{Diagnostic, Span};
use kohyo_engine::Decimal;
use kohyo_engine::program as p;
use kohyo_engine::program::{Cond, Number, NumberKind};
use std::collections::BTreeSet;

/// Rules are opened at most so deep.
const DEPTH: u32 = 16;

impl<'a> Ctx<'_, 'a> {
    /// `bands of E { < 40 gives 0; … }` as a number. Where the bands cover everything the last one
    /// needs no condition; otherwise a number in no band has no value.
    pub(super) fn number_bands(
        &mut self,
        at: &At<'a>,
        expr: &'a Expr,
        subject: &'a Expr,
        bands: &'a [Band],
    ) -> Option<Typed> {
        let read = self.number(at, subject)?;
        let mut lowered = Vec::with_capacity(bands.len());
        let mut complete = true;
        let told = self.diagnostics.len();
        for band in bands {
            match (self.cond(at, &band.when), self.number(at, &band.gives)) {
                (Some(when), Some(gives)) => lowered.push((when, gives, band)),
                _ => complete = false,
            }
        }
        self.one_unit(told, bands);
        if bands.is_empty() {
            return self.report(d::empty_block(self.file(at), expr.span));
        }
        let block = self.banded(at, &read.number, expr, subject, bands);
        // Of a rule with a mistake nobody knows which values it can have.
        let known = !self.is_broken(at, expr) && !self.is_of_mistake(at, subject);
        let covered = known && self.check_bands(at, &block);
        self.overlaps_of_bands(at, &block);
        if known {
            self.open_ends(at, &block);
        }
        let unit = lowered.first().filter(|_| complete)?.1.unit.clone();
        for (_, gives, band) in &lowered {
            if !gives.unit.fits(&unit) {
                let (found, first) = (gives.unit.name(), unit.name());
                let file = self.file(at);
                self.diagnostics
                    .push(d::unit_mismatch(file, band.gives.span, first, found));
            }
        }
        let whole = self
            .period(at, subject)
            .map(|period| period.told(&read.number));
        let about = |number: &str, when: &Cond| {
            let rest = when.text.strip_prefix(number)?.strip_prefix('が')?;
            Some(rest.to_owned())
        };
        let in_whole = whole.filter(|whole| {
            let mut heads = lowered.iter();
            heads.any(|(when, _, _)| about(whole, when).is_some())
        });
        let subject = in_whole.as_deref().unwrap_or(&read.number.text);
        let said: Vec<String> = lowered
            .iter()
            .map(|(when, gives, _)| {
                let said = about(subject, when).or_else(|| about(&read.number.text, when));
                let said = said.unwrap_or_else(|| when.text.clone());
                format!("{said}なら{}", gives.number.text)
            })
            .collect();
        let subject = subject.to_owned();
        let mut number: Option<Number> = None;
        let mut told = String::new();
        for (when, gives, _) in lowered.into_iter().rev() {
            let rest = match number {
                None if covered => {
                    told = reading::otherwise(&gives.number.text);
                    number = Some(gives.number);
                    continue;
                }
                None => {
                    let nothing = super::dates::nothing();
                    told = reading::otherwise(&nothing.text);
                    nothing
                }
                Some(rest) => rest,
            };
            told = reading::first_match(&when.text, &gives.number.text, &told);
            let text = told.clone();
            number = Some(Number {
                kind: NumberKind::If(Box::new(when), Box::new(gives.number), Box::new(rest)),
                text,
            });
        }
        let text = format!("{subject}が{}", said.join("、"));
        Some(typed(number?.kind, text, unit))
    }

    /// `bands of E { < 40 gives mild; … }` as a grade.
    pub(super) fn grade_bands(
        &mut self,
        at: &At<'a>,
        expr: &'a Expr,
        subject: &'a Expr,
        bands: &'a [Band],
        outcomes: &[ast::Outcome],
    ) -> Option<p::Rule> {
        let counted = At {
            counts: true,
            ..at.clone()
        };
        let read = self.number(&counted, subject)?;
        let mut arms = Vec::with_capacity(bands.len());
        let mut complete = true;
        let told = self.diagnostics.len();
        for band in bands {
            let outcome = self.outcome(at, outcomes, &band.gives);
            match (self.cond(at, &band.when), outcome) {
                (Some(when), Some(outcome)) => arms.push((when, outcome)),
                _ => complete = false,
            }
        }
        self.one_unit(told, bands);
        if bands.is_empty() {
            return self.report(d::empty_block(self.file(at), expr.span));
        }
        let block = self.banded(at, &read.number, expr, subject, bands);
        let known = !self.is_broken(at, expr) && !self.is_of_mistake(at, subject);
        let covered = known && self.check_bands(at, &block);
        complete.then(|| p::Rule::Grade {
            outcomes: outcomes.iter().map(super::lower_outcome).collect(),
            arms,
            otherwise: None,
            covered,
        })
    }

    /// The unit of the first band is that of all: of what was told after `told`, a unit that is
    /// missing or wrong stays once. A range that ends with whole years is meant so where the next
    /// one begins.
    fn one_unit(&mut self, told: usize, bands: &[Band]) {
        let mut known: Vec<Diagnostic> = Vec::new();
        let of = |band: &Band, found: &Diagnostic| band.when.span.to(found.span) == band.when.span;
        for found in self.diagnostics.split_off(told) {
            let of_head = bands.iter().any(|band| of(band, &found));
            let same = |one: &Diagnostic| one.code == found.code && one.message == found.message;
            let range = |band: &Band| matches!(band.when.kind, ExprKind::InRange { .. });
            if d::is_of_period(&found) && bands.iter().any(|band| range(band) && of(band, &found)) {
                continue;
            }
            if !(of_head && d::is_of_unit(&found) && known.iter().any(same)) {
                known.push(found);
            }
        }
        self.diagnostics.append(&mut known);
    }

    /// `sum of domain { domain "皮膚" { … } … }`: of each domain the highest weight.
    pub(super) fn domains(
        &mut self,
        at: &At<'a>,
        domains: &'a [Domain],
        expr: &'a Expr,
    ) -> Option<Typed> {
        let mut parts = Vec::with_capacity(domains.len());
        let mut unit = None;
        let mut complete = true;
        for domain in domains {
            if domain.members.is_empty() {
                self.diagnostics
                    .push(d::empty_block(self.file(at), domain.span));
                complete = false;
            }
            let mut weights = Vec::with_capacity(domain.members.len());
            for member in &domain.members {
                if let Some(span) = negative_weight(member) {
                    self.diagnostics
                        .push(d::negative_weight(self.file(at), span));
                }
                let Some(weight) = self.number(at, member) else {
                    complete = false;
                    continue;
                };
                let first = unit.get_or_insert_with(|| weight.unit.clone());
                if !weight.unit.fits(first) {
                    let (first, found) = (first.name(), weight.unit.name());
                    self.diagnostics.push(d::unit_mismatch(
                        self.file(at),
                        member.span,
                        first,
                        found,
                    ));
                }
                weights.push(weight.number);
            }
            self.check_weights(at, &domain.members, &weights, Counting::Highest);
            parts.push(Number {
                kind: NumberKind::Max(weights),
                text: format!("{}（最も高い点数だけを数える）", domain.label.text),
            });
        }
        if domains.is_empty() {
            return self.report(d::empty_block(self.file(at), expr.span));
        }
        let text = "次の各領域の最高点の合計".to_owned();
        complete.then(|| typed(NumberKind::Sum(parts), text, unit.unwrap_or(Unit::None)))
    }

    /// Bands with their number as it is compared with them.
    fn banded<'b>(
        &self,
        at: &At<'a>,
        number: &Number,
        expr: &'b Expr,
        subject: &'a Expr,
        bands: &'a [Band],
    ) -> Banded<'b, 'a> {
        let conditions = bands.iter().map(|band| &band.when);
        let scale = self.scale(at, subject, Some(number), conditions);
        Banded {
            expr,
            subject,
            bands,
            number: scale.number(number),
            text: scale.subject(number),
            extent: scale.extent(self.extent(at, subject)),
            scale,
        }
    }

    /// Reports gaps and overlaps with an example of each; whether every value lies in a band.
    fn check_bands(&mut self, at: &At<'a>, block: &Banded<'_, 'a>) -> bool {
        let (extent, text) = (block.extent, block.text.as_str());
        let declared = self.declared_intervals(at, block, ExceptionKind::Gap);
        let overlaps = self.declared_intervals(at, block, ExceptionKind::Overlap);
        let Some(mut intervals) = self.intervals(block) else {
            return false;
        };
        let file = self.file(at);
        let named = self.is_named(block.expr);
        for gap in declared.iter().filter(|gap| !gap.lies_in(extent)) {
            self.diagnostics.push(d::no_such_gap(file, gap.span, text));
        }
        let holes = holes(&mut intervals, extent, &block.scale, &declared);
        intervals.extend(&declared);
        intervals.sort_by_key(|interval| interval.low);
        let said = |value| extent.digits(block.scale.written(value));
        let sweep = sweep(&intervals, extent, &block.scale);
        for found in sweep.found {
            match found {
                Found::Gap {
                    span,
                    between,
                    region,
                    example,
                } => {
                    let example = said(example);
                    let finding = d::band_gap(file, span, text, &between, &example, named);
                    self.doubt(finding, Doubted::Gap, region.condition(&block.number));
                }
                Found::NoGap {
                    span,
                    band,
                    example,
                } => {
                    let example = format!("例: {text} {}", said(example));
                    let inside = holes.iter().find(|(gap, ..)| *gap == span);
                    let finding = match inside {
                        Some((_, hole, between)) => {
                            let only = hole.point().map(said);
                            d::gap_beside_bands(file, span, text, only.as_deref(), between)
                        }
                        None => d::no_such_gap(file, span, text),
                    };
                    let finding = finding
                        .note(example)
                        .label(file, band, "ここに当てはまります");
                    // Bands of the same number in another arm have no such gap either.
                    let told = |one: &Diagnostic| one.code == finding.code && one.span == span;
                    if !self.diagnostics.iter().any(told) {
                        self.diagnostics.push(finding);
                    }
                }
                Found::Overlap {
                    span,
                    first,
                    region,
                    example,
                } => {
                    let region = region.fitted(extent);
                    if overlaps.iter().any(|overlap| overlap.contains(region)) {
                        continue;
                    }
                    let example = said(example);
                    let finding = d::band_overlap(file, span, first, text, &example, named);
                    self.doubt(finding, Doubted::Overlap, region.condition(&block.number));
                }
            }
        }
        sweep.covered && declared.is_empty()
    }

    /// Reports where bands of a number end that itself has no end that is known, such as an age; no
    /// time is taken to be less than nothing. Inside of a condition, which may be about the number,
    /// nothing is said.
    fn open_ends(&mut self, at: &At<'a>, block: &Banded<'_, 'a>) {
        let (extent, text) = (block.extent, block.text.as_str());
        let Some(step) = extent.step else { return };
        if !at.facts.are_none() || !self.counts_time(at, block.subject, DEPTH) {
            return;
        }
        let declared = self.declared_intervals(at, block, ExceptionKind::Gap);
        let Some(mut intervals) = self.intervals(block) else {
            return;
        };
        intervals.extend(declared);
        let (file, named) = (self.file(at), self.is_named(block.expr));
        let shown = |value| extent.digits(block.scale.written(value));
        let lowest = intervals.iter().min_by_key(|interval| interval.low);
        if let (None, Some(lowest)) = (extent.low, lowest)
            && let Some(low) = lowest.low
            && (low.at > Decimal::ZERO || low.at.is_zero() && low.open)
        {
            let nothing = End {
                at: Decimal::ZERO,
                open: false,
            };
            let region = Interval {
                low: Some(nothing),
                ..lowest.below()
            };
            let example = shown(if low.open { low.at } else { low.at - step });
            let between = said(low, &block.scale, "未満", "以下");
            let finding = d::band_gap(file, lowest.span, text, &between, &example, named);
            self.doubt(finding, Doubted::Gap, region.condition(&block.number));
        }
        let highest = intervals
            .iter()
            .copied()
            .reduce(|one, two| if one.reaches(two) { one } else { two });
        if let (None, Some(highest)) = (extent.high, highest)
            && let Some(high) = highest.high
        {
            let example = shown(if high.open { high.at } else { high.at + step });
            let between = said(high, &block.scale, "を超える", "以上");
            let finding = d::band_gap(file, highest.span, text, &between, &example, named);
            self.doubt(
                finding,
                Doubted::Gap,
                highest.above().condition(&block.number),
            );
        }
    }

    /// Whether a number is an age or a period.
    fn counts_time(&self, at: &At<'a>, subject: &'a Expr, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return false;
        };
        match &subject.kind {
            ExprKind::Age { .. } | ExprKind::Elapsed { .. } => true,
            ExprKind::Labelled(_, inner) => self.counts_time(at, inner, depth),
            _ => match self.entity(at, subject) {
                Some(Entity::Rule(rule)) => {
                    let rule = &self.world.rules[rule];
                    let inside = At::new(rule.unit, at.place);
                    match rule.kind {
                        RuleKind::Value(x, _) | RuleKind::Score(x) => {
                            self.counts_time(&inside, &x.rule, depth)
                        }
                        _ => false,
                    }
                }
                _ => false,
            },
        }
    }

    /// The overlaps that are declared of a number chosen by bands are there: some value that it can
    /// have lies in the declared range and in two of the bands.
    fn overlaps_of_bands(&mut self, at: &At<'a>, block: &Banded<'_, 'a>) {
        let extent = block.extent;
        let declared = self.declared_intervals(at, block, ExceptionKind::Overlap);
        let Some(bands) = self.intervals(block) else {
            return;
        };
        for overlap in declared {
            let (file, text) = (self.file(at), block.text.as_str());
            let finding = if !is_shared(&bands, overlap, extent) {
                d::no_such_overlap(file, overlap.span, text)
            } else if let Some(value) = shared_by_none(&bands, overlap, extent) {
                let value = extent.digits(block.scale.written(value));
                let finding = d::wide_overlap(file, overlap.span, text);
                finding.note(format!("例: {text} {value}"))
            } else {
                continue;
            };
            if !self.diagnostics.contains(&finding) {
                self.diagnostics.push(finding);
            }
        }
    }

    /// Whether one of these heads of a table holds for whoever has answered what they ask.
    pub(super) fn covers(&self, at: &At<'a>, heads: &[&'a Expr]) -> bool {
        if heads
            .iter()
            .any(|head| matches!(head.kind, ExprKind::Bool(true)))
        {
            return true;
        }
        self.covers_codes(at, heads)
            || self.covers_numbers(at, heads)
            || self.covers_outcomes(at, heads)
    }

    /// Every known code of one question is named.
    fn covers_codes(&self, at: &At<'a>, heads: &[&'a Expr]) -> bool {
        let Some((Entity::Field(field), named)) = self.options_named(at, heads) else {
            return false;
        };
        self.world.fields[field].table.is_some_and(|table| {
            let codes = self.world.tables[table].codes.iter();
            let mut known = codes.filter(|code| !code.unknown);
            known.all(|code| named.contains(code.name.text.as_str()))
        })
    }

    /// Every outcome of one grade is named, and one of them comes out for whoever has answered what it
    /// asks.
    fn covers_outcomes(&self, at: &At<'a>, heads: &[&'a Expr]) -> bool {
        let Some((Entity::Rule(rule), named)) = self.options_named(at, heads) else {
            return false;
        };
        let rule = &self.world.rules[rule];
        let RuleKind::Grade(grade, outcomes) = rule.kind else {
            return false;
        };
        let mut outcomes = outcomes.iter();
        outcomes.all(|outcome| named.contains(outcome.name.text.as_str()))
            && self.comes_to_an_outcome(&At::new(rule.unit, at.place), &grade.rule)
    }

    /// The one thing that all these heads say is some of its options, and all of those.
    fn options_named(
        &self,
        at: &At<'a>,
        heads: &[&'a Expr],
    ) -> Option<(Entity<'a>, BTreeSet<&'a str>)> {
        let mut asked = None;
        let mut named = BTreeSet::new();
        for head in heads {
            let ExprKind::Is {
                subject,
                negated: false,
                options,
            } = &head.kind
            else {
                return None;
            };
            let entity = self.entity(at, subject)?;
            if *asked.get_or_insert(entity) != entity {
                return None;
            }
            named.extend(options.iter().map(|option| option.text.as_str()));
        }
        Some((asked?, named))
    }

    /// Every number that can be answered to one question, or come out of one rule, lies in a range.
    fn covers_numbers(&self, at: &At<'a>, heads: &[&'a Expr]) -> bool {
        let about = |head: &&'a Expr| match &head.kind {
            ExprKind::Compare { left, .. } => Some(&**left),
            ExprKind::InRange { subject, .. } => Some(&**subject),
            _ => None,
        };
        let Some(first) = heads.first().and_then(about) else {
            return false;
        };
        let scale = self.scale(at, first, None, heads.iter().copied());
        let mut asked = None;
        let mut intervals = Vec::with_capacity(heads.len());
        for head in heads {
            let Some(subject) = about(head) else {
                return false;
            };
            let (Some(entity @ (Entity::Field(_) | Entity::Rule(_))), Some(interval)) = (
                self.entity(at, subject),
                self.interval(&scale, head, head.span),
            ) else {
                return false;
            };
            if *asked.get_or_insert(entity) != entity {
                return false;
            }
            intervals.push(interval);
        }
        intervals.sort_by_key(|interval| interval.low);
        let extent = scale.extent(self.extent(at, first));
        sweep(&intervals, extent, &scale).covered
    }

    /// Whether a grade has an outcome whenever what it asks is answered, which is taken to be so only
    /// where it reads nothing but answers: what is calculated may have no value.
    fn comes_to_an_outcome(&self, at: &At<'a>, rule: &'a Expr) -> bool {
        match &rule.kind {
            ExprKind::FirstMatch {
                arms,
                otherwise: Some(_),
            } => arms.iter().all(|(_, when)| self.reads_answers(at, when)),
            ExprKind::Bands { subject, bands } => {
                let heads: Vec<&Expr> = bands.iter().map(|band| &band.when).collect();
                self.reads_answers(at, subject) && self.covers_numbers(at, &heads)
            }
            _ => false,
        }
    }

    /// Whether a condition compares answers with what is written, and nothing else.
    fn reads_answers(&self, at: &At<'a>, expr: &'a Expr) -> bool {
        match &expr.kind {
            ExprKind::Ref(_) => matches!(self.entity(at, expr), Some(Entity::Field(_))),
            ExprKind::Number(_) | ExprKind::Date(_) => true,
            ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Unless(..)
            | ExprKind::Block { .. }
            | ExprKind::Labelled(..)
            | ExprKind::Compare { .. }
            | ExprKind::InRange { .. }
            | ExprKind::Is { .. }
            | ExprKind::Includes { .. } => parts(expr)
                .into_iter()
                .all(|part| self.reads_answers(at, part)),
            _ => false,
        }
    }

    /// The values of the bands, as they are compared.
    pub(super) fn intervals(&self, block: &Banded<'_, 'a>) -> Option<Vec<Interval>> {
        let bands = block.bands.iter();
        bands
            .map(|band| self.interval(&block.scale, &band.when, band.span))
            .collect()
    }

    /// The values of which `when` holds, as they are compared. Nothing if they cannot be read off the
    /// text: in a unit that is not declared to be converted.
    pub(super) fn interval(&self, scale: &Scale, when: &Expr, span: Span) -> Option<Interval> {
        Interval::of(when, span, self.factor(scale, when)?)
    }
}

/// Whether values of which an overlap is declared lie in two of these bands.
pub(super) fn is_shared(bands: &[Interval], overlap: Interval, extent: Extent) -> bool {
    let holds = |band: &&Interval| band.and(overlap).lies_in(extent);
    bands.iter().filter(holds).enumerate().any(|(index, one)| {
        let before = bands.iter().filter(holds).take(index);
        before
            .map(|two| one.and(*two).and(overlap))
            .any(|both| !both.is_empty() && both.lies_in(extent))
    })
}

/// A value of which an overlap is declared that does not lie in two of these bands.
fn shared_by_none(bands: &[Interval], overlap: Interval, extent: Extent) -> Option<Decimal> {
    let declared = overlap.fitted(extent);
    let around = bands.iter().chain([&declared]);
    let mut ends: Vec<Decimal> = around
        .flat_map(|band| [band.low, band.high])
        .flatten()
        .map(|end| end.at)
        .collect();
    ends.sort_unstable();
    let between = ends
        .iter()
        .zip(ends.iter().skip(1))
        .filter_map(|(low, high)| low.checked_add(*high)?.checked_div(Decimal::TWO));
    let step = extent.step.unwrap_or(Decimal::ONE);
    let beside = ends
        .iter()
        .flat_map(|end| [end.checked_sub(step), end.checked_add(step)])
        .flatten();
    let fits = |value: &Decimal| Interval::at(*value, overlap.span).lies_in(extent);
    let values = ends.iter().copied().chain(beside).chain(between);
    let mut values = values.filter(|value| declared.has(*value) && fits(value));
    values.find(|value| bands.iter().filter(|band| band.has(*value)).count() < 2)
}

/// Bands of a number.
pub(super) struct Banded<'b, 'a> {
    pub(super) expr: &'b Expr,
    pub(super) subject: &'a Expr,
    pub(super) bands: &'a [Band],
    pub(super) scale: Scale,
    /// The number, as it is compared.
    number: Number,
    /// What it is called, with its unit if that is not its own.
    text: String,
    pub(super) extent: Extent,
}

/// Something wrong with the bands.
enum Found {
    Gap {
        span: Span,
        between: String,
        /// Where it is.
        region: Interval,
        example: Decimal,
    },
    /// A declared gap in which a band lies.
    NoGap {
        span: Span,
        band: Span,
        example: Decimal,
    },
    Overlap {
        span: Span,
        first: Span,
        /// The values in both.
        region: Interval,
        example: Decimal,
    },
}

/// Of each gap that is declared the first that the bands really have there, and between which bands it is.
fn holes(
    bands: &mut [Interval],
    extent: Extent,
    scale: &Scale,
    declared: &[Interval],
) -> Vec<(Span, Interval, String)> {
    if declared.is_empty() {
        return Vec::new();
    }
    bands.sort_by_key(|interval| interval.low);
    let mut holes = Vec::new();
    for found in sweep(bands, extent, scale).found {
        let Found::Gap {
            region, between, ..
        } = found
        else {
            continue;
        };
        let region = region.fitted(extent);
        let around = declared.iter().filter(|gap| {
            let both = gap.and(region).fitted(extent);
            !both.is_empty()
        });
        holes.extend(around.map(|gap| (gap.span, region, between.clone())));
    }
    holes
}

struct Sweep {
    found: Vec<Found>,
    covered: bool,
}

/// Goes through the bands from the lowest to the highest.
fn sweep(intervals: &[Interval], extent: Extent, scale: &Scale) -> Sweep {
    let said = |end: End, closed, open| said(end, scale, closed, open);
    let mut found = Vec::new();
    let mut covered = true;
    let (Some(lowest), Some(first)) = (intervals.first(), intervals.first()) else {
        return Sweep {
            found,
            covered: false,
        };
    };
    if let Some(low) = lowest.low {
        match extent.low {
            Some(least) if least < low.at || least == low.at && low.open => {
                covered = false;
                found.push(Found::Gap {
                    span: lowest.span,
                    between: said(low, "未満", "以下"),
                    region: lowest.below(),
                    example: least,
                });
            }
            Some(_) => {}
            None => covered = false,
        }
    }
    // The highest value reached so far, and the band that reaches it.
    let mut reach = *first;
    for next in intervals.iter().skip(1) {
        if let Some(example) = common(reach, *next, extent.step) {
            found.push(match (reach.declared, next.declared) {
                (false, false) => Found::Overlap {
                    span: next.span,
                    first: reach.span,
                    region: reach.and(*next),
                    example,
                },
                (true, _) => Found::NoGap {
                    span: reach.span,
                    band: next.span,
                    example,
                },
                (false, true) => Found::NoGap {
                    span: next.span,
                    band: reach.span,
                    example,
                },
            });
        } else if let (Some(end), Some(start)) = (reach.high, next.low)
            && let Some(example) = between(end, start, extent.step)
        {
            covered = false;
            found.push(Found::Gap {
                span: next.span,
                between: format!(
                    "{}と{}の間",
                    said(end, "以下", "未満"),
                    said(start, "以上", "を超える")
                ),
                region: reach.above().and(next.below()),
                example,
            });
        }
        if !reach.reaches(*next) {
            reach = *next;
        }
    }
    if let Some(high) = reach.high {
        match extent.high {
            Some(most) if most > high.at || most == high.at && high.open => {
                covered = false;
                found.push(Found::Gap {
                    span: reach.span,
                    between: said(high, "を超える", "以上"),
                    region: reach.above(),
                    example: most,
                });
            }
            Some(_) => {}
            None => covered = false,
        }
    }
    Sweep { found, covered }
}

/// `40以上`, `40を超える`
fn said(end: End, scale: &Scale, closed: &str, open: &str) -> String {
    let word = if end.open { open } else { closed };
    format!("{}{word}", scale.written(end.at).normalize())
}

/// Where a weight below zero is written.
fn negative_weight(member: &Expr) -> Option<Span> {
    match &member.kind {
        ExprKind::Points { amount, .. } => negative_weight(amount),
        ExprKind::Labelled(_, inner) => negative_weight(inner),
        ExprKind::Negative(inner) => {
            matches!(inner.kind, ExprKind::Number(_)).then_some(member.span)
        }
        _ => None,
    }
}
