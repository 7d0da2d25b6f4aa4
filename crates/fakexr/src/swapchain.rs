//! Swapchains: textures of the application's own context, handed out in turn.

use std::collections::VecDeque;

use openxr_sys as xr;
use xr::{Handle, Result as R};

use crate::abi::{self, Answer, fault, invalid};
use crate::gl::{self, Gl};
use crate::runtime::{Live, bad_handle, call, fresh_handle};
use crate::system::MAX_IMAGE;

/// Images of a swapchain.
const IMAGES: usize = 3;

/// What belongs to a swapchain.
#[derive(Debug)]
pub(crate) struct Swapchain {
    pub(crate) textures: Vec<u32>,
    pub(crate) size: [u32; 2],
    pub(crate) layers: u32,
    pub(crate) format: i64,
    pub(crate) queue: ImageQueue,
}

/// Which images are with the application, in the order acquire, wait, release.
#[derive(Debug)]
pub(crate) struct ImageQueue {
    count: usize,
    next: usize,
    acquired: VecDeque<usize>,
    waited: bool,
    /// The image that was released last: the one that a layer shows.
    pub(crate) shown: Option<usize>,
    once: bool,
}

impl ImageQueue {
    pub(crate) fn new(once: bool) -> Self {
        Self {
            count: if once { 1 } else { IMAGES },
            next: 0,
            acquired: VecDeque::new(),
            waited: false,
            shown: None,
            once,
        }
    }

    fn acquire(&mut self) -> Answer<usize> {
        if self.acquired.len() == self.count {
            return wrong_order("all images are acquired; release one first");
        }
        if self.once && self.shown.is_some() {
            return wrong_order("a static image can be acquired only once");
        }
        let index = self.next;
        self.next = (index + 1) % self.count;
        self.acquired.push_back(index);
        Ok(index)
    }

    fn wait(&mut self) -> Answer<()> {
        if self.acquired.is_empty() {
            return wrong_order("no image is acquired");
        }
        if self.waited {
            return wrong_order("an image was waited for already; release it first");
        }
        self.waited = true;
        Ok(())
    }

    fn release(&mut self) -> Answer<()> {
        if !self.waited {
            return wrong_order("no image was waited for");
        }
        self.waited = false;
        self.shown = self.acquired.pop_front();
        Ok(())
    }

    /// Whether the application still holds an image.
    pub(crate) fn is_held(&self) -> bool {
        !self.acquired.is_empty()
    }
}

fn wrong_order<T>(text: &str) -> Answer<T> {
    fault(R::ERROR_CALL_ORDER_INVALID, text)
}

pub(crate) extern "system" fn formats(
    session: xr::Session,
    capacity: u32,
    count: *mut u32,
    formats: *mut i64,
) -> R {
    call("xrEnumerateSwapchainFormats", |runtime| {
        let live = runtime.live(session)?;
        let offered = if live.session.gl.is_some() {
            gl::FORMATS
        } else {
            &[]
        };
        abi::two_calls(capacity, count, formats, offered)
    })
}

pub(crate) extern "system" fn create_swapchain(
    session: xr::Session,
    info: *const xr::SwapchainCreateInfo,
    swapchain: *mut xr::Swapchain,
) -> R {
    call("xrCreateSwapchain", |runtime| {
        let live = runtime.live(session)?;
        let info = abi::input(info, xr::SwapchainCreateInfo::TYPE)?;
        let out = abi::place(swapchain)?;
        check_request(info)?;
        let Some(gl) = &live.session.gl else {
            return fault(
                R::ERROR_SWAPCHAIN_FORMAT_UNSUPPORTED,
                "a headless session shows nothing",
            );
        };
        let new = Swapchain::new(gl, info)?;
        let handle = fresh_handle();
        live.session.swapchains.insert(handle, new);
        *out = xr::Swapchain::from_raw(handle);
        Ok(R::SUCCESS)
    })
}

fn check_request(info: &xr::SwapchainCreateInfo) -> Answer<()> {
    if !gl::FORMATS.contains(&info.format) {
        let text = format!("the format {:#x} is not among those offered", info.format);
        return fault(R::ERROR_SWAPCHAIN_FORMAT_UNSUPPORTED, text);
    }
    if info
        .create_flags
        .contains(xr::SwapchainCreateFlags::PROTECTED_CONTENT)
        || info.face_count == 6
        || info.sample_count > 1
        || info.mip_count > 1
    {
        let text = "protected content, cubes, multisamples and mipmaps are not offered";
        return fault(R::ERROR_FEATURE_UNSUPPORTED, text);
    }
    if info.face_count != 1 || info.sample_count != 1 || info.mip_count != 1 {
        return invalid("faces, samples and mipmaps are counted from one");
    }
    let sides = 1..=MAX_IMAGE;
    if !sides.contains(&info.width) || !sides.contains(&info.height) || info.array_size == 0 {
        let (width, height, layers) = (info.width, info.height, info.array_size);
        return invalid(format!(
            "an image of {width} x {height} x {layers} cannot be made"
        ));
    }
    Ok(())
}

impl Swapchain {
    fn new(gl: &Gl, info: &xr::SwapchainCreateInfo) -> Answer<Self> {
        let once = info
            .create_flags
            .contains(xr::SwapchainCreateFlags::STATIC_IMAGE);
        let queue = ImageQueue::new(once);
        let size = [info.width, info.height];
        let textures = gl.make_textures(queue.count, info.format, size, info.array_size)?;
        Ok(Self {
            textures,
            size,
            layers: info.array_size,
            format: info.format,
            queue,
        })
    }
}

impl<'a> Live<'a> {
    pub(crate) fn swapchain(self, handle: xr::Swapchain) -> Answer<&'a mut Swapchain> {
        match self.session.swapchains.get_mut(&handle.into_raw()) {
            Some(swapchain) => Ok(swapchain),
            None => bad_handle("swapchain"),
        }
    }
}

pub(crate) extern "system" fn destroy_swapchain(swapchain: xr::Swapchain) -> R {
    call("xrDestroySwapchain", |runtime| {
        let Some(session) = &mut runtime.session else {
            return bad_handle("swapchain");
        };
        match session.swapchains.remove(&swapchain.into_raw()) {
            Some(swapchain) => {
                if let Some(gl) = &session.gl {
                    gl.delete_textures(&swapchain.textures);
                }
                Ok(R::SUCCESS)
            }
            None => bad_handle("swapchain"),
        }
    })
}

pub(crate) extern "system" fn images(
    swapchain: xr::Swapchain,
    capacity: u32,
    count: *mut u32,
    images: *mut xr::SwapchainImageBaseHeader,
) -> R {
    call("xrEnumerateSwapchainImages", |runtime| {
        let textures = &runtime.live_owner()?.swapchain(swapchain)?.textures;
        let images: *mut xr::SwapchainImageOpenGLKHR = images.cast();
        let kind = (textures.len(), xr::SwapchainImageOpenGLKHR::TYPE);
        abi::two_calls_typed(capacity, count, images, kind, |index, image| {
            image.image = textures[index];
        })
    })
}

pub(crate) extern "system" fn acquire(
    swapchain: xr::Swapchain,
    info: *const xr::SwapchainImageAcquireInfo,
    index: *mut u32,
) -> R {
    call("xrAcquireSwapchainImage", |runtime| {
        if !info.is_null() {
            abi::input(info, xr::SwapchainImageAcquireInfo::TYPE)?;
        }
        let swapchain = runtime.live_owner()?.swapchain(swapchain)?;
        let out = abi::place(index)?;
        *out = u32::try_from(swapchain.queue.acquire()?).expect("few images");
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn wait(
    swapchain: xr::Swapchain,
    info: *const xr::SwapchainImageWaitInfo,
) -> R {
    call("xrWaitSwapchainImage", |runtime| {
        abi::input(info, xr::SwapchainImageWaitInfo::TYPE)?;
        runtime.live_owner()?.swapchain(swapchain)?.queue.wait()?;
        Ok(R::SUCCESS)
    })
}

pub(crate) extern "system" fn release(
    swapchain: xr::Swapchain,
    info: *const xr::SwapchainImageReleaseInfo,
) -> R {
    call("xrReleaseSwapchainImage", |runtime| {
        if !info.is_null() {
            abi::input(info, xr::SwapchainImageReleaseInfo::TYPE)?;
        }
        runtime
            .live_owner()?
            .swapchain(swapchain)?
            .queue
            .release()?;
        Ok(R::SUCCESS)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_come_in_turn_and_the_last_released_is_shown() {
        let mut queue = ImageQueue::new(false);
        for expected in [0, 1, 2, 0] {
            assert_eq!(queue.acquire().unwrap(), expected);
            queue.wait().unwrap();
            assert!(queue.is_held());
            queue.release().unwrap();
            assert_eq!(queue.shown, Some(expected));
        }
        assert!(!queue.is_held());
    }

    #[test]
    fn images_are_waited_for_and_released_in_the_order_in_which_they_were_acquired() {
        let mut queue = ImageQueue::new(false);
        assert!(queue.wait().is_err() && queue.release().is_err());
        for _ in 0..IMAGES {
            queue.acquire().unwrap();
        }
        assert!(queue.acquire().is_err(), "none is left");
        assert!(queue.release().is_err(), "not waited for");
        queue.wait().unwrap();
        assert!(queue.wait().is_err(), "waited for twice");
        queue.release().unwrap();
        assert_eq!(queue.shown, Some(0));
    }

    #[test]
    fn a_static_image_is_drawn_once() {
        let mut queue = ImageQueue::new(true);
        queue.acquire().unwrap();
        queue.wait().unwrap();
        queue.release().unwrap();
        assert!(queue.acquire().is_err());
    }
}
