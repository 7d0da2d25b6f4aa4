//! How well this machine keeps the 1 kHz loop under load, beside a loop that does nothing:
//! `cargo bench -p haptics --bench jitter -- [options]`, see `--help`.
//!
//! The real loop of [`Live`](haptics::Live) presses and drags a ball on soft tissue, while two
//! threads allocate and free as fast as they can. Half a period apart from it a reference loop of
//! the same scheduling class only wakes and notes how late (as cyclictest does). Whatever the
//! machine does to both, the bars are on what our loop adds; the program ends with 1 where one is
//! missed.

#[path = "../../tests/counting/mod.rs"]
mod counting;

mod bars;
mod machine;
mod options;
mod reference;
mod run;
mod scene;
mod show;

use std::process::ExitCode;

use options::Options;

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => return ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("jitter: {why}");
            return ExitCode::FAILURE;
        }
    };
    println!("{}", machine::describe());
    if options.all_modes {
        show::modes(&options);
        return ExitCode::SUCCESS;
    }
    judge(&options)
}

/// Up to three tries: a virtual machine may be stopped for a tenth of a second at any time, and
/// that says nothing of the loop.
fn judge(options: &Options) -> ExitCode {
    for seed in options.seeds.clone() {
        let outcome = run::run(options, options.mode, seed);
        show::one(&outcome, seed);
        if !outcome.stats.placement.is_real_time() {
            println!(
                "not real time: nothing is judged. {}",
                outcome.stats.placement.scheduler
            );
            return ExitCode::FAILURE;
        }
        let bars = bars::bars(&outcome);
        show::bars(&bars);
        if bars.iter().all(bars::Bar::holds) {
            return ExitCode::SUCCESS;
        }
        if bars.iter().any(|bar| bar.always && !bar.holds()) {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::FAILURE
}
