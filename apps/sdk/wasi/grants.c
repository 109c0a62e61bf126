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

static bool has_name(uint32_t index) {
    char name[1];
    size_t length = 0;
    const int32_t status = tessera_arguments_grant_name(tessera_wasi_arguments(), index, name, sizeof name, &length);
    return length != 0 && (status == TESSERA_STATUS_OK || status == TESSERA_STATUS_TOO_SMALL);
}

// One that has a name, as the kernel's own, comes before those that the manifest grants for the program's own use.
tessera_handle tessera_wasi_grant(uint64_t interface) {
    uint32_t count = 0;
    if (tessera_arguments_grants(tessera_wasi_arguments(), &count) != TESSERA_STATUS_OK) {
        return 0;
    }
    tessera_handle first = 0;
    for (uint32_t i = 0; i < count; ++i) {
        uint64_t found = 0;
        tessera_object object = {0};
        if (tessera_arguments_grant(tessera_wasi_arguments(), i, &found, &object) != TESSERA_STATUS_OK) {
            continue;
        }
        if (found == interface && has_name(i)) {
            (void)tessera_handle_release(first);
            return object.handle;
        }
        if (found == interface && first == 0) {
            first = object.handle;
        } else {
            (void)tessera_handle_release(object.handle);
        }
    }
    return first;
}
