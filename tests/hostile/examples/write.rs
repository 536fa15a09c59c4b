//! Writes the corpus into folders by kind, as seeds for the fuzzer: `write DIR` fills `DIR/xml`,
//! `DIR/csv`, `DIR/zip` and `DIR/container`.

use kohyo_hostile::{Case, GOOD, HEAD, ROW, boxes, records};
use std::path::Path;

/// A seed larger than this is cut by the fuzzer anyway.
const LARGEST: usize = 64 * 1024;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let folder = Path::new(&folder);
    let put = |kind: &str, name: &str, bytes: &[u8]| {
        std::fs::create_dir_all(folder.join(kind))?;
        std::fs::write(folder.join(kind).join(name), bytes)
    };
    put("xml", "good", GOOD.as_bytes())?;
    put("csv", "good", [HEAD, ROW].concat().as_bytes())?;
    put("container", "good", &boxes::good(GOOD.as_bytes()))?;
    for Case { name, bytes, .. } in records() {
        if let Some((_, kind)) = name.rsplit_once('.')
            && bytes.len() <= LARGEST
        {
            put(kind, &name, &bytes)?;
        }
    }
    for Case { name, bytes, .. } in boxes::cases() {
        put("container", &name, &bytes)?;
    }
    Ok(())
}
