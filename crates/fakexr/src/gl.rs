//! The application's OpenGL context: textures made in it and read back from it.
//!
//! Every call is made while that context is current in the calling thread, which is what OpenXR
//! asks of the application; where it can be checked (EGL) it is.

use std::ffi::{CStr, c_char, c_void};

use libloading::Library;
use openxr_sys as xr;
use xr::Result as R;

use crate::abi::{Answer, fault};

pub(crate) const SRGB8_ALPHA8: i64 = 0x8C43;
const RGBA8: i64 = 0x8058;
const RGBA16F: i64 = 0x881A;
const RGB10_A2: i64 = 0x8059;
const DEPTH16: i64 = 0x81A5;
const DEPTH24: i64 = 0x81A6;
const DEPTH32F: i64 = 0x8CAC;
const DEPTH24_STENCIL8: i64 = 0x88F0;
const DEPTH32F_STENCIL8: i64 = 0x8CAD;

/// The formats offered, the best first.
pub(crate) const FORMATS: &[i64] = &[
    SRGB8_ALPHA8,
    RGBA16F,
    RGBA8,
    RGB10_A2,
    DEPTH32F,
    DEPTH24,
    DEPTH24_STENCIL8,
    DEPTH32F_STENCIL8,
    DEPTH16,
];

/// Whether a format holds depth.
pub(crate) fn is_depth(format: i64) -> bool {
    [
        DEPTH16,
        DEPTH24,
        DEPTH32F,
        DEPTH24_STENCIL8,
        DEPTH32F_STENCIL8,
    ]
    .contains(&format)
}

const TEXTURE_2D: u32 = 0x0DE1;
const TEXTURE_2D_ARRAY: u32 = 0x8C1A;
const BINDING_2D: u32 = 0x8069;
const BINDING_2D_ARRAY: u32 = 0x8C1D;
const PIXEL_PACK_BUFFER: u32 = 0x88EB;
const PIXEL_PACK_BUFFER_BINDING: u32 = 0x88ED;
const PACK_ALIGNMENT: u32 = 0x0D05;
const RGBA: u32 = 0x1908;
const UNSIGNED_BYTE: u32 = 0x1401;
const DEPTH_COMPONENT: u32 = 0x1902;
const FLOAT: u32 = 0x1406;

/// Declares the functions that are used, by name and type, and how they are loaded.
macro_rules! functions {
    ($($field:ident $name:literal ($($type:ty),*);)*) => {
        /// Functions of the context.
        struct Functions {
            $($field: unsafe extern "system" fn($($type),*),)*
        }

        impl Functions {
            fn load(find: impl Fn(&CStr) -> *const c_void) -> Answer<Self> {
                Ok(Self {
                    $($field: {
                        let address = find($name);
                        if address.is_null() {
                            let text = format!("the context has no {:?}", $name);
                            return fault(R::ERROR_GRAPHICS_DEVICE_INVALID, text);
                        }
                        // SAFETY: an address that the driver gave for this name, whose type the
                        // OpenGL registry says; not null.
                        unsafe {
                            std::mem::transmute::<
                                *const c_void,
                                unsafe extern "system" fn($($type),*),
                            >(address)
                        }
                    },)*
                })
            }
        }
    };
}

functions! {
    gen_textures c"glGenTextures" (i32, *mut u32);
    delete_textures c"glDeleteTextures" (i32, *const u32);
    bind_texture c"glBindTexture" (u32, u32);
    storage_2d c"glTexStorage2D" (u32, i32, u32, i32, i32);
    storage_3d c"glTexStorage3D" (u32, i32, u32, i32, i32, i32);
    get_integer c"glGetIntegerv" (u32, *mut i32);
    get_image c"glGetTexImage" (u32, i32, u32, u32, *mut c_void);
    pixel_store c"glPixelStorei" (u32, i32);
    bind_buffer c"glBindBuffer" (u32, u32);
}

/// The context, and how to ask which one is current.
pub(crate) struct Gl {
    functions: Functions,
    context: *mut c_void,
    current: Option<unsafe extern "system" fn() -> *mut c_void>,
    /// Keeps the functions loaded.
    _library: Option<Library>,
}

// SAFETY: the pointers are the driver's; every use is under the runtime's lock, and the
// application makes its context current in the thread that calls.
unsafe impl Send for Gl {}

impl Gl {
    /// The context of an EGL binding.
    pub(crate) fn from_egl(binding: &xr::GraphicsBindingEGLMNDX) -> Answer<Self> {
        let Some(get) = binding.get_proc_address else {
            return fault(R::ERROR_GRAPHICS_DEVICE_INVALID, "getProcAddress is null");
        };
        if binding.display.is_null() || binding.context.is_null() {
            let text = "the binding's display or context is null";
            return fault(R::ERROR_GRAPHICS_DEVICE_INVALID, text);
        }
        // SAFETY: the application's eglGetProcAddress, called with names that end with zero.
        let find = |name: &CStr| unsafe { address(get(name.as_ptr())) };
        let current = find(c"eglGetCurrentContext");
        let current = (!current.is_null()).then(|| {
            // SAFETY: the address that EGL gave for this name, of this type.
            unsafe {
                std::mem::transmute::<*const c_void, unsafe extern "system" fn() -> *mut c_void>(
                    current,
                )
            }
        });
        let gl = Self {
            functions: Functions::load(find)?,
            context: binding.context,
            current,
            _library: None,
        };
        gl.check_current()?;
        Ok(gl)
    }

    /// The context of an X11 binding, whose functions libGL gives.
    pub(crate) fn from_xlib(binding: &xr::GraphicsBindingOpenGLXlibKHR) -> Answer<Self> {
        if binding.x_display.is_null() || binding.glx_context.is_null() {
            let text = "the binding's display or context is null";
            return fault(R::ERROR_GRAPHICS_DEVICE_INVALID, text);
        }
        let library = load_gl()?;
        type GetProc = unsafe extern "system" fn(*const c_char) -> Option<pfn>;
        // SAFETY: GLX declares the function with this type.
        let get = unsafe { library.get::<GetProc>(c"glXGetProcAddressARB") };
        let Ok(get) = get.map(|symbol| *symbol) else {
            return fault(
                R::ERROR_GRAPHICS_DEVICE_INVALID,
                "libGL has no glXGetProcAddressARB",
            );
        };
        // SAFETY: glXGetProcAddressARB, called with names that end with zero.
        let functions = Functions::load(|name| unsafe { address(get(name.as_ptr())) })?;
        Ok(Self {
            functions,
            context: binding.glx_context,
            current: None,
            _library: Some(library),
        })
    }

    /// Checks that the context is the current one, where that can be asked.
    pub(crate) fn check_current(&self) -> Answer<()> {
        if self.is_current() {
            return Ok(());
        }
        let text = "the session's OpenGL context is not current in this thread";
        fault(R::ERROR_RUNTIME_FAILURE, text)
    }

    fn is_current(&self) -> bool {
        // SAFETY: eglGetCurrentContext takes nothing and changes nothing.
        self.current
            .is_none_or(|current| unsafe { current() } == self.context)
    }

    /// Makes textures of one size, `layers` deep if more than one.
    pub(crate) fn make_textures(
        &self,
        count: usize,
        format: i64,
        size: [u32; 2],
        layers: u32,
    ) -> Answer<Vec<u32>> {
        self.check_current()?;
        let [width, height, layers] = [size[0], size[1], layers].map(u32::cast_signed);
        let format = u32::try_from(format).expect("an offered format");
        let mut names = vec![0; count];
        let gl = &self.functions;
        // SAFETY: the context is current; room for `count` names; sizes were checked.
        unsafe {
            (gl.gen_textures)(i32::try_from(count).expect("few"), names.as_mut_ptr());
            for &name in &names {
                let before = self.bind(layers > 1, name);
                if layers > 1 {
                    (gl.storage_3d)(TEXTURE_2D_ARRAY, 1, format, width, height, layers);
                } else {
                    (gl.storage_2d)(TEXTURE_2D, 1, format, width, height);
                }
                self.bind(layers > 1, before);
            }
        }
        Ok(names)
    }

    /// Gives textures back, if their context is current; else they go with it.
    pub(crate) fn delete_textures(&self, names: &[u32]) {
        if self.is_current() {
            let count = i32::try_from(names.len()).expect("few");
            // SAFETY: the context is current, the names are its textures.
            unsafe { (self.functions.delete_textures)(count, names.as_ptr()) };
        }
    }

    /// The bytes of a colour texture, rows from the bottom, or of a depth texture as floats.
    pub(crate) fn read(
        &self,
        name: u32,
        size: [u32; 2],
        layers: u32,
        depth: bool,
    ) -> Answer<Vec<u8>> {
        self.check_current()?;
        let mut bytes = vec![0_u8; 4 * (size[0] * size[1] * layers) as usize];
        let (format, kind) = if depth {
            (DEPTH_COMPONENT, FLOAT)
        } else {
            (RGBA, UNSIGNED_BYTE)
        };
        let target = if layers > 1 {
            TEXTURE_2D_ARRAY
        } else {
            TEXTURE_2D
        };
        let gl = &self.functions;
        let buffer = self.integer(PIXEL_PACK_BUFFER_BINDING);
        let alignment = self.integer(PACK_ALIGNMENT);
        // SAFETY: the context is current; four bytes a pixel, without a buffer of the application
        // that would take them instead; what was bound is bound again.
        unsafe {
            (gl.bind_buffer)(PIXEL_PACK_BUFFER, 0);
            (gl.pixel_store)(PACK_ALIGNMENT, 1);
            let before = self.bind(layers > 1, name);
            (gl.get_image)(target, 0, format, kind, bytes.as_mut_ptr().cast());
            self.bind(layers > 1, before);
            (gl.pixel_store)(PACK_ALIGNMENT, alignment.cast_signed());
            (gl.bind_buffer)(PIXEL_PACK_BUFFER, buffer);
        }
        Ok(bytes)
    }

    /// Binds a texture and returns the one that was bound.
    fn bind(&self, array: bool, name: u32) -> u32 {
        let (target, binding) = if array {
            (TEXTURE_2D_ARRAY, BINDING_2D_ARRAY)
        } else {
            (TEXTURE_2D, BINDING_2D)
        };
        let before = self.integer(binding);
        // SAFETY: the context is current.
        unsafe { (self.functions.bind_texture)(target, name) };
        before
    }

    fn integer(&self, what: u32) -> u32 {
        let mut value = 0;
        // SAFETY: the context is current; these values are single integers.
        unsafe { (self.functions.get_integer)(what, &raw mut value) };
        value.cast_unsigned()
    }
}

/// Any function.
#[expect(non_camel_case_types, reason = "named as in the C interface")]
type pfn = unsafe extern "system" fn();

fn address(function: Option<pfn>) -> *const c_void {
    function.map_or(std::ptr::null(), |function| function as *const c_void)
}

fn load_gl() -> Answer<Library> {
    // SAFETY: the system's OpenGL library, which the application has loaded already.
    match unsafe { Library::new("libGL.so.1") } {
        Ok(library) => Ok(library),
        Err(error) => fault(R::ERROR_GRAPHICS_DEVICE_INVALID, error.to_string()),
    }
}
