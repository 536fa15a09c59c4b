//! The codes of everything this crate reports. A code is never used again for something else.

/// The file is too large.
pub(crate) const TOO_LARGE: &str = "E0001";
/// Full-width signs, digits or blanks.
pub(crate) const FULL_WIDTH: &str = "E0002";
/// A text is not closed.
pub(crate) const UNCLOSED_TEXT: &str = "E0003";
/// A character that belongs to no token.
pub(crate) const UNUSABLE: &str = "E0004";
/// A number with separators between thousands, or too large.
pub(crate) const NUMBER_FORM: &str = "E0005";
/// A date that does not exist or is written differently.
pub(crate) const DATE: &str = "E0006";
/// A name with characters that look like others.
pub(crate) const LOOKALIKE: &str = "E0007";
/// A sign of another language.
pub(crate) const SIGN: &str = "E0008";
/// A text between other quotation marks.
pub(crate) const QUOTES: &str = "E0009";
/// A backslash before something else than `"` or `\`.
pub(crate) const ESCAPE: &str = "E0010";
/// A comment of another language.
pub(crate) const COMMENT: &str = "E0011";

/// An opening brace without a closing one.
pub(crate) const UNCLOSED_BRACE: &str = "E0020";
/// A closing brace without an opening one.
pub(crate) const STRAY_BRACE: &str = "E0021";
/// Too many braces, parentheses or operators inside each other.
pub(crate) const TOO_DEEP: &str = "E0022";
/// No header, or more than one.
pub(crate) const HEADER: &str = "E0023";

/// A word that is not part of the language here.
pub(crate) const UNKNOWN_WORD: &str = "E0030";
/// A reserved word where a name should be.
pub(crate) const RESERVED_NAME: &str = "E0031";
/// Something is missing.
pub(crate) const MISSING: &str = "E0032";
/// Something stands where it cannot.
pub(crate) const UNEXPECTED: &str = "E0033";
/// `a < b < c`.
pub(crate) const CHAINED: &str = "E0034";
/// Two members of a block on one line without `;`.
pub(crate) const SEPARATOR: &str = "E0035";
/// A line of a header or judgement is written twice.
pub(crate) const TWICE: &str = "E0036";
/// A row of a table has too many or too few cells.
pub(crate) const CELLS: &str = "E0037";
/// A head of a table without anything it is about.
pub(crate) const TABLE_HEAD: &str = "E0038";
/// There are more findings than are listed.
pub(crate) const TOO_MANY: &str = "E0099";
