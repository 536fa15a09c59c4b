//! The elements that are open, and what their prefixes mean.

use crate::library::{Entry, Library};
use crate::scan::{Attributes, attribute_value};
use kohyo_record::RECORDS_NAMESPACE;
use kohyo_record::wire::FORM_NAMESPACE;
use std::collections::VecDeque;
use std::sync::Arc;

/// The names of the open elements, outermost first, in one piece of memory.
#[derive(Debug, Default)]
pub(super) struct OpenElements {
    names: String,
    /// Where each name ends.
    ends: Vec<usize>,
}

impl OpenElements {
    pub(super) fn clear(&mut self) {
        self.names.clear();
        self.ends.clear();
    }

    pub(super) fn depth(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn push(&mut self, name: &str) {
        self.names.push_str(name);
        self.ends.push(self.names.len());
    }

    pub(super) fn pop(&mut self) {
        self.ends.pop();
        self.names.truncate(self.ends.last().copied().unwrap_or(0));
    }

    pub(super) fn last(&self) -> Option<&str> {
        let mut ends = self.ends.iter().rev();
        let to = ends.next()?;
        let from = ends.next().unwrap_or(&0);
        self.names.get(*from..*to)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let from = std::iter::once(&0).chain(&self.ends);
        from.zip(&self.ends)
            .map(|(&from, &to)| self.names.get(from..to).unwrap_or_default())
    }
}

/// What a namespace is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// No namespace.
    Nothing,
    /// A file of many records.
    Records,
    /// The records of a form, by its position among all forms met.
    Form(usize),
    /// Attributes about schemas, which any element may carry.
    Schema,
    /// Any other; its name is `Namespaces::foreign` of the same position.
    Foreign(usize),
    /// The prefix has not been declared.
    Undeclared,
}

/// The prefixes in force.
#[derive(Debug, Default)]
pub(super) struct Namespaces {
    bindings: Vec<Binding>,
    library: Library,
    /// The forms met last, also in earlier files.
    forms: VecDeque<Arc<Entry>>,
    /// How many were met before these and have been let go.
    gone: usize,
}

/// So many forms are at hand without asking the library.
const AT_HAND: usize = 2;

#[derive(Debug)]
struct Binding {
    /// Depth of the element that declares it.
    depth: usize,
    prefix: Box<str>,
    meaning: Meaning,
    /// The name of a foreign namespace.
    foreign: Box<str>,
}

const SCHEMA_NAMESPACE: &str = "http://www.w3.org/2001/XMLSchema-instance";

impl Namespaces {
    /// Begins a file; gives whether the forms met so far are still those of the library.
    pub(super) fn begin(&mut self, library: &Library) -> bool {
        self.bindings.clear();
        let same = self.library.is(library);
        if !same {
            self.library = library.clone();
            self.gone += self.forms.len();
            self.forms.clear();
        }
        same
    }

    /// Takes in the declarations among the attributes of an element at this depth.
    pub(super) fn declare(&mut self, attributes: Attributes<'_>, depth: usize) {
        for attribute in attributes {
            let prefix = match attribute.name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) => match rest.strip_prefix(':') {
                    Some(prefix) => prefix,
                    None => continue,
                },
                None => continue,
            };
            let name = attribute_value(attribute.value);
            let meaning = self.meaning_of(&name);
            let foreign = match meaning {
                Meaning::Foreign(_) => name.as_ref().into(),
                _ => Box::default(),
            };
            self.bindings.push(Binding {
                depth,
                prefix: prefix.into(),
                meaning,
                foreign,
            });
        }
    }

    /// Forgets the declarations of the element at this depth.
    pub(super) fn leave(&mut self, depth: usize) {
        while self
            .bindings
            .last()
            .is_some_and(|binding| binding.depth >= depth)
        {
            self.bindings.pop();
        }
    }

    /// What an element or attribute name with this prefix belongs to; an attribute without a
    /// prefix is not asked for.
    pub(super) fn resolve(&self, prefix: &str) -> Meaning {
        let mut bindings = self.bindings.iter().rev();
        // Comparing empty strings through `memcmp` costs a fault on some machines, and nearly
        // every name has an empty prefix.
        let found = if prefix.is_empty() {
            bindings.find(|binding| binding.prefix.is_empty())
        } else {
            bindings.find(|binding| *binding.prefix == *prefix)
        };
        match found {
            Some(binding) => binding.meaning,
            None if prefix.is_empty() => Meaning::Nothing,
            None => Meaning::Undeclared,
        }
    }

    /// The name of a foreign namespace.
    pub(super) fn foreign(&self, position: usize) -> &str {
        self.bindings
            .get(position)
            .map_or("", |binding| &binding.foreign)
    }

    /// A form that an open element is of.
    pub(super) fn form(&self, position: usize) -> Option<&Entry> {
        let form = self.forms.get(position.checked_sub(self.gone)?)?;
        Some(form)
    }

    /// Lets the form go that was met first, unless an open element is of it.
    fn make_room(&mut self) {
        let first = Meaning::Form(self.gone);
        let needed = self.bindings.iter().any(|bound| bound.meaning == first);
        if self.forms.len() >= AT_HAND && !needed {
            self.forms.pop_front();
            self.gone += 1;
        }
    }

    fn meaning_of(&mut self, name: &str) -> Meaning {
        let known = self
            .forms
            .iter()
            .rposition(|entry| *entry.layout.namespace == *name);
        if let Some(position) = known {
            return Meaning::Form(self.gone + position);
        }
        let entry = name
            .strip_prefix(FORM_NAMESPACE)
            .and_then(|rest| rest.split_once(':'))
            .and_then(|(key, edition)| self.library.of_record(key, edition));
        match (entry, name) {
            (Some(entry), _) => {
                self.make_room();
                self.forms.push_back(entry);
                Meaning::Form(self.gone + self.forms.len() - 1)
            }
            (None, "") => Meaning::Nothing,
            (None, RECORDS_NAMESPACE) => Meaning::Records,
            (None, SCHEMA_NAMESPACE) => Meaning::Schema,
            (None, _) => Meaning::Foreign(self.bindings.len()),
        }
    }
}

/// Prefix and local part of a name.
pub(super) fn split_name(name: &str) -> (&str, &str) {
    match name.bytes().position(|byte| byte == b':') {
        Some(colon) => name
            .split_at_checked(colon)
            .map(|(prefix, local)| (prefix, local.get(1..).unwrap_or_default()))
            .unwrap_or_default(),
        None => ("", name),
    }
}
