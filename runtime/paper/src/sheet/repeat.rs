//! Questions asked once for each row or side, as one table if they fit side by side.

use super::answer;
use super::members::{Builder, Stated};
use super::width::{self, ANSWER};
use super::{Block, RepeatRow, Row, SideRow};
use kohyo_engine::program::{Application, FieldId, Layout, Member};

/// Room beside the names of the rows, in millimetres.
const ROOM: f32 = 154.0;

/// One row or side: its name and its questions.
struct Turn<'a> {
    label: &'a str,
    members: &'a [Member],
    items: Vec<Item<'a>>,
}

/// Something in a turn.
#[derive(Clone, Copy)]
enum Item<'a> {
    Field(FieldId),
    Head {
        label: &'a str,
        help: Option<&'a str>,
        members: &'a [Member],
    },
}

/// What stands above the table, and the table.
type Drawn<'a> = (&'a [Member], Block);

/// The turns, if each asks the same questions under the same headings.
fn turns(members: &[Member]) -> Option<Vec<Turn<'_>>> {
    let mut turns = Vec::new();
    for member in members {
        let Member::Group { label, members, .. } = member else {
            return None;
        };
        let mut found = Vec::new();
        items(members, &mut found)?;
        turns.push(Turn {
            label,
            members,
            items: found,
        });
    }
    let (first, rest) = turns.split_first()?;
    let alike = |a: &Item<'_>, b: &Item<'_>| match (a, b) {
        (Item::Field(_), Item::Field(_)) => true,
        (Item::Head { label: a, .. }, Item::Head { label: b, .. }) => a == b,
        _ => false,
    };
    let same = rest.iter().all(|turn| {
        turn.items.len() == first.items.len()
            && turn
                .items
                .iter()
                .zip(&first.items)
                .all(|(a, b)| alike(a, b))
    });
    (same && !first.items.is_empty()).then_some(turns)
}

fn items<'a>(members: &'a [Member], into: &mut Vec<Item<'a>>) -> Option<()> {
    for member in members {
        match member {
            Member::Field(id) => into.push(Item::Field(*id)),
            Member::Group {
                label,
                help,
                layout: Layout::Plain,
                members,
            } => {
                into.push(Item::Head {
                    label,
                    help: help.as_deref(),
                    members,
                });
                items(members, into)?;
            }
            Member::Group { .. } | Member::Note(_) | Member::Display(_) => return None,
        }
    }
    Some(())
}

/// `右眼 矯正視力` in the turn `右眼` is 矯正視力.
fn inner(label: &str, turn: &str) -> String {
    let inner = label.strip_prefix(turn).map(str::trim_start);
    inner.unwrap_or(label).to_owned()
}

/// A question in a turn, without the turn in its words.
fn row<'a>(
    builder: &mut Builder<'a, '_>,
    turn: &Turn<'a>,
    id: FieldId,
    stated: &Stated<'a>,
    room: f32,
) -> Option<(Row, Option<Application>)> {
    let field = builder.program.fields.get(usize::from(id.0))?;
    let mut row = builder.row(id, field, stated, room);
    row.label = inner(&field.label, turn.label);
    let strip = |text: String| text.replace(&format!("{} ", turn.label), "");
    row.when = row.when.map(strip);
    row.required_when = row.required_when.map(strip);
    Some((row, field.only))
}

/// What is said of a turn by its place alone.
fn of_turn<'a>(builder: &Builder<'a, '_>, turn: &Turn<'a>, stated: &Stated<'a>) -> Stated<'a> {
    let mut inside = stated.clone();
    inside
        .conditions
        .extend(builder.common(turn.members, stated).conditions);
    inside
}

/// Sides next to each other.
pub(super) fn sides<'a>(
    builder: &mut Builder<'a, '_>,
    members: &'a [Member],
    outer: &Stated<'a>,
) -> Option<Drawn<'a>> {
    let turns = turns(members)?;
    let first = turns.first()?;
    let count = u8::try_from(turns.len()).ok()?;
    let room = ANSWER / f32::from(count) - 3.0;
    let mut stated: Vec<Stated<'a>> = turns
        .iter()
        .map(|turn| of_turn(builder, turn, outer))
        .collect();
    let mut rows = Vec::new();
    let mut only = Vec::new();
    for position in 0..first.items.len() {
        let mut row = SideRow::default();
        for (turn, stated) in turns.iter().zip(&mut stated) {
            let part = match turn.items.get(position)? {
                Item::Head {
                    label,
                    help,
                    members,
                } => {
                    let common = builder.common(members, stated);
                    let strip = |text: String| text.replace(&format!("{} ", turn.label), "");
                    let when = builder.when(&common.conditions).map(strip);
                    stated.conditions.extend(common.conditions);
                    Row::heading(label, *help, when)
                }
                Item::Field(id) => {
                    let (part, application) = self::row(builder, turn, *id, stated, room)?;
                    if answer::least(&part.answer) > room + 3.0 {
                        return None;
                    }
                    only.push(application);
                    row.off.push(part.off);
                    row.answers.push(part.answer.clone());
                    part
                }
            };
            match &row.head {
                None => row.head = Some(part),
                // What is asked under different conditions does not stand in one line.
                Some(head) if head.when != part.when || head.label != part.label => return None,
                Some(_) => {}
            }
        }
        rows.push(row);
    }
    let heads = turns.iter().map(|turn| turn.label.to_owned()).collect();
    let only = same(&only)?;
    Some((
        &[],
        Block::Sides {
            only,
            tag: outer.untold(only),
            heads,
            rows,
        },
    ))
}

/// Rows below each other, under the question how many there are.
pub(super) fn rows<'a>(
    builder: &mut Builder<'a, '_>,
    members: &'a [Member],
    stated: &Stated<'a>,
) -> Option<Drawn<'a>> {
    let asked = members
        .iter()
        .take_while(|member| matches!(member, Member::Field(_)))
        .count();
    let (above, below) = members.split_at_checked(asked)?;
    let turns = turns(below)?;
    let mut heads: Vec<Row> = Vec::new();
    let mut rows = Vec::new();
    let mut only = Vec::new();
    let mut widths: Vec<f32> = Vec::new();
    for turn in &turns {
        let mut answers = Vec::new();
        let mut off = Vec::new();
        let inside = of_turn(builder, turn, stated);
        for (position, item) in turn.items.iter().enumerate() {
            let Item::Field(id) = item else {
                return None;
            };
            // In a narrow column boxes stand below each other.
            let (row, application) = row(builder, turn, *id, &inside, 1.0)?;
            only.push(application);
            off.push(row.off);
            answers.push(row.answer.clone());
            match heads.get(position) {
                Some(head) if head.label != row.label => return None,
                Some(_) => {}
                None => {
                    let head = (width::ems(&row.label) / 2.0).max(3.0) * 2.82;
                    widths.push(answer::least(&row.answer).max(head) + 3.0);
                    heads.push(row);
                }
            }
        }
        rows.push(RepeatRow {
            label: turn.label.to_owned(),
            answers,
            off,
        });
    }
    if widths.iter().sum::<f32>() > ROOM {
        return None;
    }
    let only = same(&only)?;
    let shares = widths.iter().map(|width| share(*width)).collect();
    Some((
        above,
        Block::Repeat {
            only,
            tag: stated.untold(only),
            heads,
            shares,
            rows,
        },
    ))
}

/// A width as a share: whole tenths of a millimetre.
fn share(width: f32) -> u32 {
    (width * 10.0) as u32
}

/// The application that all share.
fn same(all: &[Option<Application>]) -> Option<Option<Application>> {
    let first = all.first()?;
    all.iter().all(|one| one == first).then_some(*first)
}
