//! The Touch driver against a fake libHD: conformance, what is said when things are missing, and
//! what the maker's thread and its errors do to the loop.

#[path = "../common/mod.rs"]
mod common;
#[path = "../conformance/mod.rs"]
mod conformance;
#[path = "../counting/mod.rs"]
mod counting;
#[path = "../fakes/mod.rs"]
mod fakes;

mod far_side;
mod frames;
mod opening;
mod threads;

use far_side::FarSide;

#[test]
fn it_conforms() {
    conformance::conforms(&mut FarSide::take());
}

#[test]
fn it_conforms_where_the_device_tells_nothing() {
    let mut far = FarSide::take();
    far.kind(0, false, false);
    conformance::conforms(&mut far);
}
