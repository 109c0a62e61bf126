// What musl knows of a thread, the first one's to begin with.
#include "libc.h"
#include "pthread_impl.h"

_Thread_local struct __pthread __tessera_thread = {
    .tid = 1, .detach_state = DT_JOINABLE, .locale = (locale_t)&libc.global_locale};

__attribute__((__constructor__)) static void describe_first(void) {
    pthread_t self = __pthread_self();
    self->self = self->prev = self->next = self;
    self->robust_list.head = &self->robust_list.head;
}
