//! A new arrow between our packages is a decision; here it shows.

#[test]
fn the_arrows_between_the_packages_are_the_decided_ones() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = std::process::Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .output()
        .expect("cargo runs");
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo answers in JSON");

    let packages = metadata["packages"].as_array().expect("there are packages");
    let mut arrows: Vec<String> = packages.iter().flat_map(arrows_of).collect();
    arrows.sort();
    insta::assert_snapshot!(arrows.join("\n"));
}

/// `hall -> store`, with `(dev)` or `(build)` behind what only tests or builds need.
fn arrows_of(package: &serde_json::Value) -> Vec<String> {
    let short = |name: &serde_json::Value| name.as_str().map(|name| name.trim_start_matches("yichuang-").to_owned());
    let from = short(&package["name"]).expect("a package has a name");
    let dependencies = package["dependencies"].as_array().cloned().unwrap_or_default();
    dependencies
        .iter()
        // Only what lies in the workspace has a path.
        .filter(|dependency| dependency["path"].is_string())
        .filter_map(|dependency| {
            let to = short(&dependency["name"])?;
            let kind = dependency["kind"].as_str().map(|kind| format!(" ({kind})")).unwrap_or_default();
            Some(format!("{from} -> {to}{kind}"))
        })
        .collect()
}
