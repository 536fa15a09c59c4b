//! The walk over a program.

use super::memory::{Memory, Part, Said};
use super::{Translated, View, Words};
use kohyo_engine::program::{Code, Field, FieldId, Program};

/// Puts the rules of one form into another language.
pub(crate) struct Walk<'p, W> {
    pub(super) program: &'p Program,
    /// The language, with all that it has declared so far.
    pub(crate) words: W,
}

impl<'p, W: Words> Walk<'p, W> {
    pub(crate) fn new(program: &'p Program, words: W) -> Self {
        Self { program, words }
    }

    /// Looks in this view from now on; gives the one before.
    pub(crate) fn look(&mut self, view: View) -> View {
        self.words.variables().look(view)
    }

    pub(crate) fn field(&self, id: FieldId) -> Option<&'p Field> {
        self.program.fields.get(usize::from(id.0))
    }

    pub(super) fn codes(&self, id: FieldId) -> &'p [Code] {
        let table = self.field(id).and_then(crate::emit::wire::table_of);
        let table = table.and_then(|table| self.program.code_tables.get(table));
        table.map_or(&[], |table| table.codes.as_slice())
    }

    /// What has been said of a part, or what `say` says of it now.
    pub(super) fn once<T: Clone>(
        &mut self,
        part: Part,
        said: fn(&mut Memory<W::Truth>) -> &mut Said<T>,
        say: impl FnOnce(&mut Self) -> Translated<T>,
    ) -> Translated<T> {
        let key = (self.words.variables().view(), part);
        if let Some(known) = self.words.memory().and_then(|all| said(all).get(&key)) {
            return known.clone();
        }
        let now = say(self);
        if let Some(memory) = self.words.memory() {
            said(memory).insert(key, now.clone());
        }
        now
    }
}
