//! How the record XML of one form is laid out: names looked up before the first record is read.

use kohyo_engine::Program;
use kohyo_engine::program::{FieldId, FieldType};
use kohyo_record::wire::{self, WireField, WireSection};
use std::collections::HashMap;

/// The elements of one form.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) namespace: Box<str>,
    pub(crate) sections: Vec<SectionLayout>,
    section_by_name: HashMap<Box<str>, usize>,
    /// The slots of all fields, ascending by the names of their elements.
    slots_by_name: Box<[Slot]>,
    /// By field: its section, if it stands in one.
    section_of: Vec<Option<usize>>,
}

/// A section and its fields, groups flattened.
#[derive(Debug)]
pub(crate) struct SectionLayout {
    pub(crate) name: Box<str>,
    pub(crate) fields: Vec<FieldElement>,
}

/// The element of a field.
#[derive(Debug)]
pub(crate) struct FieldElement {
    pub(crate) field: FieldId,
    pub(crate) name: Box<str>,
    /// Several codes: the element may be repeated.
    pub(crate) several: bool,
    pub(crate) unit: Option<Box<str>>,
}

/// Where a field's element stands: section and position in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Slot {
    pub(crate) section: usize,
    pub(crate) position: usize,
}

impl Layout {
    pub(crate) fn new(program: &Program) -> Self {
        let mut layout = Self {
            namespace: wire::namespace(program).into(),
            sections: Vec::with_capacity(program.sections.len()),
            section_by_name: HashMap::new(),
            slots_by_name: Box::default(),
            section_of: vec![None; program.fields.len()],
        };
        for WireSection { section, fields } in wire::sections(program) {
            let name: Box<str> = section.name.as_str().into();
            let at = layout.sections.len();
            layout.section_by_name.insert(name.clone(), at);
            layout.sections.push(SectionLayout {
                name,
                fields: fields.iter().map(FieldElement::of).collect(),
            });
        }
        let mut slots: Vec<(&str, Slot)> = Vec::new();
        for (section_at, section) in layout.sections.iter().enumerate() {
            for (position, element) in section.fields.iter().enumerate() {
                let slot = Slot {
                    section: section_at,
                    position,
                };
                slots.push((&*element.name, slot));
                if let Some(place) = layout.section_of.get_mut(usize::from(element.field.0)) {
                    *place = Some(section_at);
                }
            }
        }
        slots.sort_unstable();
        layout.slots_by_name = slots.into_iter().map(|(_, slot)| slot).collect();
        layout
    }

    /// The names of all elements, for a hint after a slip of the pen.
    pub(crate) fn field_names(&self) -> impl Iterator<Item = &str> {
        self.sections
            .iter()
            .flat_map(|section| section.fields.iter().map(|element| &*element.name))
    }

    pub(crate) fn section(&self, name: &str) -> Option<usize> {
        self.section_by_name.get(name).copied()
    }

    /// The slot of a field by the name of its element, looked for near `near` first: records are
    /// written in form order, so it is nearly always the next or one of the next.
    pub(crate) fn slot(&self, near: Slot, name: &str) -> Option<Slot> {
        let section = self.sections.get(near.section)?;
        let ahead = section
            .fields
            .iter()
            .enumerate()
            .skip(near.position)
            .take(6);
        for (position, element) in ahead {
            if *element.name == *name {
                return Some(Slot {
                    section: near.section,
                    position,
                });
            }
        }
        self.slot_of(name)
    }

    /// The slot of a field by the name of its element.
    pub(crate) fn slot_of(&self, name: &str) -> Option<Slot> {
        let name_of = |slot: &Slot| self.element(*slot).map(|element| &*element.name);
        let place = (self.slots_by_name).binary_search_by(|slot| name_of(slot).cmp(&Some(name)));
        self.slots_by_name.get(place.ok()?).copied()
    }

    pub(crate) fn element(&self, slot: Slot) -> Option<&FieldElement> {
        self.sections.get(slot.section)?.fields.get(slot.position)
    }

    /// The section in which a field stands.
    pub(crate) fn section_of(&self, field: FieldId) -> Option<&SectionLayout> {
        let section = self
            .section_of
            .get(usize::from(field.0))
            .copied()
            .flatten()?;
        self.sections.get(section)
    }
}

impl FieldElement {
    fn of(placed: &WireField<'_>) -> Self {
        let field = placed.field;
        Self {
            field: placed.id,
            name: field.name.as_str().into(),
            several: matches!(field.ty, FieldType::Choices { .. }),
            unit: wire::unit_of(field).map(Into::into),
        }
    }
}
