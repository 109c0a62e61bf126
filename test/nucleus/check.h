// CHECK: prints what failed and ends the machine with a failing status; the test kernel has no other harness.
#pragma once

#include "core/platform/platform.h"

#include <cstdio>

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            std::printf("FAILED: %s (%s:%d)\n", #condition, __FILE__, __LINE__);                                       \
            tessera::platform::shutdown(1);                                                                            \
        }                                                                                                              \
    } while (false)

void test_library();
void test_memory();
void test_rights();
void test_threads();
void test_traps();
void test_time();
void test_out_of_memory();
void test_abort();
void test_llvm();  // llvm_test.cpp, or no_llvm.cpp in the small kernel
