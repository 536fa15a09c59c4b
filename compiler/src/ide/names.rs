//! Every place of a file where a name stands, with what it stands for.

use crate::arena::Id;
use crate::visit::walk;
use crate::world::{
    CodeTable, Entity, Judgement, Rule, RuleKind, Site, Turn, UnitIndex, World, path_of,
};
use kohyo_dsl::Span;
use kohyo_dsl::ast::{self, Expr, ExprKind, ItemKind, ModifierKind, Name, Path, TypeKind};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target<'a> {
    /// A field, code table, rule or judgement.
    Entity(Entity<'a>),
    /// A code, by its position in its table.
    Code(Id<CodeTable<'a>>, usize),
    /// An outcome of a grade or table.
    Outcome(Id<Rule<'a>>, usize),
    /// A category of a judgement; the last is `otherwise`.
    Category(Id<Judgement<'a>>, usize),
    /// A module.
    Module(UnitIndex),
    /// The alias of the `use` at this position of a file.
    Alias(UnitIndex, usize),
    /// A check, by its position in the world.
    Check(usize),
    /// A function, by its position in the world.
    Function(usize),
}

/// A name in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mention<'a> {
    /// What it stands for.
    pub(super) target: Target<'a>,
    /// Where it stands.
    pub(super) span: Span,
    /// It is declared here.
    pub(super) declares: bool,
    /// The item that it stands in.
    pub(super) item: usize,
}

/// Where something is declared; the same whichever file one looks from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    /// The file.
    pub(super) path: String,
    /// The name in its declaration.
    pub(super) span: Span,
}

/// The names in a file, in the order of the text. A name that stands for nothing is left out.
pub(super) fn mentions<'a>(world: &World<'a>, unit: UnitIndex) -> Vec<Mention<'a>> {
    let mut finder = Finder {
        world,
        unit,
        site: unit.into(),
        item: 0,
        found: Vec::new(),
    };
    let Some(file) = world.units.get(unit).map(|u| &u.parsed.file) else {
        return Vec::new();
    };
    if let Some(header) = &file.header {
        finder.header(header);
    }
    for (index, item) in file.items.iter().enumerate() {
        finder.item = index;
        finder.item(item);
    }
    let mut found = finder.found;
    // The subject of a table's first head stands in every head.
    found.sort_by_key(|m| (m.span, !m.declares));
    found.dedup_by(|b, a| a.span == b.span && a.target == b.target);
    found
}

/// Where the name of `target` is declared; nothing for what the file cannot see.
pub(super) fn spot(world: &World<'_>, target: Target<'_>) -> Option<Spot> {
    let (unit, span) = declared(world, target)?;
    Some(Spot {
        path: world.file(unit).to_owned(),
        span,
    })
}

fn declared(world: &World<'_>, target: Target<'_>) -> Option<(UnitIndex, Span)> {
    Some(match target {
        Target::Entity(Entity::Field(id)) => {
            let field = &world.fields[id];
            (field.unit, field.ast.name.span)
        }
        Target::Entity(Entity::Rule(id)) => {
            let rule = &world.rules[id];
            (rule.unit, rule.kind.name().span)
        }
        Target::Entity(Entity::Judgement(id)) => {
            let judgement = &world.judgements[id];
            (judgement.unit, judgement.ast.name.span)
        }
        Target::Entity(Entity::Repeat(id)) => {
            let repeat = &world.repeats[id];
            (repeat.unit, repeat.ast.name.span)
        }
        Target::Entity(Entity::Table(id)) => {
            let table = &world.tables[id];
            let items = &world.units.get(table.unit)?.parsed.file.items;
            let name = items.iter().find_map(|item| match &item.kind {
                ItemKind::Code { name, codes, .. } => {
                    std::ptr::eq(codes.as_slice(), table.codes).then_some(name)
                }
                _ => None,
            })?;
            (table.unit, name.span)
        }
        Target::Code(id, position) => {
            let table = &world.tables[id];
            (table.unit, table.codes.get(position)?.name.span)
        }
        Target::Outcome(id, position) => {
            let rule = &world.rules[id];
            (rule.unit, rule.kind.outcomes()?.get(position)?.name.span)
        }
        Target::Category(id, position) => {
            let judgement = &world.judgements[id];
            (judgement.unit, category(judgement.ast, position)?.span)
        }
        Target::Module(unit) => {
            let header = world.units.get(unit)?.parsed.file.header.as_ref()?;
            match &header.subject {
                ast::Subject::Module(path) => (unit, path.span),
                ast::Subject::Disease { number, .. } => (unit, number.span),
                ast::Subject::Programme(name) => (unit, name.span),
            }
        }
        Target::Alias(unit, index) => {
            let used = world.units.get(unit)?.uses.get(index)?;
            (unit, used.alias.as_ref()?.span)
        }
        Target::Function(index) => {
            let function = world.functions.get(index)?;
            (function.unit, function.ast.name.span)
        }
        Target::Check(index) => {
            let (unit, check) = world.checks.get(index)?;
            (*unit, check.id.span)
        }
    })
}

/// The name of a category; the last is `otherwise`.
pub(super) fn category(judgement: &ast::Judgement, position: usize) -> Option<&Name> {
    let last = judgement.otherwise.as_ref().map(|(name, _)| name);
    let names = judgement.categories.iter().map(|c| &c.name);
    names.chain(last).nth(position)
}

struct Finder<'w, 'a> {
    world: &'w World<'a>,
    unit: UnitIndex,
    /// Where names are looked up: inside rows or sides, in the first of them.
    site: Site<'a>,
    item: usize,
    found: Vec<Mention<'a>>,
}

impl<'a> Finder<'_, 'a> {
    fn add(&mut self, target: Option<Target<'a>>, span: Span) {
        if let Some(target) = target {
            self.found.push(Mention {
                declares: declared(self.world, target) == Some((self.unit, span)),
                target,
                span,
                item: self.item,
            });
        }
    }

    fn header(&mut self, header: &'a ast::Header) {
        if let ast::Subject::Module(path) = &header.subject {
            self.add(Some(Target::Module(self.unit)), path.span);
        }
    }

    fn item(&mut self, item: &'a ast::Item) {
        match &item.kind {
            ItemKind::Use { module, alias } => {
                self.used(module.span, alias.as_ref());
            }
            ItemKind::Reuse(reuse) => {
                if let Some(used) = self.used(reuse.span, Some(&reuse.alias)) {
                    for name in &reuse.judgements {
                        let judgement = self.world.resolve(used, &bare(name)).ok();
                        self.add(judgement.map(Target::Entity), name.span);
                    }
                }
            }
            ItemKind::Code { name, codes, .. } => {
                let table = self.table(name);
                self.add(table.map(|t| Target::Entity(Entity::Table(t))), name.span);
                self.codes(table, codes);
            }
            ItemKind::Section { members, .. } => self.members(members),
            ItemKind::Criterion(x) | ItemKind::Score(x) => self.definition(x),
            ItemKind::Value(x, _) => self.definition(x),
            ItemKind::Grade {
                definition,
                outcomes,
            } => self.grade(definition, outcomes),
            ItemKind::Threshold(threshold) => {
                self.declare(&threshold.name);
            }
            ItemKind::Table(table) => self.decision_table(table),
            ItemKind::Judgement(judgement) => self.judgement(judgement),
            ItemKind::Check(check) => {
                let own = |(_, c): &(UnitIndex, &ast::Check)| std::ptr::eq(*c, check);
                let index = self.world.checks.iter().position(own);
                self.add(index.map(Target::Check), check.id.span);
                for path in &check.at {
                    self.path(path);
                }
                self.expr(&check.violated);
            }
            ItemKind::Convert(conversion) => {
                for path in &conversion.fields {
                    match self.world.question(self.unit, path) {
                        Some((_, every)) if self.world.resolve(self.site, path).is_err() => {
                            self.named(path, every.first().copied().map(Entity::Field));
                        }
                        _ => self.path(path),
                    }
                }
            }
            ItemKind::Exception(exception) => {
                self.path(&exception.of);
                self.expr(&exception.when);
            }
            ItemKind::Function(function) => self.function(&function.name),
            ItemKind::NotJudged { .. } => {}
            ItemKind::Migration(migration) => self.migration(migration),
        }
    }

    /// The function that is called `name` here; nothing for one that every form has.
    fn function(&mut self, name: &Name) {
        if let Ok(Some((index, _))) = self.world.function(self.unit, name) {
            self.add(Some(Target::Function(usize::from(index))), name.span);
        }
    }

    /// Fields of this edition; those of the older one stand in its own file.
    fn migration(&mut self, migration: &'a ast::Migration) {
        for line in &migration.lines {
            let names = match &line.kind {
                ast::MigrationLineKind::Carried { new, .. } => std::slice::from_ref(new),
                ast::MigrationLineKind::Asked { names, .. } => names.as_slice(),
                ast::MigrationLineKind::Dropped { .. } => &[],
            };
            for name in names {
                // A name on the wire; one with the prefix of a module is not the field's own name.
                let mut fields = self.world.fields.iter();
                let meant = fields.find(|(_, f)| f.wire == name.text && f.ast.name.text == f.wire);
                self.add(
                    meant.map(|(id, _)| Target::Entity(Entity::Field(id))),
                    name.span,
                );
            }
        }
    }

    /// The file that is used by the item at hand.
    fn used(&mut self, span: Span, alias: Option<&Name>) -> Option<UnitIndex> {
        let uses = self.world.units.get(self.unit).map(|u| u.uses.as_slice());
        let index = uses
            .unwrap_or_default()
            .iter()
            .position(|u| u.item == self.item);
        let used = index.and_then(|i| uses?.get(i));
        let used = used.map(|u| u.unit);
        self.add(used.map(Target::Module), span);
        if let (Some(index), Some(alias)) = (index, alias) {
            self.add(Some(Target::Alias(self.unit, index)), alias.span);
        }
        used
    }

    /// What a declared name stands for, unless it was declared before.
    fn own(&mut self, name: &Name) -> Option<Entity<'a>> {
        let entity = self.world.resolve(self.site, &bare(name)).ok()?;
        let target = Target::Entity(entity);
        (declared(self.world, target) == Some((self.unit, name.span))).then_some(entity)
    }

    fn declare(&mut self, name: &Name) -> Option<Entity<'a>> {
        let entity = self.own(name);
        self.add(entity.map(Target::Entity), name.span);
        entity
    }

    fn table(&self, name: &Name) -> Option<Id<CodeTable<'a>>> {
        match self.world.resolve_table(self.unit, &bare(name)) {
            Ok(Entity::Table(table)) => Some(table),
            _ => None,
        }
    }

    fn codes(&mut self, table: Option<Id<CodeTable<'a>>>, codes: &[ast::Code]) {
        for (position, code) in codes.iter().enumerate() {
            self.add(table.map(|t| Target::Code(t, position)), code.name.span);
        }
    }

    fn members(&mut self, members: &'a [ast::Member]) {
        for member in members {
            match member {
                ast::Member::Group {
                    modifiers, members, ..
                } => {
                    self.modifiers(modifiers);
                    self.members(members);
                }
                ast::Member::Repeat(repeat) => self.repeat(repeat),
                ast::Member::Field(field) => self.field(field),
                ast::Member::Display(path) => self.path(path),
                ast::Member::Note(_) => {}
            }
        }
    }

    fn repeat(&mut self, repeat: &'a ast::Repeat) {
        let entity = self.declare(&repeat.name);
        self.modifiers(&repeat.modifiers);
        let outside = self.site;
        if let Some(Entity::Repeat(repeat)) = entity
            && let Some(inside) = outside.inside(Turn { repeat, index: 0 }, None)
        {
            self.site = inside;
        }
        self.members(&repeat.members);
        self.site = outside;
    }

    fn field(&mut self, field: &'a ast::Field) {
        let entity = self.declare(&field.name);
        self.field_type(&field.ty, entity);
        self.modifiers(&field.modifiers);
        let table = match entity {
            Some(Entity::Field(id)) => self.world.fields[id].table,
            _ => None,
        };
        for modifier in &field.modifiers {
            if let ModifierKind::Default(ast::DefaultAnswer::Codes(names)) = &modifier.kind {
                for name in names {
                    let codes = table.map_or(&[][..], |t| self.world.tables[t].codes);
                    let position = codes.iter().position(|c| c.name.text == name.text);
                    let target = table.zip(position).map(|(t, p)| Target::Code(t, p));
                    self.add(target, name.span);
                }
            }
        }
    }

    fn field_type(&mut self, ty: &'a ast::TypeExpr, field: Option<Entity<'a>>) {
        match &ty.kind {
            TypeKind::Choice(codes) | TypeKind::Choices(codes) => {
                let table = match field {
                    Some(Entity::Field(id)) => self.world.fields[id].table,
                    _ => None,
                };
                self.codes(table, codes);
            }
            TypeKind::Named(path) | TypeKind::ChoicesOf(path) => {
                let table = self.world.resolve_table(self.unit, path).ok();
                self.named(path, table);
            }
            TypeKind::Text { .. }
            | TypeKind::Kana { .. }
            | TypeKind::Digits { .. }
            | TypeKind::PostalCode
            | TypeKind::Phone
            | TypeKind::Integer { .. }
            | TypeKind::Decimal { .. }
            | TypeKind::Date
            | TypeKind::Month
            | TypeKind::Year => {}
        }
    }

    fn modifiers(&mut self, modifiers: &'a [ast::Modifier]) {
        for modifier in modifiers {
            match &modifier.kind {
                ModifierKind::RequiredWhen(condition) | ModifierKind::ShownWhen(condition) => {
                    self.expr(condition)
                }
                ModifierKind::Required
                | ModifierKind::NewOnly
                | ModifierKind::RenewalOnly
                | ModifierKind::Carry(_)
                | ModifierKind::Personal(_)
                | ModifierKind::Help(_)
                | ModifierKind::Cites(_)
                | ModifierKind::Was(_)
                | ModifierKind::Default(_)
                | ModifierKind::Better { .. } => {}
            }
        }
    }

    fn definition(&mut self, definition: &'a ast::Definition) {
        self.declare(&definition.name);
        self.expr(&definition.rule);
    }

    fn grade(&mut self, definition: &'a ast::Definition, outcomes: &'a [ast::Outcome]) {
        let rule = self.rule(&definition.name);
        self.outcomes(rule, outcomes);
        if let ExprKind::Bands { subject, bands } = &definition.rule.kind {
            self.expr(subject);
            for result in bands.iter().map(|band| &band.gives) {
                if let ExprKind::Ref(path) = &result.kind
                    && let [name] = path.names.as_slice()
                {
                    self.outcome(rule, outcomes, name);
                }
            }
            return;
        }
        let ExprKind::FirstMatch { arms, otherwise } = &definition.rule.kind else {
            self.expr(&definition.rule);
            return;
        };
        let results = arms.iter().map(|(result, _)| result);
        for result in results.chain(otherwise.as_deref()) {
            if let ExprKind::Ref(path) = &result.kind
                && let [name] = path.names.as_slice()
            {
                self.outcome(rule, outcomes, name);
            }
        }
        for (_, when) in arms {
            self.expr(when);
        }
    }

    fn decision_table(&mut self, table: &'a ast::Table) {
        let rule = self.rule(&table.name);
        self.outcomes(rule, &table.outcomes);
        for column in &table.columns {
            self.expr(column);
        }
        for (head, cells) in &table.rows {
            self.expr(head);
            for cell in cells {
                self.outcome(rule, &table.outcomes, cell);
            }
        }
    }

    fn rule(&mut self, name: &Name) -> Option<Id<Rule<'a>>> {
        match self.declare(name) {
            Some(Entity::Rule(rule)) => Some(rule),
            _ => None,
        }
    }

    fn outcomes(&mut self, rule: Option<Id<Rule<'a>>>, outcomes: &[ast::Outcome]) {
        for (position, outcome) in outcomes.iter().enumerate() {
            let target = rule.map(|r| Target::Outcome(r, position));
            self.add(target, outcome.name.span);
        }
    }

    fn outcome(&mut self, rule: Option<Id<Rule<'a>>>, outcomes: &[ast::Outcome], name: &Name) {
        let position = outcomes.iter().position(|o| o.name.text == name.text);
        let target = rule.zip(position).map(|(r, p)| Target::Outcome(r, p));
        self.add(target, name.span);
    }

    fn judgement(&mut self, judgement: &'a ast::Judgement) {
        let id = match self.declare(&judgement.name) {
            Some(Entity::Judgement(id)) => Some(id),
            _ => None,
        };
        let position = |name: &Name| {
            (0..)
                .map_while(|i| category(judgement, i))
                .position(|c| c.text == name.text)
        };
        // The name of a category of a subtype is not what stands in the text.
        let of_subtype = |name: &Name| {
            let mut categories = judgement.categories.iter();
            categories.any(|c| c.name == *name && c.subtype.is_some())
        };
        for name in (0..)
            .map_while(|i| category(judgement, i))
            .filter(|name| !of_subtype(name))
            .chain(&judgement.eligible)
        {
            let target = id.zip(position(name)).map(|(j, p)| Target::Category(j, p));
            self.add(target, name.span);
        }
        for subtype in &judgement.subtypes {
            self.expr(&subtype.when);
        }
        for category in &judgement.categories {
            match (&category.subtype, &category.when.kind) {
                // The condition of the subtype has been read.
                (Some(_), ExprKind::And(parts)) => {
                    parts.iter().skip(1).for_each(|part| self.expr(part));
                }
                _ => self.expr(&category.when),
            }
        }
    }

    /// Everything that `expr` names.
    fn expr(&mut self, expr: &'a Expr) {
        let mut parts = Vec::new();
        let outside = self.site;
        walk(self.world, outside, expr, &mut |site, part: &'a Expr| {
            parts.push((site, part));
        });
        for (site, part) in parts {
            self.site = site;
            match &part.kind {
                ExprKind::Each { of, .. } => self.path(of),
                ExprKind::BetterSide { field, .. } => {
                    let sides = self.world.question(self.unit, field);
                    let first = sides.and_then(|(_, fields)| fields.first().copied());
                    self.named(field, first.map(Entity::Field));
                }
                ExprKind::Ref(path) => self.path(path),
                ExprKind::Call { function, .. } => self.function(function),
                ExprKind::Is {
                    subject, options, ..
                }
                | ExprKind::Includes {
                    subject, options, ..
                } => {
                    for option in options {
                        self.option(subject, option);
                    }
                }
                ExprKind::Differs { ticked, judgement } => {
                    self.path(ticked);
                    self.path(judgement);
                }
                _ => {}
            }
        }
        self.site = outside;
    }

    fn path(&mut self, path: &Path) {
        let entity = self.world.resolve(self.site, path).ok();
        self.named(path, entity);
    }

    /// A path that stands for `entity`, perhaps through an alias.
    fn named(&mut self, path: &Path, entity: Option<Entity<'a>>) {
        let Some((last, before)) = path.names.split_last() else {
            return;
        };
        // `drugs.count` and `drugs_2_kind` are not what the author called anything.
        if let Some(Entity::Field(field)) = entity
            && self.world.fields[field].ast.name.text != last.text
        {
            if let [.., rows] = before {
                let names = before.to_vec();
                let span = rows.span;
                self.path(&Path { names, span });
            }
            return;
        }
        if let [alias] = before
            && !self.world.is_row_name(self.site, alias)
        {
            let uses = self.world.units.get(self.unit).map(|u| u.uses.as_slice());
            let index = uses
                .unwrap_or_default()
                .iter()
                .position(|u| u.alias.as_ref().is_some_and(|a| a.text == alias.text));
            let target = index.map(|i| Target::Alias(self.unit, i));
            self.add(target, alias.span);
        }
        self.add(entity.map(Target::Entity), last.span);
    }

    fn option(&mut self, subject: &Expr, name: &Name) {
        match option_named(self.world, self.site, subject, &name.text) {
            Some(target) => self.add(Some(target), name.span),
            // `organism is first.organism`
            None => self.path(&path_of(name)),
        }
    }
}

/// The code, outcome or category of `subject` that is called `name`.
fn option_named<'a>(
    world: &World<'a>,
    site: Site<'a>,
    subject: &Expr,
    name: &str,
) -> Option<Target<'a>> {
    let ExprKind::Ref(path) = &subject.kind else {
        return None;
    };
    match world.resolve(site, path).ok()? {
        Entity::Field(id) => {
            let table = world.fields[id].table?;
            let codes = world.tables[table].codes;
            let position = codes.iter().position(|c| c.name.text == name)?;
            Some(Target::Code(table, position))
        }
        Entity::Rule(id) => {
            let kind = world.rules[id].kind;
            if let RuleKind::Lent(lent) = kind {
                let found = crate::world::categories(&lent.judgement, name);
                let [only] = found.as_slice() else {
                    return None;
                };
                return Some(Target::Outcome(id, usize::from(*only)));
            }
            let outcomes = kind.outcomes()?;
            let position = outcomes.iter().position(|o| o.name.text == name)?;
            Some(Target::Outcome(id, position))
        }
        Entity::Judgement(id) => {
            let position = world.judgements[id].names().position(|n| n == name)?;
            Some(Target::Category(id, position))
        }
        Entity::Table(_) | Entity::Repeat(_) => None,
    }
}

fn bare(name: &Name) -> Path {
    Path {
        names: vec![name.clone()],
        span: name.span,
    }
}
