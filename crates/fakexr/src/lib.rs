//! A small OpenXR runtime for tests, found by the loader through `XR_RUNTIME_JSON`.
//!
//! The application under test talks to it through the real loader and its validation layers; the
//! test talks to the same shared object through the plain C functions of [`control`]: it moves the
//! head and the hands, presses buttons, takes the session or the runtime away, and reads what was
//! submitted and what was called wrongly. There is no compositor and no hardware.
//!
//! Everything lives in one [`runtime::Runtime`] behind one lock. Where the specification leaves a
//! choice, the stricter one is taken, and what is legal but a bug in a frame loop is written down.

mod abi;
mod action;
mod binding;
mod clock;
mod control;
mod debug;
mod event;
mod extension;
mod frame;
mod gl;
mod hand;
mod haptic;
mod input;
mod instance;
mod layer;
mod layout;
mod lifecycle;
mod loader;
mod log;
mod path;
mod picture;
mod pose;
mod profile;
mod refresh;
mod report;
mod runtime;
mod script;
mod session;
mod settings;
mod space;
mod swapchain;
mod sync;
mod system;
mod time;
mod upset;
mod view;
