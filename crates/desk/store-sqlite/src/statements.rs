//! All SQL of this room by name, so that a test can prepare every statement and look at its plan.

/// Declares the statements of a module, and `ALL` of them for the test.
macro_rules! statements {
    ($($name:ident = $sql:expr;)+) => {
        $(const $name: &str = $sql;)+

        /// Every statement of this module.
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}

pub(crate) use statements;
