//! Writes the kernels of the joined axis from the equations of `biology`, where they are wanted.

use std::error::Error;
use std::path::Path;

/// The joined axis on the lean colon: what populations, twins and trials of hundreds run.
#[cfg(feature = "axis")]
const MODELS: [&str; 4] = [
    "axis_ad_lean",
    "axis_pso_lean",
    "axis_acne_lean",
    "axis_healthy_lean",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
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
fn list(folder: &str, names: &[&str]) -> String {
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
fn write_kernels(folder: &Path) -> Result<Vec<&'static str>, Box<dyn Error>> {
    for name in MODELS {
        let text = gutskin_study::kernel_source(name)?;
        std::fs::write(folder.join(format!("{name}.rs")), text)?;
    }
    Ok(MODELS.to_vec())
}

#[cfg(not(feature = "axis"))]
fn write_kernels(_: &Path) -> Result<Vec<&'static str>, Box<dyn Error>> {
    Ok(Vec::new())
}
