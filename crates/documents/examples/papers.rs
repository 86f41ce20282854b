//! Writes one of each paper into a folder, and says how long each took: `cargo run -p yichuang-documents --example papers -- OUT_DIR`.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

// The crate is `documents` to everyone who uses it.
use yichuang_documents as documents;

use documents::{Fonts, render};

#[path = "../tests/samples/mod.rs"]
mod samples;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("papers OUT_DIR")?;
    std::fs::create_dir_all(&folder)?;
    let fonts = Fonts::load()?;
    for (name, paper) in samples::all() {
        let bytes = render(paper.as_ref(), &fonts)?;
        std::fs::write(Path::new(&folder).join(name).with_extension("pdf"), &bytes)?;
        const RUNS: u32 = 50;
        let start = Instant::now();
        for _ in 0..RUNS {
            render(paper.as_ref(), &fonts)?;
        }
        let each = start.elapsed() / RUNS;
        println!("{name}: {} bytes, {each:?} each", bytes.len());
    }
    Ok(())
}
