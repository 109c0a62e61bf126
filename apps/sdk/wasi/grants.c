#include "grants.h"

#include "descriptor.h"

#include <tessera/domain.h>

tessera_arguments tessera_wasi_arguments(void) {
    static tessera_arguments arguments;
    if (arguments.handle == 0) {
        const tessera_cap given = tessera_domain_arguments();
        arguments.handle = tessera_cap_to_handle(given);
        tessera_cap_release(given);
    }
    return arguments;
}

tessera_handle tessera_wasi_grant(uint64_t interface) {
    uint32_t count = 0;
    if (tessera_arguments_grants(tessera_wasi_arguments(), &count) != TESSERA_STATUS_OK) {
        return 0;
    }
    for (uint32_t i = 0; i < count; ++i) {
        uint64_t found = 0;
        tessera_object object = {0};
        if (tessera_arguments_grant(tessera_wasi_arguments(), i, &found, &object) != TESSERA_STATUS_OK) {
            continue;
        }
        if (found == interface) {
            return object.handle;
        }
        (void)tessera_handle_release(object.handle);
    }
    return 0;
}
