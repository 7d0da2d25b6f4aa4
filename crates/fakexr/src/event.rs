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

    /// Writes the next event into the application's buffer; false if there is none.
    pub(crate) fn poll(&mut self, session: xr::Session, buffer: &mut xr::EventDataBuffer) -> bool {
        let next = buffer.next;
        if self.lost > 0 {
            let lost_event_count = std::mem::take(&mut self.lost);
            let ty = xr::EventDataEventsLost::TYPE;
            put(
                buffer,
                xr::EventDataEventsLost {
                    ty,
                    next,
                    lost_event_count,
                },
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
    let next = buffer.next;
    match event {
        Event::State(state, time) => put(
            buffer,
            xr::EventDataSessionStateChanged {
                ty: xr::EventDataSessionStateChanged::TYPE,
                next,
                session,
                state,
                time: xr::Time::from_nanos(time),
            },
        ),
        Event::Profile => {
            let ty = xr::EventDataInteractionProfileChanged::TYPE;
            put(
                buffer,
                xr::EventDataInteractionProfileChanged { ty, next, session },
            );
        }
        Event::Recentre(space, time, pose) => put(
            buffer,
            xr::EventDataReferenceSpaceChangePending {
                ty: xr::EventDataReferenceSpaceChangePending::TYPE,
                next,
                session,
                reference_space_type: space,
                change_time: xr::Time::from_nanos(time),
                pose_valid: xr::TRUE,
                pose_in_previous_space: pose.into(),
            },
        ),
        Event::Presence(present) => put(
            buffer,
            xr::EventDataUserPresenceChangedEXT {
                ty: xr::EventDataUserPresenceChangedEXT::TYPE,
                next,
                session,
                is_user_present: present.into(),
            },
        ),
        Event::RefreshRate(from, to) => put(
            buffer,
            xr::EventDataDisplayRefreshRateChangedFB {
                ty: xr::EventDataDisplayRefreshRateChangedFB::TYPE,
                next,
                from_display_refresh_rate: from,
                to_display_refresh_rate: to,
            },
        ),
        Event::InstanceLoss(time) => put(
            buffer,
            xr::EventDataInstanceLossPending {
                ty: xr::EventDataInstanceLossPending::TYPE,
                next,
                loss_time: xr::Time::from_nanos(time),
            },
        ),
        Event::Mask(view_configuration_type, view_index) => put(
            buffer,
            xr::EventDataVisibilityMaskChangedKHR {
                ty: xr::EventDataVisibilityMaskChangedKHR::TYPE,
                next,
                session,
                view_configuration_type,
                view_index,
            },
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
    fn events_that_nobody_fetches_are_counted_as_lost() {
        let (mut events, mut out) = (Events::default(), buffer());
        for _ in 0..CAPACITY + 3 {
            events.push(Event::Profile);
        }
        assert!(events.poll(xr::Session::default(), &mut out));
        assert_eq!(out.ty, xr::EventDataEventsLost::TYPE);
    }
}
