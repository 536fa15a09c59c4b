//! Sections, groups and questions in the order of the form.

use super::answer::{self, Tables};
use super::condition;
use super::filled::Ink;
use super::width::{self, ANSWER, HALF};
use super::words;
use super::{Answer, Block, Choice, Row, Section, repeat, rules};
use kohyo_engine::program::{
    Application, Cond, DefinitionId, Field, FieldId, Layout, Member, NumberKind, Privacy, Program,
    Rule,
};
use kohyo_engine::{Form, counts_points};

/// The doctor's name, which is written by hand.
const SIGNED: &str = "physician_name";

/// What has been said above a question and holds for it.
#[derive(Clone, Default)]
pub(super) struct Stated<'a> {
    pub(super) conditions: Vec<&'a Cond>,
    pub(super) only: Option<Application>,
}

impl Stated<'_> {
    /// The application, unless a heading says it.
    pub(super) fn untold(&self, only: Option<Application>) -> Option<Application> {
        only.filter(|only| self.only != Some(*only))
    }
}

/// Walks through the form.
pub(super) struct Builder<'a, 'b> {
    pub(super) program: &'a Program,
    pub(super) ink: &'b Ink<'a>,
    pub(super) tables: &'b mut Tables,
    displayed: &'b mut Vec<DefinitionId>,
    above: Option<FieldId>,
    /// Groups that name the person: they stand on the page with everything else that does.
    moved: Vec<&'a Member>,
}

pub(super) fn sections<'a>(
    form: &'a Form,
    ink: &Ink<'a>,
    tables: &mut Tables,
    displayed: &mut Vec<DefinitionId>,
) -> Vec<Section> {
    let program = form.program();
    let mut builder = Builder {
        program,
        ink,
        tables,
        displayed,
        above: None,
        moved: Vec::new(),
    };
    let mut sections: Vec<Section> = Vec::new();
    for section in &program.sections {
        let mut blocks = Vec::new();
        let stated = Stated::default();
        builder.members(&section.members, 1, &stated, &mut blocks);
        if blocks.is_empty() {
            continue;
        }
        let personal = sections.is_empty() && builder.names_the_person(&section.members);
        if personal {
            let mut naming = Vec::new();
            for later in &program.sections {
                if std::ptr::eq(later, section) {
                    continue;
                }
                builder.naming(&later.members, &mut naming);
            }
            builder.above = None;
            for group in &naming {
                builder.members(std::slice::from_ref(*group), 1, &stated, &mut blocks);
            }
            builder.above = None;
            builder.moved = naming;
        }
        let fields = fields(&section.members);
        let mut fields = fields.iter().filter_map(|id| builder.field(*id));
        sections.push(Section {
            label: section.label.clone(),
            personal,
            signed: fields.any(|field| field.name == SIGNED),
            blocks,
        });
    }
    sections
}

impl<'a> Builder<'a, '_> {
    fn field(&self, id: FieldId) -> Option<&'a Field> {
        self.program.fields.get(usize::from(id.0))
    }

    fn names_the_person(&self, members: &[Member]) -> bool {
        let fields = fields(members);
        let mut fields = fields.iter().filter_map(|id| self.field(*id));
        fields.any(|field| field.privacy == Some(Privacy::Identifying))
    }

    /// The groups among the members in which every question names the patient.
    fn naming(&self, members: &'a [Member], into: &mut Vec<&'a Member>) {
        for member in members {
            let Member::Group { members, .. } = member else {
                continue;
            };
            let fields = fields(members);
            let mut asked = fields.iter().filter_map(|id| self.field(*id));
            let naming =
                |field: &Field| field.privacy == Some(Privacy::Identifying) && field.name != SIGNED;
            match !fields.is_empty() && asked.all(naming) {
                true => into.push(member),
                false => self.naming(members, into),
            }
        }
    }

    /// What all questions of these members have in common, beyond what is said already.
    pub(super) fn common(&self, members: &[Member], stated: &Stated<'a>) -> Stated<'a> {
        let asked: Vec<&'a Field> = fields(members)
            .into_iter()
            .filter_map(|id| self.field(id))
            .collect();
        let Some((first, rest)) = asked.split_first() else {
            return Stated::default();
        };
        let mut conditions = condition::parts(first.shown_when.as_deref());
        conditions.retain(|condition| {
            !stated.conditions.contains(condition)
                && rest
                    .iter()
                    .all(|field| condition::parts(field.shown_when.as_deref()).contains(condition))
        });
        let same = rest.iter().all(|field| field.only == first.only);
        Stated {
            conditions,
            only: first.only.filter(|only| same && stated.only != Some(*only)),
        }
    }

    /// Conditions in words.
    pub(super) fn when(&self, conditions: &[&Cond]) -> Option<String> {
        condition::words(self.program, conditions, self.above)
    }

    /// Adds what these members draw.
    pub(super) fn members(
        &mut self,
        members: &'a [Member],
        level: u8,
        stated: &Stated<'a>,
        blocks: &mut Vec<Block>,
    ) {
        let mut run = Run {
            stated: stated.only,
            ..Run::default()
        };
        for member in members {
            if self.moved.iter().any(|moved| std::ptr::eq(*moved, member)) {
                continue;
            }
            match member {
                Member::Field(id) => {
                    let Some(field) = self.field(*id) else {
                        continue;
                    };
                    let row = self.row(*id, field, stated, ANSWER);
                    if answer::area_lines(&field.ty).is_some() {
                        run.flush(blocks);
                        blocks.push(Block::Area {
                            row,
                            only: field.only,
                            tag: stated.untold(field.only),
                        });
                    } else {
                        let half = self.half(field, &row);
                        run.push(row, half, field.only, blocks);
                    }
                    self.above = Some(*id);
                }
                Member::Display(id) => {
                    if let Some(row) = self.display(*id) {
                        run.push(row, None, None, blocks);
                        self.displayed.push(*id);
                        self.above = None;
                    }
                }
                Member::Note(text) => {
                    run.flush(blocks);
                    blocks.push(Block::Note { text: text.clone() });
                }
                Member::Group {
                    label,
                    help,
                    layout,
                    members,
                } => {
                    run.flush(blocks);
                    let common = self.common(members, stated);
                    blocks.push(Block::Heading {
                        level,
                        label: label.clone(),
                        help: help.clone(),
                        when: self.when(&common.conditions),
                        only: common.only,
                    });
                    let mut inside = stated.clone();
                    inside.conditions.extend(common.conditions);
                    inside.only = inside.only.or(common.only);
                    self.group(*layout, members, level, &inside, blocks);
                }
            }
        }
        run.flush(blocks);
    }

    fn group(
        &mut self,
        layout: Layout,
        members: &'a [Member],
        level: u8,
        inside: &Stated<'a>,
        blocks: &mut Vec<Block>,
    ) {
        let drawn = match layout {
            Layout::Plain => None,
            Layout::Sides => repeat::sides(self, members, inside),
            Layout::Rows => repeat::rows(self, members, inside),
        };
        match drawn {
            Some((first, table)) => {
                self.members(first, level + 1, inside, blocks);
                blocks.push(table);
                self.above = None;
            }
            None => self.members(members, level + 1, inside, blocks),
        }
    }

    /// A question with its boxes.
    pub(super) fn row(
        &mut self,
        id: FieldId,
        field: &'a Field,
        stated: &Stated<'a>,
        room: f32,
    ) -> Row {
        let mut own = condition::parts(field.shown_when.as_deref());
        own.retain(|condition| !stated.conditions.contains(condition));
        let required = condition::parts(field.required_when.as_deref());
        let required_when = match required.as_slice() {
            // Said already: it is required whenever it is asked.
            same if !same.is_empty() && same.iter().all(|part| own.contains(part)) => None,
            some => self.when(some),
        };
        let answer = match field.name.as_str() {
            SIGNED => answer::signature(&self.ink.seen(field)),
            _ => answer::answer(self.program, self.ink, field, room, self.tables),
        };
        Row {
            label: field.label.clone(),
            help: field.help.clone(),
            when: self.when(&own),
            optional: !field.required && field.required_when.is_none(),
            required_when,
            off: self.ink.off(id, field),
            answer,
        }
    }

    /// The question as it stands on half a line, if it may.
    fn half(&mut self, field: &'a Field, row: &Row) -> Option<Row> {
        let plain = row.when.is_none() && row.required_when.is_none() && row.help.is_none();
        let kind = matches!(
            row.answer,
            Answer::Line { .. } | Answer::Number { .. } | Answer::Digits { .. }
        );
        let short = width::ems(&row.label) + if row.optional { 4.0 } else { 0.0 } <= 16.0;
        if !plain || !kind || !short || answer::least(&row.answer) > HALF {
            return None;
        }
        let answer = answer::answer(self.program, self.ink, field, HALF, self.tables);
        match &answer {
            Answer::Line { lines, .. } if *lines > 1 => None,
            _ => Some(Row {
                answer,
                ..row.clone()
            }),
        }
    }

    fn display(&self, id: DefinitionId) -> Option<Row> {
        let definition = self.program.definitions.get(usize::from(id.0))?;
        let text = self.ink.calculated(id.0);
        let option = |label: &str| Choice {
            value: String::new(),
            label: label.to_owned(),
            points: String::new(),
            ticked: text == Some(label),
        };
        let options = match &definition.rule {
            Rule::Criterion(_) => ["満たす", "満たさない", "不明"].map(option).into(),
            Rule::Number { .. } => Vec::new(),
            Rule::Grade { outcomes, .. } => {
                let outcomes = outcomes.iter().map(|outcome| outcome.label.as_str());
                outcomes.chain(["不明"]).map(option).collect()
            }
        };
        let short = rules::short(&definition.rule);
        let ticked = options.iter().any(|option| option.ticked);
        let unit = match &definition.rule {
            Rule::Number {
                unit: Some(unit), ..
            } => words::on_paper(unit),
            Rule::Number { number, .. }
                if counts_points(self.program, number)
                    && !matches!(number.kind, NumberKind::Count(_)) =>
            {
                "点".to_owned()
            }
            _ => String::new(),
        };
        // Points have no unit in the words of the engine: 12 is 12点 on paper, filled in or not.
        let mut text = words::on_paper(text.filter(|_| !ticked).unwrap_or_default());
        if unit == "点" && text.ends_with(|c: char| c.is_ascii_digit()) {
            text.push_str(&unit);
        }
        Some(Row {
            label: definition.label.clone(),
            help: None,
            when: None,
            required_when: None,
            optional: false,
            off: false,
            answer: Answer::Calculated {
                unit,
                elsewhere: short.is_none(),
                formula: short.unwrap_or_default(),
                text,
                options,
            },
        })
    }
}

/// Lines that stand in one frame.
#[derive(Default)]
struct Run {
    /// What the headings say about the application.
    stated: Option<Application>,
    only: Option<Application>,
    lines: Vec<Vec<Row>>,
    /// The last line could take another question: that question on half a line.
    open: Option<Row>,
}

impl Run {
    /// Adds a question; `half` is the same on half a line.
    fn push(
        &mut self,
        row: Row,
        half: Option<Row>,
        only: Option<Application>,
        blocks: &mut Vec<Block>,
    ) {
        if only != self.only {
            self.flush(blocks);
            self.only = only;
        }
        match (self.open.take(), half) {
            (Some(first), Some(second)) if alike(&first.answer, &second.answer) => {
                self.lines.pop();
                self.lines.push(vec![first, second]);
            }
            (_, half) => {
                self.lines.push(vec![row]);
                self.open = half;
            }
        }
    }

    fn flush(&mut self, blocks: &mut Vec<Block>) {
        self.open = None;
        if self.lines.is_empty() {
            return;
        }
        let lines = std::mem::take(&mut self.lines);
        let whole = lines
            .iter()
            .flatten()
            .filter_map(|row| match &row.answer {
                Answer::Number { whole, .. } => u32::try_from(whole.len()).ok(),
                _ => None,
            })
            .max();
        blocks.push(Block::Rows {
            only: self.only,
            tag: self.only.filter(|only| self.stated != Some(*only)),
            whole: whole.unwrap_or(0),
            lines,
        });
    }
}

/// Whether two answers look alike on one line.
fn alike(a: &Answer, b: &Answer) -> bool {
    let number = |answer: &Answer| matches!(answer, Answer::Number { .. });
    number(a) == number(b)
}

/// The questions among the members, at any depth.
pub(super) fn fields(members: &[Member]) -> Vec<FieldId> {
    let mut all = Vec::new();
    for member in members {
        match member {
            Member::Field(id) => all.push(*id),
            Member::Group { members, .. } => all.extend(fields(members)),
            Member::Note(_) | Member::Display(_) => {}
        }
    }
    all
}
