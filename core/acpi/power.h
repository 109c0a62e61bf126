// Switching off and starting again.
#pragma once

namespace tessera::acpi {

void power_off();             // returns if the machine can't
[[noreturn]] void restart();  // tries one way after the other

}  // namespace tessera::acpi
