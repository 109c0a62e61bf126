// What std::filesystem asks of a C library and WASI does not have. For libc++'s own files only.
#pragma once

#include <dirent.h>

#ifndef DT_SOCK
#define DT_SOCK 12
#endif
