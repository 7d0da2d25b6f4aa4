//! The frame loop: wait, begin, end, in this order.

use openxr_sys as xr;
use xr::Result as R;

use crate::abi::{self, Answer, fault};
use crate::log::Frame;
use crate::runtime::{Live, Wait, call, call_and_wait};

/// A frame that the application was woken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket {
    wake: i64,
    display: i64,
    should_render: bool,
}

/// Where the application is in its loop.
#[derive(Debug, Default)]
pub(crate) struct FrameLoop {
    /// Its time has not come yet.
    coming: Option<Ticket>,
    /// Waited for and not begun.
    waited: Option<Ticket>,
    /// Begun and not ended.
    begun: Option<Ticket>,
}

impl FrameLoop {
    /// Whether a frame was begun and not ended.
    pub(crate) fn is_open(&self) -> bool {
        self.begun.is_some()
    }

    /// Begins the frame that was waited for, and says whether one before it was left unended.
    fn begin(&mut self) -> Answer<bool> {
        match self.waited.take() {
            Some(ticket) => Ok(self.begun.replace(ticket).is_some()),
            None => fault(
                R::ERROR_CALL_ORDER_INVALID,
                "no frame was waited for (xrWaitFrame)",
            ),
        }
    }

    fn end(&mut self) -> Answer<Ticket> {
        match self.begun.take() {
            Some(ticket) => Ok(ticket),
            None => fault(
                R::ERROR_CALL_ORDER_INVALID,
                "no frame was begun (xrBeginFrame)",
            ),
        }
    }
}

const NOT_BEGUN: &str = "the frame before was waited for and not begun; \
     the specification would let this call block for ever";

pub(crate) extern "system" fn wait_frame(
    session: xr::Session,
    info: *const xr::FrameWaitInfo,
    state: *mut xr::FrameState,
) -> R {
    call_and_wait("xrWaitFrame", |runtime| {
        let live = runtime.live(session)?;
        if !info.is_null() {
            abi::input(info, xr::FrameWaitInfo::TYPE)?;
        }
        let out = abi::output(state, xr::FrameState::TYPE)?;
        live.session.life.need_running()?;
        if live.session.frames.waited.is_some() {
            return Ok(Wait::ForCall(NOT_BEGUN));
        }
        live.wait(out)
    })
}

impl Live<'_> {
    fn wait(self, out: &mut xr::FrameState) -> Answer<Wait> {
        let period = self.script.period;
        let ticket = self.session.frames.coming.take().unwrap_or_else(|| {
            let beat = self.session.pacer.next(self.clock.now(), period);
            self.log.missed += beat.missed;
            Ticket {
                wake: beat.wake,
                display: beat.display,
                should_render: false,
            }
        });
        if let Some(time) = self.clock.go_to(ticket.wake) {
            self.session.frames.coming = Some(ticket);
            return Ok(Wait::ForTime(time));
        }
        let state = self.session.life.state();
        let seen = [xr::SessionState::VISIBLE, xr::SessionState::FOCUSED].contains(&state);
        let should_render = self.script.should_render && seen;
        self.session.frames.waited = Some(Ticket {
            should_render,
            ..ticket
        });
        out.predicted_display_time = xr::Time::from_nanos(ticket.display);
        out.predicted_display_period = xr::Duration::from_nanos(period);
        out.should_render = should_render.into();
        Ok(Wait::Over(R::SUCCESS))
    }
}

pub(crate) extern "system" fn begin_frame(
    session: xr::Session,
    info: *const xr::FrameBeginInfo,
) -> R {
    call("xrBeginFrame", |runtime| {
        let live = runtime.live(session)?;
        if !info.is_null() {
            abi::input(info, xr::FrameBeginInfo::TYPE)?;
        }
        live.session.life.need_running()?;
        if live.session.frames.begin()? {
            live.log.discarded += 1;
            live.log
                .complain("xrBeginFrame: the frame before was begun and never ended");
            return Ok(R::FRAME_DISCARDED);
        }
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn end_frame(session: xr::Session, info: *const xr::FrameEndInfo) -> R {
    call("xrEndFrame", |runtime| {
        let mut live = runtime.live(session)?;
        let info = abi::input(info, xr::FrameEndInfo::TYPE)?;
        live.session.life.need_running()?;
        if !live.session.frames.is_open() {
            live.session.frames.end()?;
        }
        let blend_mode = live.check_blend(info.environment_blend_mode)?;
        crate::space::check_time(info.display_time.as_nanos())?;
        let (layers, pictures) = live.check_layers(info)?;
        let ticket = live.session.frames.end()?;
        let frame = Frame {
            index: live.log.frame_count,
            display_time: info.display_time.as_nanos(),
            predicted_time: ticket.display,
            should_render: ticket.should_render,
            views_time: live.session.take_located(ticket.display),
            blend_mode,
            layers,
        };
        live.criticise(&frame);
        live.log.frame(frame);
        if live.script.keep_pictures {
            live.log.pictures = pictures;
        }
        let steps = live.session.life.frame(live.script.wish);
        live.tell(steps);
        Ok(R::SUCCESS)
    })
}

impl Live<'_> {
    fn check_blend(&self, mode: xr::EnvironmentBlendMode) -> Answer<&'static str> {
        if !self.script.blend.contains(&mode) {
            let text = format!("the blend mode {mode:?} is not among those offered");
            return fault(R::ERROR_ENVIRONMENT_BLEND_MODE_UNSUPPORTED, text);
        }
        Ok(match mode {
            xr::EnvironmentBlendMode::OPAQUE => "opaque",
            xr::EnvironmentBlendMode::ADDITIVE => "additive",
            _ => "alpha_blend",
        })
    }

    /// Writes down what a runtime lets pass and a person would see as judder.
    fn criticise(&mut self, frame: &Frame) {
        let shows = !frame.layers.is_empty();
        let index = frame.index;
        if frame.display_time != frame.predicted_time {
            self.log.complain(format!(
                "xrEndFrame: frame {index} is for the time {}, predicted was {}",
                frame.display_time, frame.predicted_time
            ));
        }
        let projects = frame.layers.iter().any(|layer| layer.kind == "projection");
        match frame.views_time {
            Some(time) if projects && time != frame.predicted_time => {
                self.log.complain(format!(
                    "xrEndFrame: frame {index} has views located for the time {time}, it is shown \
                     at {}",
                    frame.predicted_time
                ));
            }
            None if projects => self.log.complain(format!(
                "xrEndFrame: frame {index} has views that were not located for it"
            )),
            _ => {}
        }
        if shows && !frame.should_render {
            self.log.complain(format!(
                "xrEndFrame: frame {index} has layers although shouldRender was false"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waited() -> FrameLoop {
        let ticket = Ticket {
            wake: 1,
            display: 2,
            should_render: true,
        };
        FrameLoop {
            waited: Some(ticket),
            ..FrameLoop::default()
        }
    }

    #[test]
    fn a_frame_is_waited_for_begun_and_ended() {
        let mut frames = waited();
        assert!(!frames.begin().unwrap());
        assert!(frames.is_open());
        assert_eq!(frames.end().unwrap().display, 2);
        assert!(frames.end().is_err(), "ended twice");
        assert!(frames.begin().is_err(), "begun without waiting");
    }

    #[test]
    fn a_frame_begun_over_an_open_one_discards_it() {
        let mut frames = waited();
        frames.begin().unwrap();
        frames.waited = waited().waited;
        assert!(frames.begin().unwrap());
    }
}
