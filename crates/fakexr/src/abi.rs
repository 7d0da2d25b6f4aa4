//! The border to C: the only place, beside the loader's table and OpenGL, that follows pointers.
//!
//! Every pointer that arrives here was handed over by the application through the OpenXR
//! interface, which requires it to be null or to point at as many elements of its type as the call
//! says. Null, wrong structure types and wrong counts are told to the application; a wild pointer
//! cannot be noticed, as in any runtime.

use std::ffi::{CStr, c_char, c_void};

use openxr_sys as xr;

/// Why a call did not do what was asked.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The application did something wrong: counted, with what and what to do.
    Fault(xr::Result, String),
    /// The test or the headset's state wants it so: not the application's mistake.
    Refusal(xr::Result),
}

/// What a call gives back.
pub(crate) type Answer<T = xr::Result> = Result<T, Stop>;

/// A mistake of the application.
pub(crate) fn fault<T>(result: xr::Result, text: impl Into<String>) -> Answer<T> {
    Err(Stop::Fault(result, text.into()))
}

/// A mistake that the specification calls a validation failure.
pub(crate) fn invalid<T>(text: impl Into<String>) -> Answer<T> {
    fault(xr::Result::ERROR_VALIDATION_FAILURE, text)
}

/// A structure that the application filled in, of type `ty`.
pub(crate) fn input<'a, T>(pointer: *const T, ty: xr::StructureType) -> Answer<&'a T> {
    // SAFETY: null or a live structure, by the promise at the head of this file; all of them begin
    // with their type.
    match unsafe { pointer.as_ref() } {
        None => invalid(format!("a null pointer was given for {ty:?}")),
        Some(value) => check_type(pointer.cast(), ty).map(|()| value),
    }
}

/// A structure that the runtime fills in, of type `ty`.
pub(crate) fn output<'a, T>(pointer: *mut T, ty: xr::StructureType) -> Answer<&'a mut T> {
    let value = place(pointer)?;
    check_type(pointer.cast_const().cast(), ty).map(|()| value)
}

fn check_type(pointer: *const xr::BaseInStructure, ty: xr::StructureType) -> Answer<()> {
    // SAFETY: not null, and every structure begins with its type (promise at the head).
    let found = unsafe { (*pointer).ty };
    if found == ty {
        return Ok(());
    }
    invalid(format!(
        "a structure says that it is {found:?} where {ty:?} is needed"
    ))
}

/// A place without a type of its own that the runtime fills in.
pub(crate) fn place<'a, T>(pointer: *mut T) -> Answer<&'a mut T> {
    // SAFETY: null or writable, by the promise at the head of this file.
    match unsafe { pointer.as_mut() } {
        Some(value) => Ok(value),
        None => invalid("a null pointer was given for a result"),
    }
}

/// A list that the application made.
pub(crate) fn list<'a, T>(pointer: *const T, count: u32) -> Answer<&'a [T]> {
    match (pointer.is_null(), count) {
        (_, 0) => Ok(&[]),
        (true, _) => invalid(format!("a list of {count} was given as a null pointer")),
        // SAFETY: `count` live elements, by the promise at the head of this file.
        (false, _) => Ok(unsafe { std::slice::from_raw_parts(pointer, count as usize) }),
    }
}

/// A list of which the application made room for `count` elements.
pub(crate) fn room<'a, T>(pointer: *mut T, count: u32) -> Answer<&'a mut [T]> {
    match (pointer.is_null(), count) {
        (_, 0) => Ok(&mut []),
        (true, _) => invalid(format!("room for {count} was given as a null pointer")),
        // SAFETY: `count` writable elements, by the promise at the head of this file.
        (false, _) => Ok(unsafe { std::slice::from_raw_parts_mut(pointer, count as usize) }),
    }
}

/// The structure of type `ty` in a chain of extensions.
pub(crate) fn chained<'a, T>(next: *const c_void, ty: xr::StructureType) -> Option<&'a T> {
    find(next, ty).map(|found| {
        // SAFETY: its type says that it is a `T`.
        unsafe { &*found.cast::<T>() }
    })
}

/// A structure of which only the beginning is known, if it is of type `ty`.
pub(crate) fn first<'a, T>(
    pointer: *const xr::BaseInStructure,
    ty: xr::StructureType,
) -> Option<&'a T> {
    // SAFETY: null or a live structure, by the promise at the head of this file; its type says
    // what it is.
    let is = unsafe { pointer.as_ref() }.is_some_and(|base| base.ty == ty);
    // SAFETY: as above.
    is.then(|| unsafe { &*pointer.cast::<T>() })
}

/// The structure of type `ty` that the runtime fills in, in a chain of extensions.
pub(crate) fn chained_mut<'a, T>(next: *mut c_void, ty: xr::StructureType) -> Option<&'a mut T> {
    find(next, ty).map(|found| {
        // SAFETY: its type says that it is a `T`; chains of results are writable.
        unsafe { &mut *found.cast_mut().cast::<T>() }
    })
}

fn find(next: *const c_void, ty: xr::StructureType) -> Option<*const xr::BaseInStructure> {
    let mut link = next.cast::<xr::BaseInStructure>();
    // SAFETY: chains end with null and consist of structures that begin with type and next.
    while let Some(base) = unsafe { link.as_ref() } {
        if base.ty == ty {
            return Some(link);
        }
        link = base.next;
    }
    None
}

/// A text that ends with zero.
pub(crate) fn text<'a>(pointer: *const c_char) -> Answer<&'a str> {
    if pointer.is_null() {
        return invalid("a null pointer was given for a text");
    }
    // SAFETY: not null and ended with zero, by the promise at the head of this file.
    match unsafe { CStr::from_ptr(pointer) }.to_str() {
        Ok(text) => Ok(text),
        Err(_) => invalid("a text is not UTF-8"),
    }
}

/// A text in an array that it need not fill.
pub(crate) fn fixed_text(array: &[c_char]) -> Answer<String> {
    let Some(end) = array.iter().position(|&c| c == 0) else {
        return invalid(format!("a text of {} characters has no end", array.len()));
    };
    match String::from_utf8(array[..end].iter().map(|&c| c.cast_unsigned()).collect()) {
        Ok(text) => Ok(text),
        Err(_) => invalid("a text is not UTF-8"),
    }
}

/// Writes a text, cut to fit, and its end.
pub(crate) fn write_text(array: &mut [c_char], text: &str) {
    let length = text.len().min(array.len() - 1);
    for (to, from) in array.iter_mut().zip(&text.as_bytes()[..length]) {
        *to = from.cast_signed();
    }
    array[length] = 0;
}

/// The two calls by which a list is asked for: first its length, then its elements.
pub(crate) fn two_calls<T: Copy>(
    capacity: u32,
    count: *mut u32,
    items: *mut T,
    values: &[T],
) -> Answer {
    if let Some(places) = second_call(capacity, count, items, values.len())? {
        places.copy_from_slice(values);
    }
    Ok(xr::Result::SUCCESS)
}

/// As [`two_calls`], for structures with a type that the application has to fill in.
pub(crate) fn two_calls_typed<T>(
    capacity: u32,
    count: *mut u32,
    items: *mut T,
    (length, ty): (usize, xr::StructureType),
    fill: impl Fn(usize, &mut T),
) -> Answer {
    if let Some(places) = second_call(capacity, count, items, length)? {
        for (index, item) in places.iter_mut().enumerate() {
            check_type(std::ptr::from_ref(item).cast(), ty)?;
            fill(index, item);
        }
    }
    Ok(xr::Result::SUCCESS)
}

/// As [`two_calls`], for a text and its end.
pub(crate) fn two_calls_text(
    capacity: u32,
    count: *mut u32,
    buffer: *mut c_char,
    value: &str,
) -> Answer {
    if let Some(places) = second_call(capacity, count, buffer, value.len() + 1)? {
        write_text(places, value);
    }
    Ok(xr::Result::SUCCESS)
}

fn second_call<'a, T>(
    capacity: u32,
    count: *mut u32,
    items: *mut T,
    length: usize,
) -> Answer<Option<&'a mut [T]>> {
    let length = u32::try_from(length).expect("lists are short");
    *place(count)? = length;
    if capacity == 0 {
        return Ok(None);
    }
    if capacity < length {
        let text = format!("there is room for {capacity}, needed is room for {length}");
        return fault(xr::Result::ERROR_SIZE_INSUFFICIENT, text);
    }
    room(items, length).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_asked_for_in_two_calls() {
        let values = [3_i64, 5, 7];
        let (mut count, mut room) = (0, [0_i64; 3]);
        assert!(two_calls(0, &mut count, std::ptr::null_mut(), &values).is_ok());
        assert_eq!(count, 3);
        assert!(two_calls(3, &mut count, room.as_mut_ptr(), &values).is_ok());
        assert_eq!(room, values);
        let short = two_calls(2, &mut count, room.as_mut_ptr(), &values);
        assert!(matches!(
            short,
            Err(Stop::Fault(xr::Result::ERROR_SIZE_INSUFFICIENT, _))
        ));
    }

    #[test]
    fn a_structure_of_another_type_is_refused() {
        let info = xr::FrameWaitInfo {
            ty: xr::FrameBeginInfo::TYPE,
            next: std::ptr::null(),
        };
        assert!(input(&raw const info, xr::FrameWaitInfo::TYPE).is_err());
        assert!(input(&raw const info, xr::FrameBeginInfo::TYPE).is_ok());
    }

    #[test]
    fn a_chain_is_searched_to_its_end() {
        let last = xr::FrameBeginInfo {
            ty: xr::FrameBeginInfo::TYPE,
            next: std::ptr::null(),
        };
        let first = xr::FrameWaitInfo {
            ty: xr::FrameWaitInfo::TYPE,
            next: (&raw const last).cast(),
        };
        let next = (&raw const first).cast();
        assert!(chained::<xr::FrameBeginInfo>(next, xr::FrameBeginInfo::TYPE).is_some());
        assert!(chained::<xr::FrameEndInfo>(next, xr::FrameEndInfo::TYPE).is_none());
    }

    #[test]
    fn texts_are_cut_to_their_array() {
        let mut array = [0; 4];
        write_text(&mut array, "liver");
        assert_eq!(fixed_text(&array).unwrap(), "liv");
        assert!(fixed_text(&[65; 4]).is_err());
    }
}
