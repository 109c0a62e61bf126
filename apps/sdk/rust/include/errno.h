// errno as Rust's std knows it (Linux's numbers); the C library's own header is for 32-bit pointers only.
#ifndef TESSERA_RUST_ERRNO_H
#define TESSERA_RUST_ERRNO_H
int* __errno_location(void);
#define errno (*__errno_location())
#define ENOMEM 12
#define EINVAL 22
#define ERANGE 34
#endif
