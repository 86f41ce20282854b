//! Says what to do when the fonts that papers are set in have not been fetched yet.

use std::path::Path;

const FONTS: [&str; 2] =
    ["noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf", "noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf"];

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/node_modules/@expo-google-fonts");
    println!("cargo::rerun-if-changed=build.rs");
    for font in FONTS {
        let file = folder.join(font);
        println!("cargo::rerun-if-changed={}", file.display());
        if !file.exists() {
            println!("cargo::error=the font {font} is missing: run `make fonts` (npm ci in assets/)");
        }
    }
}
