// Control registers of a core: protection and vector state as the processor offers them.
#pragma once

namespace tessera::arch {

// This core. Before: read_features(). After: NX, WP, SMEP, SMAP, UMIP, SSE to AVX-512, FSGSBASE.
void enable_features();

// The syscall instruction enters core/linux/syscall_entry.S with interrupts off.
void enable_syscall();

}  // namespace tessera::arch
