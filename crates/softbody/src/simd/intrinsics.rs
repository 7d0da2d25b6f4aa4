//! What the files of vector instructions share.

/// An instruction on the registers given.
macro_rules! avx {
    ($operation:ident $(::<$constant:literal>)? ($($x:expr),*)) => {
        // SAFETY: the instruction is there wherever this is inlined (see the module), and no memory is
        // touched.
        unsafe { $operation $(::<$constant>)? ($($x),*) }
    };
}

/// Sums, differences and products of a register's numbers.
macro_rules! arithmetic {
    ($numbers:ident, $add:ident, $sub:ident, $mul:ident) => {
        arithmetic!($numbers, Add::add, $add);
        arithmetic!($numbers, Sub::sub, $sub);
        arithmetic!($numbers, Mul::mul, $mul);

        impl AddAssign for $numbers {
            #[inline(always)]
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }
    };
    ($numbers:ident, $name:ident::$method:ident, $operation:ident) => {
        impl $name for $numbers {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self(avx!($operation(self.0, other.0)))
            }
        }
    };
}
