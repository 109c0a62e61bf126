// What programs that stand before other programs' objects have in common: they take calls of any interface as messages
// (caps/schema/message.capnp), and make objects that are put before others (Interposer).
//
// A program defines, before it includes this,
//   #define TESSERA_SERVE_TESSERA_MESSAGE_HANDLER NAME      NAME_call and NAME_released, what its objects do
//   #define TESSERA_SERVE_TESSERA_INTERPOSER NAME_maker     NAME_maker_wrap and NAME_maker_released
#ifndef TESSERA_PROXY_H
#define TESSERA_PROXY_H

#include <tessera/message.tessera.h>

// A call as it comes in. The slices are lent for its time.
#define PROXY_CALL_PARAMETERS                                                                                                    \
    uint64_t interface_id, uint16_t ordinal, tessera_slice body, tessera_slice capabilities, tessera_slice rooms,                \
        tessera_slice answer, tessera_slice given, uint64_t *answer_length, uint64_t *given_length
#define PROXY_CALL_ARGUMENTS interface_id, ordinal, body, capabilities, rooms, answer, given, answer_length, given_length

// The same call of another object: nothing is copied.
static inline int32_t proxy_pass_on(tessera_handle target, PROXY_CALL_PARAMETERS) {
    const int32_t status = tessera_message_handler_call_import(
        tessera_cap_from_handle(target), interface_id, ordinal, body, capabilities, rooms, answer, given);
    const uint64_t answered = tessera_result_i64(status, 1);
    const uint64_t were_given = tessera_result_i64(status, 2);
    *answer_length = answered;
    *given_length = were_given;
    return status;
}

// A new object of this program's, as a handle.
static inline tessera_handle proxy_mint(void* state) {
    return tessera_cap_to_handle(tessera_message_handler_mint((uint64_t)(uintptr_t)state));
}

#endif
