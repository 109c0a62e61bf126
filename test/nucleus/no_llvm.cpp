#include "test/nucleus/check.h"

void test_llvm() {}
