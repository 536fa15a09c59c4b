//! The order in which rules are evaluated: each after everything it reads.

use crate::arena::Id;
use crate::diagnostics as d;
use crate::visit::{rule_expressions, walk};
use crate::world::{Entity, Rule, Site, World};
use kohyo_dsl::Diagnostic;
use kohyo_dsl::ast::{Expr, ExprKind};

/// All rules, each after the rules it reads; a rule in a circle is reported and stands anywhere.
pub(super) fn order<'a>(world: &World<'a>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Id<Rule<'a>>> {
    let mut sorter = Sorter {
        world,
        state: vec![State::New; world.rules.len()],
        done: Vec::with_capacity(world.rules.len()),
        diagnostics,
    };
    for rule in world.rules.ids() {
        sorter.visit(rule);
    }
    sorter.done
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    OnTheWay,
    Done,
}

/// The rules that a rule reads.
type Reads<'a> = std::vec::IntoIter<Id<Rule<'a>>>;

struct Sorter<'w, 'a> {
    world: &'w World<'a>,
    state: Vec<State>,
    done: Vec<Id<Rule<'a>>>,
    diagnostics: &'w mut Vec<Diagnostic>,
}

impl<'a> Sorter<'_, 'a> {
    fn visit(&mut self, start: Id<Rule<'a>>) {
        // Rules on the way with what they read and was not visited yet: on the stack of the machine
        // a long chain would not fit.
        let mut way = Vec::new();
        self.enter(start, &mut way);
        while let Some((rule, reads)) = way.last_mut() {
            let rule = *rule;
            match reads.next() {
                Some(read) => self.enter(read, &mut way),
                None => {
                    way.pop();
                    self.set(rule, State::Done);
                    self.done.push(rule);
                }
            }
        }
    }

    fn enter(&mut self, rule: Id<Rule<'a>>, way: &mut Vec<(Id<Rule<'a>>, Reads<'a>)>) {
        match self.state.get(rule.index()) {
            Some(State::New) => {}
            Some(State::OnTheWay) => {
                let found = &self.world.rules[rule];
                self.diagnostics.push(d::rule_cycle(
                    self.world.file(found.unit),
                    found.kind.name(),
                ));
                return;
            }
            Some(State::Done) | None => return,
        }
        self.set(rule, State::OnTheWay);
        way.push((rule, reads(self.world, rule).into_iter()));
    }

    fn set(&mut self, rule: Id<Rule<'a>>, state: State) {
        if let Some(place) = self.state.get_mut(rule.index()) {
            *place = state;
        }
    }
}

/// The rules a rule reads.
fn reads<'a>(world: &World<'a>, id: Id<Rule<'a>>) -> Vec<Id<Rule<'a>>> {
    let rule = &world.rules[id];
    let mut found = Vec::new();
    let mut each = |site: Site<'a>, expr: &'a Expr| {
        if let ExprKind::Ref(path) = &expr.kind
            && let Ok(Entity::Rule(read)) = world.resolve(site, path)
        {
            found.push(read);
        }
    };
    for expr in rule_expressions(rule.kind) {
        walk(world, rule.unit.into(), expr, &mut each);
    }
    found
}
