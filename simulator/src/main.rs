//! The program: see the library's `program` module.

use std::process::ExitCode;

fn main() -> ExitCode {
    match longhaul_simulator::program::run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("longhaul-simulator: {message}");
            ExitCode::FAILURE
        }
    }
}
