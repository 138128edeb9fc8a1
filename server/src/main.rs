use std::process::ExitCode;

fn main() -> ExitCode {
    companion::cli::main()
}
