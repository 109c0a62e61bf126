// Takes messages and answers with what is no answer. Which one, a Thing's method number says (fails @4's parameter).
#define TESSERA_SERVE_TESSERA_MESSAGE_HANDLER garbage
#define TESSERA_SERVE_TESSERA_INTERPOSER garbage_maker
#include "../../../apps/proxies/proxy.h"

static unsigned calls;

int32_t garbage_call(void* self, PROXY_CALL_PARAMETERS) {
    (void)self;
    (void)interface_id;
    (void)ordinal;
    (void)body;
    (void)capabilities;
    (void)rooms;
    const size_t room = (size_t)tessera_slice_length(answer);
    // Nothing of the kernel's is in what is lent.
    for (size_t i = 0; i < room; ++i) {
        if (tessera_slice_load8(answer, i) != 0) {
            return 99;
        }
    }
    *given_length = 0;
    *answer_length = room;
    switch (calls++ % 8) {
    case 0:  // longer than the room
        *answer_length = room + 8;
        return 0;
    case 1:
        *answer_length = UINT64_MAX;
        return 0;
    case 2:  // nothing
        *answer_length = 0;
        return 0;
    case 3:  // a struct outside
        tessera_slice_store64(answer, 0, 0x7fff00007ffffffc);
        return 0;
    case 4:  // a capability that did not come
        tessera_slice_store64(answer, 0, 0x0001000000000000);
        tessera_slice_store64(answer, 8, 3 | 9ULL << 32);
        return 0;
    case 5:  // numbers that are nobody's, and more than there may be
        tessera_slice_store64(answer, 0, 0x0001000000000000);
        tessera_slice_store64(answer, 8, 3);
        tessera_slice_store32(given, 0, 0x77777777);
        *given_length = UINT64_MAX;
        return 0;
    case 6:
        *answer_length = UINT64_MAX;
        return 13;
    default:  // a number that is no status
        return 0x10000;
    }
}

void garbage_released(void* self) { (void)self; }

int32_t garbage_maker_wrap(void* self, tessera_cap object, tessera_object* wrapped) {
    (void)self;
    (void)object;
    wrapped->handle = proxy_mint(0);
    return 0;
}

void garbage_maker_released(void* self) { (void)self; }

int tessera_main(void) { return 0; }
