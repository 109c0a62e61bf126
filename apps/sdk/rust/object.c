// What the crate in apps/sdk/rust/tessera calls.
#include <tessera/call.h>

void tessera_handle_release_shim(tessera_handle handle);
void tessera_handle_release_shim(tessera_handle handle) { tessera_handle_release(handle); }
