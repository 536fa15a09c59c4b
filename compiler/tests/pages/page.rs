//! A page of Markdown as the blocks that can be run.

/// A block of a page.
pub struct Block {
    /// Line of the fence.
    pub line: usize,
    /// What the fence says.
    pub info: Info,
    /// The lines between the fences.
    pub text: String,
}

/// The words after the fence.
#[derive(Default)]
pub struct Info {
    /// The first word: `kohyo`, `yaml`, …
    pub language: String,
    /// `fragment`: items of a file whose names may lie elsewhere; only the syntax is read.
    pub fragment: bool,
    /// `items`: items of the sample disease of `kohyo explain`.
    pub items: bool,
    /// `error E0305,E0306`: exactly these codes are found.
    pub error: Vec<String>,
    /// `file=shitei/999_x/form.kohyo`: the path, so that blocks form a folder.
    pub file: Option<String>,
    /// `skip="why"`: the block is only shown.
    pub skip: Option<String>,
}

/// The blocks of a page, in order.
pub fn blocks(page: &str) -> Result<Vec<Block>, String> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in page.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some("")) => blocks.extend(open.take()),
            (Some(block), _) => {
                block.text += line;
                block.text.push('\n');
            }
            (None, Some(words)) => {
                let info = info(words).map_err(|why| format!("line {}: {why}", number + 1))?;
                open = Some(Block {
                    line: number + 1,
                    info,
                    text: String::new(),
                });
            }
            (None, None) => {}
        }
    }
    match open {
        Some(block) => Err(format!("line {}: the block is not closed", block.line)),
        None => Ok(blocks),
    }
}

fn info(words: &str) -> Result<Info, String> {
    let (words, skip) = match words.split_once("skip=\"") {
        Some((before, reason)) => {
            let reason = reason.trim_end().strip_suffix('"');
            let reason = reason.ok_or("`skip=\"…\"` stands at the end")?;
            (before, Some(reason.to_owned()))
        }
        None => (words, None),
    };
    let mut words = words.split_whitespace();
    let mut info = Info {
        language: words.next().unwrap_or_default().to_owned(),
        skip,
        ..Info::default()
    };
    if info.language != "kohyo" && info.language != "yaml" {
        return Ok(info);
    }
    while let Some(word) = words.next() {
        match (word, word.strip_prefix("file=")) {
            ("fragment", _) => info.fragment = true,
            ("items", _) => info.items = true,
            ("error", _) => {
                let codes = words.next().ok_or("a code follows `error`")?;
                info.error = codes.split(',').map(str::to_owned).collect();
            }
            (_, Some(path)) => info.file = Some(path.to_owned()),
            _ => return Err(format!("`{word}` is no word of a block")),
        }
    }
    Ok(info)
}
