//! The calls of include/uapi/linux/input.h that are used, with their numbers.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

use super::super::events::Range;

/// `_IOC` of asm-generic/ioctl.h, as on x86 and ARM.
const fn number(direction: u32, nr: u32, size: usize) -> libc::Ioctl {
    (direction << 30 | (size as u32) << 16 | (b'E' as u32) << 8 | nr) as libc::Ioctl
}

const WRITE: u32 = 1;
const READ: u32 = 2;

/// Bytes of a bitmap of keys: `KEY_MAX` is 0x2ff.
const KEY_BYTES: usize = 0x300 / 8;
/// Bytes of a bitmap of force effects: `FF_MAX` is 0x7f.
const FF_BYTES: usize = 0x80 / 8;

const EVIOCGVERSION: libc::Ioctl = number(READ, 0x01, size_of::<i32>());
const EVIOCGKEY: libc::Ioctl = number(READ, 0x18, KEY_BYTES);
const EVIOCGBIT_FF: libc::Ioctl = number(READ, 0x20 + 0x15, FF_BYTES);
const EVIOCSFF: libc::Ioctl = number(WRITE, 0x80, size_of::<libc::ff_effect>());

const fn eviocgabs(axis: u16) -> libc::Ioctl {
    number(READ, 0x40 + axis as u32, size_of::<libc::input_absinfo>())
}

/// input.h: the effect of two rumble motors.
pub(super) const FF_RUMBLE: u16 = 0x50;

fn checked(code: libc::c_int) -> io::Result<()> {
    if code < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Version of the input protocol; an error where `file` is no input device.
pub(super) fn version(file: &File) -> io::Result<i32> {
    let mut version = 0;
    // SAFETY: the kernel writes an int into a live local.
    checked(unsafe { libc::ioctl(file.as_raw_fd(), EVIOCGVERSION, &raw mut version) })?;
    Ok(version)
}

/// Range and present value of an axis.
pub(super) fn axis(file: &File, code: u16) -> io::Result<(Range, i32)> {
    let mut told = libc::input_absinfo {
        value: 0,
        minimum: 0,
        maximum: 0,
        fuzz: 0,
        flat: 0,
        resolution: 0,
    };
    // SAFETY: the kernel writes an input_absinfo into a live local of that type.
    checked(unsafe { libc::ioctl(file.as_raw_fd(), eviocgabs(code), &raw mut told) })?;
    let range = Range {
        min: told.minimum,
        max: told.maximum,
    };
    Ok((range, told.value))
}

/// Whether the keys `codes` are held now.
pub(super) fn keys<const N: usize>(file: &File, codes: [u16; N]) -> io::Result<[bool; N]> {
    let mut bitmap = [0_u8; KEY_BYTES];
    // SAFETY: the kernel writes at most KEY_BYTES bytes, the size in EVIOCGKEY, into a live local.
    checked(unsafe { libc::ioctl(file.as_raw_fd(), EVIOCGKEY, bitmap.as_mut_ptr()) })?;
    Ok(codes.map(|code| bit(&bitmap, code)))
}

/// Whether the device plays rumble effects.
pub(super) fn rumbles(file: &File) -> bool {
    let mut bitmap = [0_u8; FF_BYTES];
    // SAFETY: the kernel writes at most FF_BYTES bytes, the size in EVIOCGBIT_FF, into a live local.
    let told = unsafe { libc::ioctl(file.as_raw_fd(), EVIOCGBIT_FF, bitmap.as_mut_ptr()) };
    told >= 0 && bit(&bitmap, FF_RUMBLE)
}

fn bit(bitmap: &[u8], n: u16) -> bool {
    bitmap
        .get(n as usize / 8)
        .is_some_and(|byte| byte >> (n % 8) & 1 == 1)
}

/// Puts an effect into the device; a new one where its id is -1, which is then set.
pub(super) fn upload(file: &File, effect: &mut libc::ff_effect) -> io::Result<()> {
    // SAFETY: the kernel reads an ff_effect, and writes its id, in a live value of that type.
    checked(unsafe { libc::ioctl(file.as_raw_fd(), EVIOCSFF, std::ptr::from_mut(effect)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers as a C compiler prints them on x86-64.
    #[test]
    #[cfg(target_pointer_width = "64")]
    fn numbers_are_those_of_the_header() {
        assert_eq!(EVIOCGVERSION, 0x8004_4501);
        assert_eq!(EVIOCGKEY, 0x8060_4518);
        assert_eq!(EVIOCGBIT_FF, 0x8010_4535);
        assert_eq!(eviocgabs(4), 0x8018_4544);
        assert_eq!(EVIOCSFF, 0x4030_4580);
    }

    #[test]
    fn bits_are_counted_from_the_first_byte() {
        let mut bitmap = [0_u8; FF_BYTES];
        bitmap[10] = 1;
        assert!(bit(&bitmap, FF_RUMBLE));
        assert!(!bit(&bitmap, FF_RUMBLE + 1));
        assert!(!bit(&bitmap, 0x400));
    }
}
