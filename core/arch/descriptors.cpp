#include "core/arch/descriptors.h"

#include "core/arch/cpu.h"
#include "core/arch/instructions.h"

extern "C" const char nucleus_vectors[];  // core/trap/vectors.S

namespace tessera::arch {

namespace {

constexpr unsigned kVectorCount = 256;
constexpr std::uint64_t kVectorStubSize = 16;
constexpr std::uint64_t kCodeDescriptor = 0x00af'9b00'0000'ffff;
constexpr std::uint64_t kDataDescriptor = 0x00cf'9300'0000'ffff;
constexpr std::uint64_t kTaskDescriptor = 0x0000'8900'0000'0000;
constexpr std::uint16_t kInterruptGate = 0x8e00;

struct Gate {
    std::uint16_t offset_low;
    std::uint16_t selector;
    std::uint16_t stack_and_type;
    std::uint16_t offset_middle;
    std::uint32_t offset_high;
    std::uint32_t reserved;
};
static_assert(sizeof(Gate) == 16);

struct [[gnu::packed]] TablePointer {
    std::uint16_t limit;
    std::uint64_t base;
};

alignas(4096) constinit Gate gates[kVectorCount]{};

constexpr TrapStack stack_of(unsigned vector) {
    switch (vector) {
    case 2:
        return TrapStack::NonMaskable;
    case 8:
        return TrapStack::DoubleFault;
    case 18:
        return TrapStack::MachineCheck;
    default:
        return vector < 32 ? TrapStack::Exception : TrapStack::Interrupt;
    }
}

}  // namespace

constinit Cpu cpus[kCpuMax]{};

void load_descriptors(Cpu& cpu) {
    cpu.self = &cpu;
    DescriptorTables& tables = cpu.tables;
    // SAFETY: the tables live in the core's own record, which is never freed.
    const auto task = reinterpret_cast<std::uint64_t>(&tables.task);
    tables.task.io_map = sizeof(TaskState);
    tables.gdt[0] = 0;
    tables.gdt[1] = kCodeDescriptor;
    tables.gdt[2] = kDataDescriptor;
    tables.gdt[3] =
        kTaskDescriptor | (sizeof(TaskState) - 1) | ((task & 0xff'ffff) << 16) | ((task >> 24 & 0xff) << 56);
    tables.gdt[4] = task >> 32;
    const TablePointer pointer = {sizeof tables.gdt - 1, reinterpret_cast<std::uint64_t>(tables.gdt)};
    asm volatile("lgdt %0\n"
                 "pushq %1\n"
                 "leaq 1f(%%rip), %%rax\n"
                 "pushq %%rax\n"
                 "lretq\n"
                 "1: movl %2, %%ds\n movl %2, %%es\n movl %2, %%ss\n movl %3, %%fs\n movl %3, %%gs\n"
                 "ltr %w4\n" ::"m"(pointer),
                 "i"(kCodeSelector),
                 "r"(std::uint32_t{kDataSelector}),
                 "r"(0),
                 "r"(std::uint32_t{kTaskSelector})
                 : "rax", "memory");
    write_msr(kMsrGsBase, reinterpret_cast<std::uint64_t>(&cpu));
}

void build_interrupt_table() {
    for (unsigned vector = 0; vector < kVectorCount; ++vector) {
        // SAFETY: core/trap/vectors.S lays the stubs out at this distance.
        const auto stub = reinterpret_cast<std::uint64_t>(nucleus_vectors) + vector * kVectorStubSize;
        gates[vector] = {
            .offset_low = static_cast<std::uint16_t>(stub),
            .selector = kCodeSelector,
            .stack_and_type = static_cast<std::uint16_t>(kInterruptGate | static_cast<unsigned>(stack_of(vector))),
            .offset_middle = static_cast<std::uint16_t>(stub >> 16),
            .offset_high = static_cast<std::uint32_t>(stub >> 32),
            .reserved = 0,
        };
    }
}

void load_interrupt_table() {
    const TablePointer pointer = {sizeof gates - 1, reinterpret_cast<std::uint64_t>(gates)};
    asm volatile("lidt %0" ::"m"(pointer));
}

}  // namespace tessera::arch
