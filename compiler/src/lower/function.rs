//! Functions written in Rhai: their heads are typed, their scripts are tried, calls are checked.

use super::number::{Typed, is_built_in, typed};
use super::unit::Unit;
use super::{At, Ctx, Place};
use crate::diagnostics as d;
use crate::suggest::nearest;
use crate::world::Function;
use kohyo_dsl::ast::{self, Expr, TypeKind};
use kohyo_engine::Decimal;
use kohyo_engine::program as p;
use kohyo_engine::program::NumberKind;
use std::collections::BTreeSet;

/// Digits before and after the point of a result, its unit and its range.
struct Result {
    digits: u8,
    fraction: u8,
    unit: Option<String>,
    min: Option<Decimal>,
    max: Option<Decimal>,
}

/// Digits of a whole result.
const WHOLE_DIGITS: u8 = 18;

/// Most digits of a result.
const MOST_DIGITS: u8 = 28;

impl<'a> Ctx<'_, 'a> {
    /// The functions of the form. One that was reported stands for its position all the same.
    pub(super) fn functions(&mut self) -> Vec<p::ScriptFunction> {
        let world = self.world;
        world.functions.iter().map(|f| self.function(f)).collect()
    }

    fn function(&mut self, function: &Function<'a>) -> p::ScriptFunction {
        let ast = function.ast;
        let file = self.world.file(function.unit);
        if is_built_in(&ast.name.text) {
            self.diagnostics.push(d::function_head(
                file,
                ast.name.span,
                format!("「{}」は初めからある関数です", ast.name.text),
                "別の名前にします",
            ));
        }
        let mut seen = BTreeSet::new();
        for parameter in &ast.parameters {
            if !seen.insert(parameter.name.text.as_str()) {
                self.diagnostics.push(d::function_head(
                    file,
                    parameter.name.span,
                    format!("引数「{}」が 2 つあります", parameter.name.text),
                    "引数の名前はそれぞれ別にします",
                ));
            }
        }
        let at = At::new(function.unit, Place::Definition);
        let result = self.function_result(&at, ast);
        let (digits, fraction) = result.as_ref().map_or((1, 0), |r| (r.digits, r.fraction));
        let (min, max) = result.as_ref().map_or((None, None), |r| (r.min, r.max));
        let lowered = p::ScriptFunction {
            name: function.full_name.clone(),
            label: ast.title().to_owned(),
            cites: super::cited(&ast.cites),
            parameters: ast.parameters.iter().map(parameter).collect(),
            digits,
            fraction,
            unit: result.and_then(|r| r.unit),
            min,
            max,
            script: ast.script.text.clone(),
        };
        if let Err(error) = kohyo_engine::check_script(&lowered) {
            self.diagnostics.push(d::script(file, &ast.script, &error));
        }
        lowered
    }

    fn function_result(&mut self, at: &At<'a>, ast: &'a ast::Function) -> Option<Result> {
        let file = self.file(at);
        let (digits, fraction, unit, range) = match &ast.result.kind {
            TypeKind::Integer { unit, range } => (WHOLE_DIGITS, 0, unit, range),
            TypeKind::Decimal {
                digits,
                fraction,
                unit,
                range,
            } => (*digits, *fraction, unit, range),
            _ => {
                return self.report(d::function_head(
                    file,
                    ast.result.span,
                    "関数の結果は decimal か integer です".to_owned(),
                    "例: `: decimal 4.2`",
                ));
            }
        };
        if digits == 0 || digits > MOST_DIGITS || fraction > digits {
            return self.report(d::function_digits(file, ast.result.span));
        }
        let (min, max) = self.range(at, range.as_ref(), fraction, digits)?;
        Some(Result {
            digits,
            fraction,
            unit: unit.as_ref().map(|u| u.text.clone()),
            min,
            max,
        })
    }

    /// `z(height, months)`: a call of a function of the form.
    pub(super) fn script(
        &mut self,
        at: &At<'a>,
        name: &'a ast::Name,
        arguments: &'a [Expr],
    ) -> Option<Typed> {
        let file = self.file(at);
        let world = self.world;
        let (position, function) = match world.function(at.site.unit, name) {
            Err(ambiguous) => return self.report(*ambiguous),
            Ok(Some(found)) => found,
            Ok(None) => {
                let meant = nearest(&name.text, world.function_names(at.site.unit));
                return self.report(d::unknown_function(file, name, meant));
            }
        };
        let ast = function.ast;
        if arguments.len() != ast.parameters.len() {
            let arity = ast.parameters.len();
            return self.report(d::wrong_arity(file, name, arity, arguments.len()));
        }
        let lowered: Vec<Option<Typed>> = arguments.iter().map(|a| self.number(at, a)).collect();
        let lowered: Vec<Typed> = lowered.into_iter().collect::<Option<_>>()?;
        for ((argument, parameter), expr) in lowered.iter().zip(&ast.parameters).zip(arguments) {
            let wanted = Unit::of(parameter.unit.as_ref());
            // A parameter without a unit takes what it is given.
            if parameter.unit.is_some() && !argument.unit.fits(&wanted) {
                self.diagnostics.push(d::unit_mismatch(
                    file,
                    expr.span,
                    wanted.name(),
                    argument.unit.name(),
                ));
            }
            if parameter.whole && self.has_fraction(&argument.number) {
                self.diagnostics
                    .push(d::whole_argument(file, expr.span, &parameter.name.text));
            }
        }
        let unit = match &ast.result.kind {
            TypeKind::Integer { unit, .. } | TypeKind::Decimal { unit, .. } => {
                Unit::of(unit.as_ref())
            }
            _ => Unit::Any,
        };
        let texts: Vec<&str> = lowered.iter().map(|t| t.number.text.as_str()).collect();
        let text = format!("{}（{}）", ast.title(), texts.join("、"));
        let arguments = lowered.into_iter().map(|t| t.number).collect();
        let kind = NumberKind::Script {
            function: position,
            arguments,
        };
        Some(typed(kind, text, unit))
    }

    /// Whether a number is surely not always whole: a field or constant with digits after the point.
    fn has_fraction(&self, number: &p::Number) -> bool {
        match &number.kind {
            NumberKind::Const(value) => !value.fract().is_zero(),
            NumberKind::Field(id) => self.world.fields.iter().any(|(_, field)| {
                let decimal = matches!(
                    field.ast.ty.kind,
                    TypeKind::Decimal { fraction, .. } if fraction > 0
                );
                field.position == id.0 && decimal
            }),
            _ => false,
        }
    }
}

fn parameter(parameter: &ast::Parameter) -> p::Parameter {
    p::Parameter {
        name: parameter.name.text.clone(),
        whole: parameter.whole,
        unit: parameter.unit.as_ref().map(|u| u.text.clone()),
    }
}
