//! Functions written in Rhai: the only module that knows that language.
//!
//! A function sees its arguments and nothing else: no file, no clock, no chance, no other module.
//! Its numbers are exact decimals, a division of whole numbers included. What it may spend is
//! limited, so that it comes to an end on every answer; what goes wrong is no value, never a guess.

use crate::program::ScriptFunction;
use crate::value::Decimal;
use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage,
    BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{AST, Dynamic, Engine, EvalAltResult, INT, OptimizationLevel, ParseError, Scope};
use rust_decimal::RoundingStrategy;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock};

/// Steps that one call may take.
const MOST_OPERATIONS: u64 = 20_000;
/// Functions of a script that may wait for each other.
const MOST_CALL_LEVELS: usize = 16;
/// How deep expressions may be nested: of the script itself, of its functions.
const DEEPEST_EXPRESSIONS: (usize, usize) = (64, 32);
/// Characters of a text, entries of an array, entries of a map.
const LARGEST: (usize, usize, usize) = (10_000, 5_000, 1_000);
/// Variables and functions of a script.
const MOST_NAMES: (usize, usize) = (200, 50);

/// A function that can be called.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    ast: Arc<AST>,
    parameters: Vec<(String, bool)>,
    digits: u8,
    fraction: u8,
    min: Option<Decimal>,
    max: Option<Decimal>,
}

/// Why a script cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// Line of the script, from 1.
    pub line: Option<usize>,
    /// Character of that line, from 1.
    pub column: Option<usize>,
    /// What is wrong, in the words of Rhai.
    pub reason: String,
}

/// Whether a function can be called.
///
/// # Errors
/// What is wrong with its script, and where.
pub fn check_script(function: &ScriptFunction) -> Result<(), ScriptError> {
    Script::new(function).map(drop)
}

impl Script {
    /// Reads the script of a function.
    pub(crate) fn new(function: &ScriptFunction) -> Result<Self, ScriptError> {
        let parameters: Vec<(String, bool)> = function
            .parameters
            .iter()
            .map(|parameter| (parameter.name.clone(), parameter.whole))
            .collect();
        let mut scope = Scope::new();
        for (name, _) in &parameters {
            scope.push_dynamic(name.as_str(), Dynamic::UNIT);
        }
        let ast = ENGINE
            .compile_with_scope(&scope, &function.script)
            .map_err(|error| unreadable(&error))?;
        Ok(Self {
            ast: Arc::new(ast),
            parameters,
            digits: function.digits,
            fraction: function.fraction,
            min: function.min,
            max: function.max,
        })
    }

    /// What the function makes of these arguments, or why it makes nothing of them.
    pub(crate) fn call(&self, arguments: &[Decimal]) -> Result<Decimal, String> {
        STEPS.set(0);
        let mut scope = Scope::new();
        for ((name, whole), argument) in self.parameters.iter().zip(arguments) {
            if *whole {
                let value = whole_number(*argument)
                    .ok_or_else(|| format!("引数「{name}」の値 {argument} は整数ではありません"))?;
                scope.push(name.as_str(), value);
            } else {
                scope.push(name.as_str(), *argument);
            }
        }
        // A panic of the interpreter would be its defect; it must not become one of the server.
        let result = catch_unwind(AssertUnwindSafe(|| {
            ENGINE.eval_ast_with_scope::<Dynamic>(&mut scope, &self.ast)
        }))
        .map_err(|_| "計算を続けられませんでした".to_owned())?
        .map_err(|error| told(&error))?;
        self.fit(result)
    }

    /// The result as it was declared.
    fn fit(&self, result: Dynamic) -> Result<Decimal, String> {
        let found = result.type_name();
        let value = match result.as_int() {
            Ok(whole) => Decimal::from(whole),
            Err(_) => result
                .as_decimal()
                .map_err(|_| format!("結果が数ではありません（{found}）"))?,
        };
        let value = value.round_dp_with_strategy(
            u32::from(self.fraction),
            RoundingStrategy::MidpointAwayFromZero,
        );
        match crate::arena::number_domain(self.digits, self.fraction, self.min, self.max) {
            Some((low, high, _)) if low <= value && value <= high => Ok(value),
            _ => Err(format!("結果 {value} が宣言した範囲にありません")),
        }
    }
}

thread_local! {
    /// Steps of the call at hand.
    static STEPS: Cell<u64> = const { Cell::new(0) };
}

/// What the last call on this thread has cost, in steps; the call itself counts, too.
pub(crate) fn cost_of_last_call() -> u64 {
    /// What a call costs that does nothing.
    const CALL: u64 = 50;
    STEPS.get().saturating_add(CALL)
}

/// The interpreter: the same for every form, and never changed.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let mut engine = Engine::new_raw();
    engine
        .register_global_module(ArithmeticPackage::new().as_shared_module())
        .register_global_module(LogicPackage::new().as_shared_module())
        .register_global_module(BasicMathPackage::new().as_shared_module())
        .register_global_module(BasicArrayPackage::new().as_shared_module())
        .register_global_module(BasicMapPackage::new().as_shared_module())
        .register_global_module(BasicIteratorPackage::new().as_shared_module())
        .register_global_module(BasicStringPackage::new().as_shared_module())
        .register_global_module(MoreStringPackage::new().as_shared_module());
    // 5 / 2 is 2.5, as everywhere else in a definition.
    engine.set_fast_operators(false);
    engine.register_fn("/", divided);
    engine.on_progress(|steps| {
        STEPS.set(steps);
        None
    });
    for word in ["eval", "print", "debug", "import", "export"] {
        engine.disable_symbol(word);
    }
    engine
        .set_optimization_level(OptimizationLevel::None)
        .set_strict_variables(true)
        .set_fail_on_invalid_map_property(true)
        .set_max_operations(MOST_OPERATIONS)
        .set_max_call_levels(MOST_CALL_LEVELS)
        .set_max_expr_depths(DEEPEST_EXPRESSIONS.0, DEEPEST_EXPRESSIONS.1)
        .set_max_string_size(LARGEST.0)
        .set_max_array_size(LARGEST.1)
        .set_max_map_size(LARGEST.2)
        .set_max_variables(MOST_NAMES.0)
        .set_max_functions(MOST_NAMES.1);
    engine
});

/// The exact quotient of whole numbers: whole if it is, a decimal otherwise.
fn divided(a: INT, b: INT) -> Result<Dynamic, Box<EvalAltResult>> {
    let quotient = Decimal::from(a)
        .checked_div(Decimal::from(b))
        .ok_or_else(|| EvalAltResult::from(format!("{a} / {b} は計算できません")))?;
    Ok(whole_number(quotient).map_or_else(|| Dynamic::from(quotient), Dynamic::from))
}

fn whole_number(number: Decimal) -> Option<INT> {
    number
        .fract()
        .is_zero()
        .then(|| INT::try_from(number).ok())
        .flatten()
}

fn unreadable(error: &ParseError) -> ScriptError {
    let place = error.position();
    ScriptError {
        line: place.line(),
        column: place.position(),
        reason: error.err_type().to_string(),
    }
}

/// What went wrong in a call, for people who do not know Rhai.
fn told(error: &EvalAltResult) -> String {
    let line = error.position().line();
    let place = line.map_or_else(String::new, |line| format!("{line} 行目: "));
    let reason = match error {
        EvalAltResult::ErrorTooManyOperations(_) => "計算の手順が多すぎます".to_owned(),
        EvalAltResult::ErrorDataTooLarge(..) => "扱うデータが大きすぎます".to_owned(),
        EvalAltResult::ErrorStackOverflow(_) => "関数の呼び出しが深すぎます".to_owned(),
        EvalAltResult::ErrorFunctionNotFound(name, _) => {
            format!("「{name}」という計算はありません")
        }
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) => return told(inner),
        EvalAltResult::ErrorRuntime(thrown, _) => thrown.to_string(),
        EvalAltResult::ErrorArithmetic(reason, _) => format!("計算できません（{reason}）"),
        other => other.to_string(),
    };
    format!("{place}{reason}")
}
