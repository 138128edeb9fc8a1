//! The texts of the library are embedded; a new file among them must be noticed.

fn main() {
    println!("cargo::rerun-if-changed=library");
}
