//! Where everything stands in the questionnaire: sections, groups in them, questions.
//!
//! A question's `linkId` is its wire name; what is not a question has a dot in its own, which no wire
//! name has. `runtime/exchange` finds the same places (`fhir/tree.rs` there).

use kohyo_engine::Program;
use kohyo_engine::program::{DefinitionId, FieldId, Member};
use std::collections::BTreeMap;

/// The group of what a record says about itself.
pub(super) const RECORD: &str = "record";
/// The question for the kind of application in it.
pub(super) const APPLICATION: &str = "record.application";

/// A questionnaire without its first group.
pub(super) struct Tree<'p> {
    pub(super) sections: Vec<Node<'p>>,
}

/// Something in a questionnaire.
pub(super) enum Node<'p> {
    /// A section or a group.
    Group {
        link: String,
        label: &'p str,
        help: Option<&'p str>,
        nodes: Vec<Node<'p>>,
    },
    Field(FieldId),
    Note {
        link: String,
        text: &'p str,
    },
    Display {
        link: String,
        id: DefinitionId,
    },
}

impl<'p> Tree<'p> {
    /// Sections of one name are one group, as they are one element in a record.
    pub(super) fn new(program: &'p Program) -> Self {
        let mut sections: Vec<(&str, &str, Vec<&Member>)> = Vec::new();
        for section in &program.sections {
            match sections.iter_mut().find(|(name, ..)| *name == section.name) {
                Some((.., members)) => members.extend(&section.members),
                None => sections.push((
                    &section.name,
                    &section.label,
                    section.members.iter().collect(),
                )),
            }
        }
        let mut displayed = BTreeMap::new();
        let sections = sections.into_iter().filter_map(|(name, label, members)| {
            let mut walk = Walk {
                program,
                section: name,
                groups: 0,
                notes: 0,
                displayed: &mut displayed,
            };
            let nodes = walk.nodes(members.into_iter());
            (!nodes.is_empty()).then(|| Node::Group {
                link: format!("section.{name}"),
                label,
                help: None,
                nodes,
            })
        });
        Self {
            sections: sections.collect(),
        }
    }

    /// The groups around each question, the outermost first.
    pub(super) fn parents(&self) -> BTreeMap<FieldId, Vec<String>> {
        fn walk(
            nodes: &[Node<'_>],
            above: &mut Vec<String>,
            into: &mut BTreeMap<FieldId, Vec<String>>,
        ) {
            for node in nodes {
                match node {
                    Node::Group { link, nodes, .. } => {
                        above.push(link.clone());
                        walk(nodes, above, into);
                        above.pop();
                    }
                    Node::Field(id) => {
                        into.insert(*id, above.clone());
                    }
                    Node::Note { .. } | Node::Display { .. } => {}
                }
            }
        }
        let mut parents = BTreeMap::new();
        walk(&self.sections, &mut Vec::new(), &mut parents);
        parents
    }
}

struct Walk<'a, 'p> {
    program: &'p Program,
    section: &'p str,
    groups: usize,
    notes: usize,
    displayed: &'a mut BTreeMap<u16, usize>,
}

impl<'p> Walk<'_, 'p> {
    fn nodes(&mut self, members: impl Iterator<Item = &'p Member>) -> Vec<Node<'p>> {
        members.filter_map(|member| self.node(member)).collect()
    }

    fn node(&mut self, member: &'p Member) -> Option<Node<'p>> {
        match member {
            Member::Group {
                label,
                help,
                members,
                ..
            } => {
                self.groups += 1;
                let link = format!("group.{}.{}", self.section, self.groups);
                let nodes = self.nodes(members.iter());
                (!nodes.is_empty()).then(|| Node::Group {
                    link,
                    label,
                    help: help.as_deref(),
                    nodes,
                })
            }
            Member::Field(id) => {
                let known = self.program.fields.get(usize::from(id.0)).is_some();
                known.then_some(Node::Field(*id))
            }
            Member::Note(text) => {
                self.notes += 1;
                let link = format!("note.{}.{}", self.section, self.notes);
                Some(Node::Note { link, text })
            }
            Member::Display(id) => {
                let definition = self.program.definitions.get(usize::from(id.0))?;
                let times = self.displayed.entry(id.0).or_default();
                *times += 1;
                let link = match times {
                    1 => format!("value.{}", definition.name),
                    times => format!("value.{}.again{times}", definition.name),
                };
                Some(Node::Display { link, id: *id })
            }
        }
    }
}
