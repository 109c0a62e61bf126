// Force-included into every file of the nucleus: calls to memcpy and its kin, also those that the compiler makes up,
// go to the nucleus's own functions. glibc's are IFUNCs, which do not work before its start-up code has run, and use
// vector registers, which the trap path must not touch.
#pragma once

// NOLINTNEXTLINE: the names must be those that the compiler emits
__asm__("memcpy = nucleus_memcpy\n"
        "memmove = nucleus_memmove\n"
        "memset = nucleus_memset\n"
        "memcmp = nucleus_memcmp\n"
        "bcmp = nucleus_memcmp\n"
        "memchr = nucleus_memchr\n"
        "strlen = nucleus_strlen\n");
