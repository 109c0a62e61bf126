// Stands before objects and passes everything on: the least that a proxy is.
#define TESSERA_SERVE_TESSERA_MESSAGE_HANDLER forward
#define TESSERA_SERVE_TESSERA_INTERPOSER forward_maker
#include "proxy.h"

// An object's state is the handle of the one behind it.
int32_t forward_call(void* self, PROXY_CALL_PARAMETERS) {
    return proxy_pass_on((tessera_handle)(uintptr_t)self, PROXY_CALL_ARGUMENTS);
}

void forward_released(void* self) { (void)tessera_handle_release((tessera_handle)(uintptr_t)self); }

int32_t forward_maker_wrap(void* self, tessera_cap object, tessera_object* wrapped) {
    (void)self;
    wrapped->handle = proxy_mint((void*)(uintptr_t)tessera_cap_to_handle(object));
    return 0;
}

void forward_maker_released(void* self) { (void)self; }

int tessera_main(void) { return 0; }
