// mbedTLS's configuration, by its own means: no sockets and no Unix here; randomness is the program's capability.
#undef MBEDTLS_NET_C
#undef MBEDTLS_TIMING_C
#define MBEDTLS_NO_PLATFORM_ENTROPY
#define MBEDTLS_ENTROPY_HARDWARE_ALT
