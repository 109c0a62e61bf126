// What the program was started with: words, variables and named capabilities. The one object that a program gets
// without having been handed it, since it is made for the program and leads nowhere but to what it was granted.
#ifndef TESSERA_WASI_GRANTS_H
#define TESSERA_WASI_GRANTS_H

#include <tessera/arguments.tessera.h>

tessera_arguments tessera_wasi_arguments(void);

#endif
