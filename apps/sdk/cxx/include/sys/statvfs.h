// For libc++'s own files only.
#pragma once
#include "cxx/include/missing_files.h"
