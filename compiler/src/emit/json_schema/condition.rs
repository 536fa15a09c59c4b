//! Conditions as schemas of the whole document: one that accepts when the condition surely holds,
//! one when it surely does not. Unknown is what neither accepts.

use super::pattern;
use kohyo_engine::Program;
use kohyo_engine::program::{
    Application, Code, CompareOp, Cond, CondKind, CountOp, Field, FieldId, Number, NumberKind, Rule,
};
use serde_json::{Map, Value, json};

/// A condition: when it surely holds, and when it surely does not.
#[derive(Clone)]
pub(super) struct Truth {
    pub(super) yes: Value,
    pub(super) no: Value,
}

impl Truth {
    fn not(self) -> Self {
        Self {
            yes: self.no,
            no: self.yes,
        }
    }

    fn known(holds: bool) -> Self {
        Self {
            yes: Value::Bool(holds),
            no: Value::Bool(!holds),
        }
    }
}

/// What accepts everything.
pub(super) fn always() -> Value {
    Value::Bool(true)
}

/// All of these.
pub(super) fn all(parts: Vec<Value>) -> Value {
    combine("allOf", parts, true)
}

/// Any of these.
fn any(parts: Vec<Value>) -> Value {
    combine("anyOf", parts, false)
}

/// Joins schemas; `neutral` is the one that says nothing there, its opposite says everything.
fn combine(word: &str, parts: Vec<Value>, neutral: bool) -> Value {
    if parts.contains(&Value::Bool(!neutral)) {
        return Value::Bool(!neutral);
    }
    let mut said: Vec<Value> = Vec::new();
    for part in parts {
        if part != Value::Bool(neutral) && !said.contains(&part) {
            said.push(part);
        }
    }
    match said.pop() {
        None => Value::Bool(neutral),
        Some(only) if said.is_empty() => only,
        Some(last) => {
            said.push(last);
            json!({ word: said })
        }
    }
}

/// `if … then …`; nothing if it can never apply, the consequence itself if it always does.
pub(super) fn rule(when: &Value, then: Value) -> Option<Value> {
    match when {
        Value::Bool(false) => None,
        Value::Bool(true) => Some(then),
        when => Some(json!({ "if": when, "then": then })),
    }
}

/// Translates conditions of one form; criteria become definitions.
pub(super) struct Conditions<'p> {
    program: &'p Program,
    definitions: Map<String, Value>,
}

impl<'p> Conditions<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        Self {
            program,
            definitions: Map::new(),
        }
    }

    /// The named conditions that others refer to.
    pub(super) fn definitions(self) -> Map<String, Value> {
        self.definitions
    }

    /// Whether a field is shown.
    pub(super) fn shown(&mut self, id: FieldId) -> Result<Truth, String> {
        let Some(field) = self.program.fields.get(usize::from(id.0)) else {
            return Ok(Truth::known(false));
        };
        let mut parts = Vec::new();
        if let Some(only) = field.only {
            parts.push(application(only));
        }
        if let Some(when) = &field.shown_when {
            parts.push(self.condition(when)?);
        }
        let truth = all_of(parts);
        Ok(self.keep(&format!("shown.{}", field.name), truth))
    }

    /// An answer to a field is one too many.
    pub(super) fn hidden(&mut self, id: FieldId, field: &Field) -> Result<Value, String> {
        let Some(when) = &field.hidden_when else {
            return Ok(self.shown(id)?.no);
        };
        let mut ways = vec![self.condition(when)?.yes];
        ways.extend(field.only.map(|only| application(only).no));
        Ok(any(ways))
    }

    /// A condition under a name, unless it is simple.
    fn keep(&mut self, name: &str, truth: Truth) -> Truth {
        Truth {
            yes: self.keep_one(format!("{name}.yes"), truth.yes),
            no: self.keep_one(format!("{name}.no"), truth.no),
        }
    }

    fn keep_one(&mut self, name: String, schema: Value) -> Value {
        if schema.is_boolean() || schema.get("$ref").is_some() {
            return schema;
        }
        let reference = json!({ "$ref": format!("#/$defs/{name}") });
        self.definitions.insert(name, schema);
        reference
    }

    pub(super) fn condition(&mut self, condition: &Cond) -> Result<Truth, String> {
        Ok(match &condition.kind {
            CondKind::Const(holds) => Truth::known(*holds),
            CondKind::Code { field, codes } => self.is_code(*field, codes)?,
            CondKind::Includes { field, code } => self.includes(*field, *code)?,
            CondKind::Answered(field) => {
                let written = self.written(*field);
                let yes = all(vec![self.shown(*field)?.yes, written]);
                Truth {
                    no: not(yes.clone()),
                    yes,
                }
            }
            CondKind::Criterion(id) => {
                let definition = self.program.definitions.get(usize::from(id.0));
                match definition.map(|definition| (&definition.name, &definition.rule)) {
                    Some((name, Rule::Criterion(condition))) => {
                        let truth = self.condition(condition)?;
                        self.keep(&format!("rule.{name}"), truth)
                    }
                    _ => return Err("規則を読めない".to_owned()),
                }
            }
            CondKind::Grade { .. } => return Err(calculated("区分")),
            CondKind::Category { .. } => return Err(calculated("判定")),
            CondKind::Application(only) => application(*only),
            CondKind::Not(inner) => self.condition(inner)?.not(),
            CondKind::All(parts) => all_of(self.conditions(parts)?),
            CondKind::Any(parts) => any_of(self.conditions(parts)?),
            CondKind::Count { of, op, n } => {
                let parts = self.conditions(of)?;
                let total = u32::try_from(parts.len()).unwrap_or(u32::MAX);
                let least = |n: u32| {
                    Ok::<_, String>(Truth {
                        yes: at_least(&parts, n, |part| &part.yes)?,
                        // Fewer than n can hold when more than the rest do not.
                        no: at_least(&parts, (total + 1).saturating_sub(n), |part| &part.no)?,
                    })
                };
                match op {
                    CountOp::AtLeast => least(*n)?,
                    CountOp::AtMost => least(n.saturating_add(1))?.not(),
                    CountOp::Exactly => all_of(vec![least(*n)?, least(n.saturating_add(1))?.not()]),
                }
            }
            CondKind::Compare { left, op, right } => self.compare(left, *op, right)?,
            CondKind::CompareDates { .. } => {
                return Err("日付の比較はJSON Schemaで表せない".to_owned());
            }
            CondKind::If(condition, then, otherwise) => {
                let when = self.condition(condition)?;
                let (then, otherwise) = (self.condition(then)?, self.condition(otherwise)?);
                let side = |a: &Value, b: &Value| {
                    any(vec![
                        all(vec![when.yes.clone(), a.clone()]),
                        all(vec![when.no.clone(), b.clone()]),
                        all(vec![a.clone(), b.clone()]),
                    ])
                };
                Truth {
                    yes: side(&then.yes, &otherwise.yes),
                    no: side(&then.no, &otherwise.no),
                }
            }
            CondKind::TreatUnknown { condition, as_yes } => {
                let inner = self.condition(condition)?;
                if *as_yes {
                    Truth {
                        yes: not(inner.no.clone()),
                        no: inner.no,
                    }
                } else {
                    Truth {
                        no: not(inner.yes.clone()),
                        yes: inner.yes,
                    }
                }
            }
            CondKind::IfShown {
                fields,
                condition,
                otherwise,
            } => {
                let mut shown = Vec::new();
                for field in fields {
                    shown.push(self.shown(*field)?);
                }
                let shown = all_of(shown);
                let inner = self.condition(condition)?;
                if *otherwise {
                    any_of(vec![shown.not(), inner])
                } else {
                    all_of(vec![shown, inner])
                }
            }
        })
    }

    fn conditions(&mut self, parts: &[Cond]) -> Result<Vec<Truth>, String> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn name(&self, id: FieldId) -> &'p str {
        let field = self.program.fields.get(usize::from(id.0));
        field.map_or("", |field| field.name.as_str())
    }

    fn codes(&self, id: FieldId) -> &'p [Code] {
        let field = self.program.fields.get(usize::from(id.0));
        let table = field.and_then(crate::emit::wire::table_of);
        let table = table.and_then(|table| self.program.code_tables.get(table));
        table.map_or(&[], |table| table.codes.as_slice())
    }

    /// The answer is there.
    fn written(&self, id: FieldId) -> Value {
        answers(json!({ "required": [self.name(id)] }))
    }

    /// The answer is there, counts, and fits.
    fn answer(&mut self, id: FieldId, fits: Value) -> Result<Value, String> {
        if fits == Value::Bool(false) {
            return Ok(fits);
        }
        let name = self.name(id);
        let fits = answers(json!({ "required": [name], "properties": { name: fits } }));
        Ok(all(vec![self.shown(id)?.yes, fits]))
    }

    fn is_code(&mut self, id: FieldId, codes: &[u16]) -> Result<Truth, String> {
        let table = self.codes(id);
        let some_known = (0..)
            .zip(table)
            .any(|(index, code)| codes.contains(&index) && !code.unknown);
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for (index, code) in (0..).zip(table) {
            if codes.contains(&index) {
                yes.push(code.value.as_str());
            } else if !code.unknown || !some_known {
                no.push(code.value.as_str());
            }
        }
        Ok(Truth {
            yes: self.answer(id, one_of(&yes))?,
            no: self.answer(id, one_of(&no))?,
        })
    }

    fn includes(&mut self, id: FieldId, code: u16) -> Result<Truth, String> {
        let table = self.codes(id);
        let Some(asked) = table.get(usize::from(code)) else {
            return Err("コードを読めない".to_owned());
        };
        let contains = json!({ "contains": { "const": asked.value } });
        let mut blocking = vec![asked.value.as_str()];
        if !asked.unknown {
            let unknown = table.iter().filter(|code| code.unknown);
            blocking.extend(unknown.map(|code| code.value.as_str()));
        }
        let lacks = json!({ "not": { "contains": one_of(&blocking) } });
        Ok(Truth {
            yes: self.answer(id, contains)?,
            no: self.answer(id, lacks)?,
        })
    }

    /// A field compared with a constant, or its points.
    fn compare(&mut self, left: &Number, op: CompareOp, right: &Number) -> Result<Truth, String> {
        let (field, op, constant) = match (&left.kind, &right.kind) {
            (field, NumberKind::Const(constant)) => (field, op, *constant),
            (NumberKind::Const(constant), field) => (field, op.turned(), *constant),
            _ => return Err(calculated("値")),
        };
        match field {
            NumberKind::Field(id) => {
                let low = json!({ "pattern": pattern::at_least(constant) });
                let high = json!({ "pattern": pattern::at_most(constant) });
                let holds = match op {
                    CompareOp::GreaterEqual => low,
                    CompareOp::Less => not(low),
                    CompareOp::LessEqual => high,
                    CompareOp::Greater => not(high),
                    CompareOp::Equal => all(vec![low, high]),
                    CompareOp::NotEqual => not(all(vec![low, high])),
                };
                Ok(Truth {
                    yes: self.answer(*id, holds.clone())?,
                    no: self.answer(*id, not(holds))?,
                })
            }
            NumberKind::Points(id) => {
                let (mut yes, mut no) = (Vec::new(), Vec::new());
                for code in self.codes(*id).iter().filter(|code| !code.unknown) {
                    let Some(points) = code.points else {
                        return Err(calculated("点数"));
                    };
                    let holds = match op {
                        CompareOp::Less => points < constant,
                        CompareOp::LessEqual => points <= constant,
                        CompareOp::Equal => points == constant,
                        CompareOp::NotEqual => points != constant,
                        CompareOp::GreaterEqual => points >= constant,
                        CompareOp::Greater => points > constant,
                    };
                    if holds { &mut yes } else { &mut no }.push(code.value.as_str());
                }
                if yes.is_empty() || no.is_empty() {
                    // It holds (or not) whatever is answered.
                    return Err(calculated("点数"));
                }
                Ok(Truth {
                    yes: self.answer(*id, one_of(&yes))?,
                    no: self.answer(*id, one_of(&no))?,
                })
            }
            _ => Err(calculated("値")),
        }
    }
}

fn calculated(what: &str) -> String {
    format!("計算した{what}を読む条件はJSON Schemaで表せない")
}

fn all_of(parts: Vec<Truth>) -> Truth {
    let (yes, no) = parts.into_iter().map(|part| (part.yes, part.no)).unzip();
    Truth {
        yes: all(yes),
        no: any(no),
    }
}

fn any_of(parts: Vec<Truth>) -> Truth {
    let (yes, no) = parts.into_iter().map(|part| (part.yes, part.no)).unzip();
    Truth {
        yes: any(yes),
        no: all(no),
    }
}

fn not(schema: Value) -> Value {
    match schema {
        Value::Bool(holds) => Value::Bool(!holds),
        other => json!({ "not": other }),
    }
}

fn one_of(values: &[&str]) -> Value {
    match values {
        [] => Value::Bool(false),
        [one] => json!({ "const": one }),
        several => json!({ "enum": several }),
    }
}

fn answers(schema: Value) -> Value {
    json!({ "properties": { "answers": schema } })
}

fn application(only: Application) -> Truth {
    let is = |word: &str| json!({ "properties": { "application": { "const": word } } });
    let (yes, no) = match only {
        Application::New => (is("new"), is("renewal")),
        Application::Renewal => (is("renewal"), is("new")),
    };
    Truth { yes, no }
}

/// At least `n` of these accept. There is no counting of schemas, so the sets are written out.
fn at_least(parts: &[Truth], n: u32, side: fn(&Truth) -> &Value) -> Result<Value, String> {
    let n = usize::try_from(n).unwrap_or(usize::MAX);
    if n == 0 {
        return Ok(always());
    }
    if n > parts.len() {
        return Ok(Value::Bool(false));
    }
    const MOST: usize = 64;
    let mut sets: Vec<Vec<&Value>> = vec![Vec::new()];
    for (at, part) in parts.iter().enumerate() {
        let left = parts.len() - at - 1;
        let mut next = Vec::new();
        for set in sets {
            if set.len() + left >= n {
                next.push(set.clone());
            }
            if set.len() < n {
                let mut with = set;
                with.push(side(part));
                if with.len() + left >= n {
                    next.push(with);
                }
            }
        }
        next.sort_by_key(Vec::len);
        next.dedup();
        sets = next;
        if sets.len() > MOST {
            return Err("数え上げの組合せが多すぎてJSON Schemaで表せない".to_owned());
        }
    }
    let sets = sets.into_iter().filter(|set| set.len() == n);
    let sets = sets.map(|set| all(set.into_iter().cloned().collect()));
    Ok(any(sets.collect()))
}
