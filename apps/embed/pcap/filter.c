// The filter as a verified program. It is granted nothing: what it sees are the slices that it is lent.
#include <tessera/method.h>

typedef tessera_slice slice;
typedef tessera_slice slice_room;
#define load8 tessera_slice_load8
#define load16 tessera_slice_load16
#define load32 tessera_slice_load32
#define store8 tessera_slice_store8
#define slice_length(s) ((size_t)tessera_slice_length(s))
#define room_length(s) ((size_t)tessera_slice_length(s))
#include "filter_body.h"

TESSERA_OFFER("f4b7d20c91e85a36/0:r>ii") int32_t one(uint64_t state, tessera_slice frame) {
    (void)state;
    return tessera_results_ii(0, is_wanted(frame, 0, slice_length(frame)));
}

TESSERA_OFFER("f4b7d20c91e85a36/1:rw>ill") int32_t all(uint64_t state, tessera_slice capture, tessera_slice verdicts) {
    (void)state;
    uint64_t packets = 0;
    uint64_t wanted = 0;
    filter_all(capture, verdicts, &packets, &wanted);
    return tessera_results_ill(0, packets, wanted);
}

int tessera_main(void) { return 0; }
