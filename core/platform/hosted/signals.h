// Signals of the hosted platform.
#pragma once

namespace tessera::platform::hosted {

void install_signal_handlers();
// Before any thread is pinned.
void remember_processors();

}  // namespace tessera::platform::hosted
