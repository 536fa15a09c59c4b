//! The least that reading a definition can cost: tokens and a plain tree by hand.
//!
//! No names, no types, no places, no messages; whatever is not understood ends the reading. The
//! compiler is compared with it.

/// A node of the plain tree.
#[derive(Debug)]
pub enum Node<'t> {
    Word(&'t str),
    Text(&'t str),
    Number(&'t str),
    Block(Vec<Node<'t>>),
    Sides(&'t str, Box<[Node<'t>; 2]>),
}

/// The nodes of a text, up to the first thing that is not understood.
pub fn parse(text: &str) -> Vec<Node<'_>> {
    let mut reader = Reader {
        tokens: tokens(text),
        next: 0,
    };
    reader.nodes(0)
}

impl Node<'_> {
    /// Bytes of the text that it and everything in it stand for.
    fn weight(&self) -> usize {
        match self {
            Self::Word(text) | Self::Text(text) | Self::Number(text) => text.len(),
            Self::Block(nodes) => weight(nodes),
            Self::Sides(operator, sides) => {
                operator.len() + sides.iter().map(Self::weight).sum::<usize>()
            }
        }
    }
}

/// Bytes of the text that nodes stand for: what was read, so that reading cannot be left out.
pub fn weight(nodes: &[Node<'_>]) -> usize {
    nodes.iter().map(Node::weight).sum()
}

#[derive(Clone, Copy)]
enum Token<'t> {
    Word(&'t str),
    Text(&'t str),
    Number(&'t str),
    Sign(&'t str),
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' => text_length(rest),
            '0'..='9' => span(rest, |c| c.is_ascii_digit() || c == '.' || c == '-'),
            '<' | '>' | '=' | '.' | '!' => span(rest, |c| matches!(c, '<' | '>' | '=' | '.' | '!')),
            '{' | '}' | '(' | ')' | ':' | ';' | ',' | '|' | '+' | '-' | '*' | '/' => 1,
            _ => span(rest, |c| {
                !c.is_whitespace() && !"{}():;,|+*/<>=!\"#".contains(c)
            })
            .max(first.len_utf8()),
        };
        let (token, after) = rest.split_at(length.min(rest.len()));
        match first {
            '#' => {}
            '"' => tokens.push(Token::Text(token)),
            '0'..='9' => tokens.push(Token::Number(token)),
            _ if token.chars().all(|c| c.is_ascii_punctuation() && c != '_') => {
                tokens.push(Token::Sign(token))
            }
            _ => tokens.push(Token::Word(token)),
        }
        rest = after.trim_start();
    }
    tokens
}

fn span(text: &str, inside: impl Fn(char) -> bool) -> usize {
    text.find(|c| !inside(c)).unwrap_or(text.len())
}

fn text_length(text: &str) -> usize {
    let mut escaped = true; // the opening quotation mark
    for (place, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return place + 1,
            _ => {}
        }
    }
    text.len()
}

struct Reader<'t> {
    tokens: Vec<Token<'t>>,
    next: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.next).copied()
    }

    /// Nodes up to a closing sign, each with the operators behind it.
    fn nodes(&mut self, depth: u32) -> Vec<Node<'t>> {
        let mut nodes = Vec::new();
        while let Some(token) = self.peek() {
            match token {
                Token::Sign("}" | ")") => break,
                Token::Sign(";" | "," | ":" | "|") => self.next += 1,
                _ => match self.operand(depth) {
                    Some(left) => nodes.push(self.climb(left, 1, depth)),
                    None => break,
                },
            }
        }
        nodes
    }

    fn operand(&mut self, depth: u32) -> Option<Node<'t>> {
        let token = self.peek()?;
        self.next += 1;
        Some(match token {
            Token::Word(word) => Node::Word(word),
            Token::Text(text) => Node::Text(text),
            Token::Number(number) => Node::Number(number),
            Token::Sign("{" | "(") if depth < 64 => {
                let inside = self.nodes(depth + 1);
                self.next += 1;
                Node::Block(inside)
            }
            Token::Sign(sign) => Node::Word(sign),
        })
    }

    /// Precedence climbing: operators that bind at least as tightly as `least`.
    fn climb(&mut self, mut left: Node<'t>, least: u8, depth: u32) -> Node<'t> {
        while let Some((operator, strength)) = self.peek().and_then(strength) {
            if strength < least {
                break;
            }
            self.next += 1;
            let Some(operand) = self.operand(depth) else {
                break;
            };
            let right = self.climb(operand, strength + 1, depth);
            left = Node::Sides(operator, Box::new([left, right]));
        }
        left
    }
}

fn strength(token: Token<'_>) -> Option<(&str, u8)> {
    let (Token::Sign(operator) | Token::Word(operator)) = token else {
        return None;
    };
    let strength = match operator {
        "unless" => 1,
        "or" => 2,
        "and" => 3,
        "is" | "in" | "includes" | "differs" | "when" => 4,
        "<" | "<=" | "=" | "!=" | ">=" | ">" => 5,
        "+" | "-" => 6,
        "*" | "/" => 7,
        ".." | "..<" => 8,
        _ => return None,
    };
    Some((operator, strength))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_becomes_a_tree_by_the_strength_of_its_operators() {
        let tree = format!(
            "{:?}",
            parse("criterion a = b is present and c >= 3.0 # why\n")
        );
        assert!(tree.contains("Sides(\"and\""), "{tree}");
        assert!(
            tree.contains("Sides(\">=\", [Word(\"c\"), Number(\"3.0\")])"),
            "{tree}"
        );
    }

    #[test]
    fn a_real_definition_is_read_to_its_end() {
        let text = include_str!("../../../../forms/shitei/049_systemic_lupus/edition_2020.kohyo");
        let read = format!("{:?}", parse(text));
        assert!(read.contains("R018"), "the last check is read");
    }
}
