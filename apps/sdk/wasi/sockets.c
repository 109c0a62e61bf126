// No descriptor is a socket.
#include "descriptor.h"

static wasi_errno refuse(uint32_t fd) { return tessera_wasi_get(fd) != NULL ? WASI_NOTSOCK : WASI_BADF; }

WASI(sock_accept)(uint32_t fd, uint32_t flags, wasi_address result) {
    (void)flags, (void)result;
    return refuse(fd);
}

WASI(sock_recv)(
    uint32_t fd, wasi_address vectors, uint32_t count, uint32_t flags, wasi_address result, wasi_address result_flags) {
    (void)vectors, (void)count, (void)flags, (void)result, (void)result_flags;
    return refuse(fd);
}

WASI(sock_send)(uint32_t fd, wasi_address vectors, uint32_t count, uint32_t flags, wasi_address result) {
    (void)vectors, (void)count, (void)flags, (void)result;
    return refuse(fd);
}

WASI(sock_shutdown)(uint32_t fd, uint32_t how) {
    (void)how;
    return refuse(fd);
}
