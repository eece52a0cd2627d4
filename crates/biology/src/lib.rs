//! The gut–skin axis in equations, one module a compartment.
