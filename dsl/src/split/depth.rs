//! How deep an item is nested, before anything recursive looks at it.

use super::DEEPEST;
use crate::Span;
use crate::lex::{Kind, Token};
use crate::words::is_reserved;

/// Where an item becomes too deep: brackets, `not` and `-` before each other, `if` inside `if`.
pub(super) fn too_deep(tokens: &[Token], clean: &str) -> Option<Span> {
    let mut outer: Vec<usize> = Vec::new();
    let mut depth_outside = 0_usize;
    let (mut signs, mut choices) = (0_usize, 0_usize);
    let mut last = None;
    let mut words = tokens.iter().peekable();
    while let Some(token) = words.next() {
        let word = match token.kind {
            Kind::Word | Kind::Sign | Kind::Unit => token.word(clean),
            Kind::Number | Kind::Date | Kind::Text | Kind::Comment => "",
        };
        match word {
            "{" | "(" => {
                outer.push(depth_outside);
                outer.push(choices);
                depth_outside += 1 + signs + choices;
                choices = 0;
            }
            "}" | ")" => {
                choices = outer.pop().unwrap_or(0);
                depth_outside = outer.pop().unwrap_or(0);
            }
            "if" if words.peek().is_some_and(|next| next.word(clean) == "shown") => {}
            "if" if last.is_some_and(|l| goes_on_after(l, clean)) => choices += 1,
            "if" => choices = 1,
            ";" => choices = 0,
            _ => {}
        }
        signs = if matches!(word, "not" | "-") {
            signs + 1
        } else {
            0
        };
        if depth_outside + signs + choices > DEEPEST {
            return Some(token.span);
        }
        last = Some(*token);
    }
    None
}

/// Whether an expression is not complete after `token`.
fn goes_on_after(token: Token, clean: &str) -> bool {
    let word = token.word(clean);
    match token.kind {
        Kind::Sign => !matches!(word, "{" | "(" | "}" | ")" | ";" | ":"),
        Kind::Word => is_reserved(word) && !matches!(word, "yes" | "no" | "today"),
        _ => false,
    }
}
