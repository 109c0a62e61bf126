// Segments, task state and interrupt vectors. [intel/vol3] 3.4.5, 7.7, 6.14.
#pragma once

#include <cstdint>

namespace tessera::arch {

inline constexpr std::uint16_t kCodeSelector = 0x08;
inline constexpr std::uint16_t kDataSelector = 0x10;
inline constexpr std::uint16_t kTaskSelector = 0x18;

struct [[gnu::packed]] TaskState {
    std::uint32_t reserved0;
    std::uint64_t rsp[3];
    std::uint64_t reserved1;
    std::uint64_t ist[7];  // ist[0] is IST 1
    std::uint64_t reserved2;
    std::uint16_t reserved3;
    std::uint16_t io_map;
};
static_assert(sizeof(TaskState) == 104);

struct DescriptorTables {
    alignas(16) std::uint64_t gdt[5];
    alignas(16) TaskState task;
};

// Which interrupt stack a vector runs on: no vector ever uses the interrupted stack, whose red zone is in use.
enum class TrapStack : std::uint8_t {
    Exception = 1,  // moves down by kTrapStackStep for each exception nested in a handler
    Interrupt = 2,  // timer and messages between cores; never nested, interrupts are off in handlers
    DoubleFault = 3,
    NonMaskable = 4,
    MachineCheck = 5,
};
inline constexpr unsigned kTrapStackKinds = 5;

struct Cpu;
void load_descriptors(Cpu& cpu);  // this core: GDT, TSS, GS base
void build_interrupt_table();     // once
void load_interrupt_table();      // this core

}  // namespace tessera::arch
