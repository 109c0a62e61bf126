#ifndef NATIVE_H
#define NATIVE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

int native_one(const uint8_t* frame, size_t length);
void native_all(
    const uint8_t* capture, size_t length, uint8_t* verdicts, size_t room, uint64_t* packets, uint64_t* wanted);

#ifdef __cplusplus
}
#endif
#endif
