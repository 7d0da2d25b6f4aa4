//! The one runtime behind one lock, and the way every call of the application goes in and out.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use openxr_sys as xr;

use crate::abi::{Answer, Stop, fault};
use crate::clock::Clock;
use crate::instance::Instance;
use crate::log::Log;
use crate::script::Script;
use crate::session::Session;

/// Everything there is. One instance and one session at a time.
#[derive(Default)]
pub(crate) struct Runtime {
    pub(crate) script: Script,
    pub(crate) clock: Clock,
    pub(crate) log: Log,
    pub(crate) instance: Option<Instance>,
    pub(crate) session: Option<Session>,
}

impl Default for Clock {
    fn default() -> Self {
        Clock::Virtual(Self::START)
    }
}

static RUNTIME: LazyLock<Mutex<Runtime>> = LazyLock::new(Mutex::default);
static CHANGED: Condvar = Condvar::new();

/// The runtime for one call.
pub(crate) fn lock() -> MutexGuard<'static, Runtime> {
    RUNTIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A number that no handle had before.
pub(crate) fn fresh_handle() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

/// One call of the application.
pub(crate) fn call(
    function: &'static str,
    body: impl FnOnce(&mut Runtime) -> Answer,
) -> xr::Result {
    let mut runtime = lock();
    let answer = runtime.admit(function).and_then(|()| body(&mut runtime));
    CHANGED.notify_all();
    runtime.log.settle(function, answer)
}

/// How a call that may wait goes on.
pub(crate) enum Wait {
    /// It is done.
    Over(xr::Result),
    /// Another call has to come first; if none comes, with this sentence.
    ForCall(&'static str),
    /// Time has to pass.
    ForTime(Duration),
}

/// One call that may wait: `body` is asked again after each wait.
///
/// The specification lets such calls block for ever. Here they fail when the script's patience is
/// over, so that a test of a faulty frame loop ends.
pub(crate) fn call_and_wait(
    function: &'static str,
    mut body: impl FnMut(&mut Runtime) -> Answer<Wait>,
) -> xr::Result {
    let mut runtime = lock();
    let mut answer = runtime.admit(function).and_then(|()| body(&mut runtime));
    let start = Instant::now();
    loop {
        match answer {
            Ok(Wait::Over(result)) => return runtime.log.settle(function, Ok(result)),
            Err(stop) => return runtime.log.settle(function, Err(stop)),
            Ok(Wait::ForTime(time)) => {
                drop(runtime);
                thread::sleep(time);
                runtime = lock();
                answer = body(&mut runtime);
            }
            Ok(Wait::ForCall(text)) => {
                let patience = Duration::from_millis(runtime.script.patience_ms);
                let left = patience.saturating_sub(start.elapsed());
                if left.is_zero() {
                    answer = fault(xr::Result::ERROR_CALL_ORDER_INVALID, text);
                    continue;
                }
                let waited = CHANGED.wait_timeout(runtime, left);
                runtime = waited.unwrap_or_else(PoisonError::into_inner).0;
                answer = body(&mut runtime);
            }
        }
    }
}

impl Runtime {
    /// Counts a call, and stops it if the test wants it to fail.
    fn admit(&mut self, function: &'static str) -> Answer<()> {
        *self.log.calls.entry(function).or_default() += 1;
        let queue = self.script.failures.get_mut(function);
        queue
            .and_then(std::collections::VecDeque::pop_front)
            .map_or(Ok(()), refuse)
    }

    /// The instance, unless it is lost or another.
    pub(crate) fn instance(&mut self, handle: xr::Instance) -> Answer<&mut Instance> {
        let instance = self.instance_even_if_lost(handle)?;
        if instance.lost {
            refuse(xr::Result::ERROR_INSTANCE_LOST)
        } else {
            Ok(instance)
        }
    }

    /// The instance, as its destruction needs it.
    pub(crate) fn instance_even_if_lost(&mut self, handle: xr::Instance) -> Answer<&mut Instance> {
        match &mut self.instance {
            Some(instance) if instance.handle == handle => Ok(instance),
            _ => bad_handle("instance"),
        }
    }

    /// The session and all that it lives in, unless something of it is lost.
    pub(crate) fn live(&mut self, handle: xr::Session) -> Answer<Live<'_>> {
        match &self.session {
            Some(session) if session.handle == handle => self.live_owner(),
            _ => bad_handle("session"),
        }
    }

    /// As [`Runtime::live`], for calls that name a thing which belongs to the session.
    pub(crate) fn live_owner(&mut self) -> Answer<Live<'_>> {
        let (Some(instance), Some(session)) = (&mut self.instance, &mut self.session) else {
            return bad_handle("handle: there is no session");
        };
        if instance.lost {
            return refuse(xr::Result::ERROR_INSTANCE_LOST);
        }
        if session.lost {
            return refuse(xr::Result::ERROR_SESSION_LOST);
        }
        Ok(Live {
            script: &mut self.script,
            clock: &mut self.clock,
            log: &mut self.log,
            instance,
            session,
        })
    }
}

/// A session that is not lost, and all that it lives in.
pub(crate) struct Live<'a> {
    pub(crate) script: &'a mut Script,
    pub(crate) clock: &'a mut Clock,
    pub(crate) log: &'a mut Log,
    pub(crate) instance: &'a mut Instance,
    pub(crate) session: &'a mut Session,
}

/// A result that is not the application's mistake.
pub(crate) fn refuse<T>(result: xr::Result) -> Answer<T> {
    Err(Stop::Refusal(result))
}

/// A handle that names nothing, or nothing any more.
pub(crate) fn bad_handle<T>(what: &str) -> Answer<T> {
    let text = format!("this is no {what} of this runtime, or it was destroyed");
    fault(xr::Result::ERROR_HANDLE_INVALID, text)
}

/// Checks that an extension was enabled.
pub(crate) fn need(instance: &Instance, extension: &str) -> Answer<()> {
    if instance.extensions.contains(extension) {
        return Ok(());
    }
    let text = format!("{extension} is not enabled on this instance");
    fault(xr::Result::ERROR_FUNCTION_UNSUPPORTED, text)
}

/// Wakes calls that wait for something to change.
pub(crate) fn changed() {
    CHANGED.notify_all();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_waits_for_another_in_vain_fails_as_a_wrong_order() {
        lock().script.patience_ms = 1;
        let mut asked = 0;
        let result = call_and_wait("xrWaitFrame", |_| {
            asked += 1;
            Ok(Wait::ForCall("nobody came"))
        });
        assert_eq!(result, xr::Result::ERROR_CALL_ORDER_INVALID);
        assert!(asked >= 1);
        assert!(
            lock()
                .log
                .errors
                .iter()
                .any(|error| error.contains("nobody came"))
        );
    }

    #[test]
    fn failures_asked_for_come_in_turn_and_then_no_more() {
        let mut runtime = Runtime::default();
        let failures = [
            xr::Result::ERROR_RUNTIME_FAILURE,
            xr::Result::ERROR_OUT_OF_MEMORY,
        ];
        runtime
            .script
            .failures
            .insert("xrEndFrame".to_owned(), failures.into());
        for failure in failures {
            let answer = runtime.admit("xrEndFrame");
            assert_eq!(
                runtime
                    .log
                    .settle("xrEndFrame", answer.map(|()| xr::Result::SUCCESS)),
                failure
            );
        }
        assert!(runtime.admit("xrEndFrame").is_ok());
        assert!(runtime.admit("xrWaitFrame").is_ok());
        assert_eq!(runtime.log.calls["xrEndFrame"], 3);
        assert!(runtime.log.errors.is_empty());
    }

    #[test]
    fn handles_of_nothing_are_told() {
        let mut runtime = Runtime::default();
        assert!(matches!(
            runtime.live(xr::Session::default()),
            Err(Stop::Fault(xr::Result::ERROR_HANDLE_INVALID, _))
        ));
        assert_ne!(fresh_handle(), fresh_handle());
    }
}
