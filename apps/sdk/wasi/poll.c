// Waiting. Files and streams count as ready: what is not there yet is waited for when it is read.
#include "descriptor.h"

#include <tessera/time.tessera.h>

enum { SUBSCRIPTIONS_MAX = 1024, REALTIME = 0, CLOCKS = 4, ABSOLUTE = 1 };
#define FAR (1ULL << 62)

static int32_t sleep_until(uint64_t due) {
    static tessera_timer timer;
    if (timer.handle == 0) {
        timer.handle = tessera_wasi_grant(TESSERA_TIMER_ID);
    }
    if (timer.handle == 0) {
        timer.handle = tessera_wasi_grant(TESSERA_CLOCK_ID);  // the kernel's clock is a timer, too
    }
    uint64_t now = 0;
    return timer.handle != 0 ? tessera_timer_sleep_until(timer, due, &now) : TESSERA_STATUS_DENIED;
}

// When it is due on the monotonic clock.
static uint64_t due_time(const struct wasi_subscription* wanted, uint64_t now) {
    const uint64_t timeout = wanted->timeout < FAR ? wanted->timeout : FAR;
    if ((wanted->flags & ABSOLUTE) == 0) {
        return timeout > FAR - now ? FAR : now + timeout;
    }
    if (wanted->id != REALTIME) {
        return timeout;
    }
    int64_t wall = 0;
    (void)tessera_wasi_wall(&wall);
    return (int64_t)timeout > wall ? now + (timeout - (uint64_t)wall) : now;
}

// 0 and when it is due, all ones for what never is by time; or why it can't be waited for.
static wasi_errno examine(const struct wasi_subscription* wanted, bool has_clock, uint64_t now, uint64_t* due) {
    *due = UINT64_MAX;
    if (wanted->tag == WASI_CLOCK) {
        if (!has_clock || wanted->id >= CLOCKS) {
            return has_clock ? WASI_INVAL : WASI_NOTCAPABLE;
        }
        *due = due_time(wanted, now);
        return WASI_SUCCESS;
    }
    return wanted->tag <= WASI_FD_WRITE && tessera_wasi_get(wanted->id) != NULL ? WASI_SUCCESS : WASI_BADF;
}

WASI(poll_oneoff)(wasi_address in, wasi_address out, uint32_t count, wasi_address result) {
    const struct wasi_subscription* wanted = AT(const struct wasi_subscription, in);
    struct wasi_event* events = AT(struct wasi_event, out);
    if (count == 0 || count > SUBSCRIPTIONS_MAX) {
        return WASI_INVAL;
    }
    uint64_t before = 0;
    const bool has_clock = tessera_wasi_monotonic(&before);
    uint64_t first = UINT64_MAX;
    bool waits = true;
    for (uint32_t i = 0; i < count; ++i) {
        uint64_t due = 0;
        waits = examine(&wanted[i], has_clock, before, &due) == WASI_SUCCESS && due != UINT64_MAX && waits;
        first = due < first ? due : first;
    }
    uint64_t now = before;
    if (waits) {
        const int32_t status = sleep_until(first);
        if (status != TESSERA_STATUS_OK) {
            return tessera_wasi_error(status);
        }
        (void)tessera_wasi_monotonic(&now);
    }
    uint32_t happened = 0;
    for (uint32_t i = 0; i < count; ++i) {
        uint64_t due = 0;
        const wasi_errno error = examine(&wanted[i], has_clock, before, &due);
        if (error != WASI_SUCCESS || due == UINT64_MAX || due <= now) {
            events[happened++] = (struct wasi_event){.user_data = wanted[i].user_data,
                                                     .error = (uint16_t)error,
                                                     .type = wanted[i].tag,
                                                     .bytes = wanted[i].tag == WASI_CLOCK ? 0 : 1};
        }
    }
    *AT(uint32_t, result) = happened;
    return WASI_SUCCESS;
}
