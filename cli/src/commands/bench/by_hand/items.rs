//! What is the same in every row of a form by hand, said once.

/// From one row per item: the struct of answers, the elements by name, and which answers are
/// missing or should not be there.
///
/// ```text
/// SECTION "…" {
///     NAME "label": Type, unit "g/日", shown if CONDITION, required if CONDITION;
/// }
/// ```
macro_rules! items {
    ($answers:ident, |$r:ident, $renewal:ident| $( $section:ident {
        $( $item:ident $label:literal : $type:ty
            $(, unit $unit:literal)?
            $(, shown if $shown:expr)?
            $(, required $(if $required:expr)?)? ; )*
    } )*) => {
        /// The answers.
        #[derive(Clone, Copy, Default)]
        pub struct $answers { $( $( pub $item: $type, )* )* }

        /// A section, in the order of the form.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(non_camel_case_types, reason = "named like its element")]
        pub enum Section { $( $section, )* }

        /// An item, in the order of the form.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[expect(non_camel_case_types, reason = "named like its element")]
        pub enum Item { $( $( $item, )* )* }

        #[expect(non_upper_case_globals, reason = "named like the elements")]
        mod names {
            $( pub const $section: &[u8] = stringify!($section).as_bytes(); )*
            $( $( pub const $item: &[u8] = stringify!($item).as_bytes(); )* )*
        }

        impl Section {
            /// The section with this element name.
            pub fn named(name: &[u8]) -> Option<Self> {
                match name {
                    $( names::$section => Some(Self::$section), )*
                    _ => None,
                }
            }

            pub fn name(self) -> &'static str {
                match self { $( Self::$section => stringify!($section), )* }
            }
        }

        impl Item {
            /// How many there are.
            pub const COUNT: usize = [ $( $( Self::$item, )* )* ].len();

            /// The item with this element name, and the section it belongs to.
            pub fn named(name: &[u8]) -> Option<(Section, Self)> {
                match name {
                    $( $( names::$item => Some((Section::$section, Self::$item)), )* )*
                    _ => None,
                }
            }

            pub fn name(self) -> &'static str {
                match self { $( $( Self::$item => stringify!($item), )* )* }
            }

            pub fn section(self) -> Section {
                match self { $( $( Self::$item => Section::$section, )* )* }
            }

            pub fn label(self) -> &'static str {
                match self { $( $( Self::$item => $label, )* )* }
            }

            /// Its unit, which the element may say.
            pub fn unit(self) -> Option<&'static str> {
                match self {
                    $( $( $( Self::$item => Some($unit), )? )* )*
                    _ => None,
                }
            }

            /// Whether its element may be repeated.
            pub fn is_several(self) -> bool {
                match self { $( $( Self::$item => <$type>::SEVERAL, )* )* }
            }
        }

        impl $answers {
            /// Takes in the text of an item's element, which is not blank.
            pub fn read(&mut self, item: Item, text: &str) -> Result<(), Fault> {
                match item { $( $( Item::$item => self.$item.read(text), )* )* }
            }

            /// Calls `missing` with every item that must be answered and is not, and `hidden` with
            /// every item that is answered and is not part of this form.
            pub fn presence(
                &self,
                $renewal: Tri,
                list: &mut impl Presence,
            ) {
                let $r = self;
                $( $( match self.$item.is_answered() {
                    true => if or!($($shown)?, Yes) == No { list.hidden(Item::$item) },
                    false => if required!($(required $($required)?)?)
                        && or!($($shown)?, Yes) == Yes { list.missing(Item::$item) },
                } )* )*
            }
        }
    };
}

macro_rules! or {
    ($given:expr, $otherwise:expr) => {
        $given
    };
    (, $otherwise:expr) => {
        $otherwise
    };
}

macro_rules! required {
    () => {
        false
    };
    (required) => {
        true
    };
    (required $when:expr) => {
        $when
    };
}
