//! Where each question of a form stands in a response, and the code system of each code table.
//!
//! The same places as in the Questionnaire (`compiler/src/emit/fhir/tree.rs`); the tests put both side
//! by side.

use kohyo_engine::Program;
use kohyo_engine::program::{FieldId, FieldType, Member};
use kohyo_record::wire;
use std::collections::BTreeSet;

/// The groups of a form with its questions.
#[derive(Debug)]
pub(crate) struct Places {
    pub(super) sections: Vec<Node>,
    /// What the form calls its groups, and the values that it calculates.
    links: BTreeSet<String>,
    systems: Vec<String>,
}

/// Something in a response.
#[derive(Debug)]
pub(super) enum Node {
    Group { link: String, nodes: Vec<Node> },
    Field(FieldId),
}

impl Places {
    pub(crate) fn new(program: &Program) -> Self {
        let mut links = BTreeSet::new();
        let mut sections: Vec<(&str, Vec<&Member>)> = Vec::new();
        for section in &program.sections {
            match sections.iter_mut().find(|(name, _)| *name == section.name) {
                Some((_, members)) => members.extend(&section.members),
                None => sections.push((&section.name, section.members.iter().collect())),
            }
        }
        let sections = sections.into_iter().map(|(name, members)| {
            let link = format!("section.{name}");
            links.insert(link.clone());
            let mut groups = 0;
            let nodes = members
                .into_iter()
                .filter_map(|member| node(name, member, &mut groups, &mut links))
                .collect();
            Node::Group { link, nodes }
        });
        Self {
            sections: sections.collect(),
            systems: systems(program),
            links,
        }
    }

    /// Whether this is the `linkId` of a group, and no question.
    pub(super) fn is_group(&self, link: &str) -> bool {
        self.links.contains(link)
    }

    /// The code system of a field's codes.
    pub(super) fn system_of(&self, ty: &FieldType) -> &str {
        let table = match ty {
            FieldType::Choice { table } | FieldType::Choices { table } => usize::from(*table),
            _ => return "",
        };
        self.systems.get(table).map_or("", String::as_str)
    }
}

fn node(
    section: &str,
    member: &Member,
    groups: &mut usize,
    links: &mut BTreeSet<String>,
) -> Option<Node> {
    match member {
        Member::Group { members, .. } => {
            *groups += 1;
            let link = format!("group.{section}.{groups}");
            links.insert(link.clone());
            let nodes = members
                .iter()
                .filter_map(|member| node(section, member, groups, links))
                .collect();
            Some(Node::Group { link, nodes })
        }
        Member::Field(id) => Some(Node::Field(*id)),
        Member::Note(_) | Member::Display(_) => None,
    }
}

/// The code system of each code table.
fn systems(program: &Program) -> Vec<String> {
    let (key, edition) = (&program.key, &program.edition);
    wire::table_ids(program)
        .iter()
        .map(|id| format!("urn:kohyo:codes:{key}:{edition}:{id}"))
        .collect()
}
