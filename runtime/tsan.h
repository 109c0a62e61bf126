// Fibers as ThreadSanitizer sees them: it keeps a history for each stack and has to be told when a thread changes to
// another. Without that sanitizer all of this is nothing.
#pragma once

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TESSERA_TSAN 1
#include <sanitizer/tsan_interface.h>
#endif
#endif

namespace tessera::runtime::tsan {

#ifdef TESSERA_TSAN
inline void* create_fiber() { return __tsan_create_fiber(0); }
inline void destroy_fiber(void* fiber) { __tsan_destroy_fiber(fiber); }
[[gnu::always_inline]] inline void* this_stack() { return __tsan_get_current_fiber(); }
// Directly before the switch, in the function that makes it.
[[gnu::always_inline]] inline void switch_to(void* fiber) { __tsan_switch_to_fiber(fiber, 0); }
#else
inline void* create_fiber() { return nullptr; }
inline void destroy_fiber(void* /*fiber*/) {}
inline void* this_stack() { return nullptr; }
inline void switch_to(void* /*fiber*/) {}
#endif

}  // namespace tessera::runtime::tsan
