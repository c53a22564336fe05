//! The memory of a page's module: what a call takes is given back as a whole when the call ends.
//!
//! A page calls in, and the core reads, decides and answers. What is needed again at the next call
//! is a few numbers. So nothing is freed piece by piece, and the compiler leaves out all the code
//! that would, which is 6 % of the module.
//!
//! The price is a rule that the compiler does not know: what outlives a call owns no memory (it is
//! [`Copy`]), or was made by a call that keeps its memory ([`Call::keep`]). Whoever breaks it reads
//! [`GONE`] in place of what was left there, in every test that calls twice.

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32::{memory_grow, memory_size};
use std::cell::Cell;

/// What memory is filled with when it is given back: as a number or a length it is out of all bounds.
const GONE: u8 = 0xee;
/// A page of WebAssembly's memory.
const PAGE: usize = 1 << 16;

thread_local! {
    /// How many bytes are given out.
    static TAKEN: Cell<usize> = const { Cell::new(0) };
    /// How many of these stay.
    static KEPT: Cell<usize> = const { Cell::new(0) };
    /// How many calls are under way, since the page's code that one calls may call in again.
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

unsafe extern "C" {
    /// Where the linker's own memory ends. It is aligned for everything.
    safe static __heap_base: u8;
}

fn base() -> *mut u8 {
    (&raw const __heap_base).cast_mut()
}

/// The allocator.
pub struct Arena;

// SAFETY: each piece begins where the last one ended, at a multiple of eight, which is as wide as
// anything here is aligned; it is inside the memory, or the first use of it traps.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let from = TAKEN.get();
        let to = (from + layout.size()).next_multiple_of(8);
        TAKEN.set(to);
        let lacking = (base() as usize + to).saturating_sub(memory_size::<0>() * PAGE);
        if lacking > 0 {
            memory_grow::<0>(lacking.div_ceil(PAGE));
        }
        base().wrapping_add(from)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

/// A call that is under way.
pub struct Call(());

impl Call {
    /// A call begins.
    pub fn begins() -> Call {
        CALLS.set(CALLS.get() + 1);
        Call(())
    }

    /// All that was taken so far stays for as long as the page.
    #[cfg(feature = "page")]
    pub fn keep(&self) {
        KEPT.set(TAKEN.get());
    }
}

impl Drop for Call {
    /// The outermost call ends: nobody is left who could hold what was taken since.
    fn drop(&mut self) {
        CALLS.set(CALLS.get() - 1);
        if CALLS.get() == 0 {
            let kept = KEPT.get();
            // SAFETY: the bytes between were given out, and whoever had them is gone.
            unsafe { base().wrapping_add(kept).write_bytes(GONE, TAKEN.get() - kept) };
            TAKEN.set(kept);
        }
    }
}
