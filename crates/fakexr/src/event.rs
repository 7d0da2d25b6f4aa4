//! What the runtime tells the application through xrPollEvent.

use std::collections::VecDeque;

use openxr_sys as xr;

use crate::pose::Pose;

/// Events kept until they are asked for; older ones are dropped and counted.
const CAPACITY: usize = 256;

/// One event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Event {
    State(xr::SessionState, i64),
    Profile,
    Recentre(xr::ReferenceSpaceType, i64, Pose),
    Presence(bool),
    RefreshRate(f32, f32),
    InstanceLoss(i64),
    Mask(xr::ViewConfigurationType, u32),
}

/// Writes an event of one type, whose first two fields are those of all.
macro_rules! put {
    ($buffer:ident, $type:ident { $($field:ident: $value:expr),* $(,)? }) => {{
        let (ty, next) = (xr::$type::TYPE, $buffer.next);
        put($buffer, xr::$type { ty, next, $($field: $value),* });
    }};
}

/// Events in the order that they came about.
#[derive(Debug, Default)]
pub(crate) struct Events {
    waiting: VecDeque<Event>,
    lost: u32,
}

impl Events {
    pub(crate) fn push(&mut self, event: Event) {
        if self.waiting.len() == CAPACITY {
            self.waiting.pop_front();
            self.lost += 1;
        }
        self.waiting.push_back(event);
    }

    /// Forgets what is told of a session that is no more: no event names a destroyed handle.
    pub(crate) fn forget_session(&mut self) {
        let stays =
            |event: &Event| matches!(event, Event::InstanceLoss(_) | Event::RefreshRate(..));
        self.waiting.retain(stays);
    }

    /// Writes the next event into the application's buffer; false if there is none.
    pub(crate) fn poll(&mut self, session: xr::Session, buffer: &mut xr::EventDataBuffer) -> bool {
        if self.lost > 0 {
            let lost = std::mem::take(&mut self.lost);
            put!(
                buffer,
                EventDataEventsLost {
                    lost_event_count: lost
                }
            );
            return true;
        }
        match self.waiting.pop_front() {
            Some(event) => write(event, session, buffer),
            None => return false,
        }
        true
    }
}

fn write(event: Event, session: xr::Session, buffer: &mut xr::EventDataBuffer) {
    let time = xr::Time::from_nanos;
    match event {
        Event::State(state, at) => {
            put!(
                buffer,
                EventDataSessionStateChanged {
                    session: session,
                    state: state,
                    time: time(at)
                }
            );
        }
        Event::Profile => put!(
            buffer,
            EventDataInteractionProfileChanged { session: session }
        ),
        Event::Recentre(space, at, pose) => put!(
            buffer,
            EventDataReferenceSpaceChangePending {
                session: session,
                reference_space_type: space,
                change_time: time(at),
                pose_valid: xr::TRUE,
                pose_in_previous_space: pose.into(),
            }
        ),
        Event::Presence(present) => put!(
            buffer,
            EventDataUserPresenceChangedEXT {
                session: session,
                is_user_present: present.into(),
            }
        ),
        Event::RefreshRate(from, to) => put!(
            buffer,
            EventDataDisplayRefreshRateChangedFB {
                from_display_refresh_rate: from,
                to_display_refresh_rate: to,
            }
        ),
        Event::InstanceLoss(at) => {
            put!(
                buffer,
                EventDataInstanceLossPending {
                    loss_time: time(at)
                }
            );
        }
        Event::Mask(configuration, view) => put!(
            buffer,
            EventDataVisibilityMaskChangedKHR {
                session: session,
                view_configuration_type: configuration,
                view_index: view,
            }
        ),
    }
}

fn put<T>(buffer: &mut xr::EventDataBuffer, event: T) {
    const { assert!(size_of::<T>() <= size_of::<xr::EventDataBuffer>()) };
    const { assert!(align_of::<T>() <= align_of::<xr::EventDataBuffer>()) };
    // SAFETY: large enough and aligned, as asserted; every event is plain data that begins like
    // the buffer, with its type and next.
    unsafe { std::ptr::from_mut(buffer).cast::<T>().write(event) };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buffer() -> xr::EventDataBuffer {
        xr::EventDataBuffer {
            ty: xr::EventDataBuffer::TYPE,
            next: std::ptr::null(),
            varying: [0; 4000],
        }
    }

    #[test]
    fn events_come_in_order_and_then_none() {
        let (mut events, mut out) = (Events::default(), buffer());
        events.push(Event::Profile);
        events.push(Event::Presence(true));
        let session = xr::Handle::from_raw(7);
        assert!(events.poll(session, &mut out));
        assert_eq!(out.ty, xr::EventDataInteractionProfileChanged::TYPE);
        assert!(events.poll(session, &mut out));
        assert_eq!(out.ty, xr::EventDataUserPresenceChangedEXT::TYPE);
        assert!(!events.poll(session, &mut out));
    }

    #[test]
    fn what_is_told_of_a_session_goes_with_it() {
        let (mut events, mut out) = (Events::default(), buffer());
        events.push(Event::State(xr::SessionState::LOSS_PENDING, 1));
        events.push(Event::InstanceLoss(2));
        events.push(Event::Presence(true));
        events.forget_session();
        assert!(events.poll(xr::Session::default(), &mut out));
        assert_eq!(out.ty, xr::EventDataInstanceLossPending::TYPE);
        assert!(!events.poll(xr::Session::default(), &mut out));
    }

    #[test]
    fn events_that_nobody_fetches_are_counted_as_lost() {
        let (mut events, mut out) = (Events::default(), buffer());
        for _ in 0..CAPACITY + 3 {
            events.push(Event::Profile);
        }
        assert!(events.poll(xr::Session::default(), &mut out));
        assert_eq!(out.ty, xr::EventDataEventsLost::TYPE);
    }
}
