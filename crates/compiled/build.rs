//! Writes the kernels of the joined axis from the equations of `biology`, where they are wanted.

use std::error::Error;
use std::path::Path;

/// Names the models to compile, with commas between.
const WANTED: &str = "GUTSKIN_COMPILED_MODELS";
/// Compiled where nothing else is asked for: a model takes minutes and some gigabytes.
#[cfg(feature = "axis")]
const USUAL: &str = "axis_ad_lean";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={WANTED}");
    let folder = std::env::var("OUT_DIR")?;
    let optimised = std::env::var("PROFILE")? == "release";
    let names = if optimised {
        write_kernels(Path::new(&folder))?
    } else {
        Vec::new()
    };
    std::fs::write(Path::new(&folder).join("list.rs"), list(&folder, &names))?;
    Ok(())
}

/// One module a model, and the list of them.
fn list(folder: &str, names: &[String]) -> String {
    let mut text = String::new();
    for name in names {
        text += &format!(
            "#[rustfmt::skip]\n#[allow(clippy::all, missing_docs, unused_mut, unused_variables)]\n\
             #[path = {:?}]\nmod {name};\n\n",
            format!("{folder}/{name}.rs")
        );
    }
    let entries: Vec<String> = names.iter().map(|n| format!("&{n}::KERNELS")).collect();
    text += &format!(
        "/// All kernels of this crate.\npub const KERNELS: &[&CompiledKernels] = &[{}];\n",
        entries.join(", ")
    );
    text
}

#[cfg(feature = "axis")]
fn write_kernels(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let wanted = std::env::var(WANTED).unwrap_or_else(|_| USUAL.to_owned());
    let names: Vec<String> = wanted.split(',').map(|n| n.trim().to_owned()).collect();
    for name in &names {
        let text = gutskin_study::kernel_source(name)?;
        std::fs::write(folder.join(format!("{name}.rs")), text)?;
    }
    Ok(names)
}

#[cfg(not(feature = "axis"))]
fn write_kernels(_: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    Ok(Vec::new())
}
