#include "words.h"

const char *one(void) { return "made by make"; }
