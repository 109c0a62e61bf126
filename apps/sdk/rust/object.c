// What the crate in apps/sdk/rust/tessera calls.
#include <tessera/call.h>
#include <tessera/domain.h>

void tessera_handle_release_shim(tessera_handle handle);
void tessera_handle_release_shim(tessera_handle handle) { tessera_handle_release(handle); }

tessera_handle tessera_domain_arguments_shim(void);
tessera_handle tessera_domain_arguments_shim(void) { return tessera_cap_to_handle(tessera_domain_arguments()); }
