// The program's own files as objects that it can hand to others.
#ifndef TESSERA_MEMORY_OBJECT_H
#define TESSERA_MEMORY_OBJECT_H

#include <tessera/capability.h>

// A capability to the root directory of the program's own files (`Directory` of caps/schema): it can be written. What
// others write there the program reads in /, or in /tmp where it was granted a / of its own.
tessera_cap tessera_memory_directory(void);

// For a program that others are granted a `Directory` of in tessera.toml: that is this one. To be called before
// tessera_main returns, which is when others can first call.
void tessera_memory_serve(void);

#endif
