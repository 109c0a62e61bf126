#include "caps/domain.h"

#include "caps/fault_text.h"
#include "runtime/deferral.h"
#include "runtime/ending.h"
#include "runtime/program_heap.h"
#include "runtime/trap.h"
#include "runtime/worker.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

namespace tessera::caps {
namespace {

constexpr std::size_t kEntryCapsMax = 16;

struct EntryCall {
    std::uintptr_t address;
    std::byte* base;
    std::uint32_t stack;
    bool returns_status;
    std::array<Capability, kEntryCapsMax> caps;
};

// Passing more arguments than a function takes is harmless in the C calling convention, so one type serves all entries.
std::uint64_t enter(void* pointer) {
    const auto& call = *static_cast<EntryCall*>(pointer);
    using O = Capability;
    using Entry = std::uint32_t (*)(std::byte*, std::uint32_t, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O);
    // SAFETY: the loader gave the address of an export, whose type the checker has seen to.
    const auto entry = reinterpret_cast<Entry>(call.address);
    const auto& c = call.caps;
    const auto status = entry(call.base,
                              call.stack,
                              c[0],
                              c[1],
                              c[2],
                              c[3],
                              c[4],
                              c[5],
                              c[6],
                              c[7],
                              c[8],
                              c[9],
                              c[10],
                              c[11],
                              c[12],
                              c[13],
                              c[14],
                              c[15]);
    return call.returns_status ? status : 0;
}

// Of its stack a program has so much from the beginning; the rest is committed as it is touched.
constexpr std::uint32_t kFirstOfStack = 64 * 1024;

std::uint32_t first_used(const safeir::ProgramImage& image) {
    auto first = image.stack_top - std::min(image.stack_top - image.stack_bottom, kFirstOfStack);
    for (const auto& segment : image.segments) {
        first = std::min(first, static_cast<std::uint32_t>(segment.offset));
    }
    return first;
}

ObjectHeader& header_of(const Grant& grant) { return grant.header != nullptr ? *grant.header : grant.object->header(); }

}  // namespace

Domain::Domain(DomainSpec spec, safeir::LoadedProgram& program, runtime::Account& account)
    : spec_(std::move(spec)), program_(program), account_(account), slots_(account, spec_.shares_heap) {}
Domain::~Domain() {
    end_calls();
    runtime::end_is_over(target_);
    slots_.clear();
    release_tables();
    while (auto* object = next_released()) {
        forget(*object);
    }
}

void Domain::release_tables() {
    for (auto& table : cap_tables) {
        for (auto* object : table.entries()) {
            if (object != nullptr && drop_reference(*object)) {
                end_object(*object);
            }
        }
    }
}

Result<std::unique_ptr<Domain>>
Domain::create(DomainSpec spec, safeir::LoadedProgram& program, runtime::Account& account) {
    std::unique_ptr<Domain> domain(new Domain(std::move(spec), program, account));
    const auto& image = program.image();
    const auto limit = std::min(domain->spec_.memory_bytes_max, image.memory_max_bytes);
    if (image.memory_initial_bytes > limit) {
        return fail(Blame::Caller,
                    "it needs " + std::to_string(image.memory_initial_bytes / 1024) +
                        " KiB of memory to start, its limit is " + std::to_string(limit / 1024) + " KiB");
    }
    TRY_TO(domain->arena_,
           runtime::Arena::create(
               {image.memory_initial_bytes, limit, image.stack_bottom, first_used(image)}, domain.get(), account));
    TRY_VOID(domain->fill_memory());
    TRY_VOID(domain->make_callable());
    for (const auto& table : image.cap_tables) {
        if (!domain->cap_tables.emplace_back(table.max).grow(table.initial, nullptr)) {
            return fail(Blame::Machine, "no memory is left for the program's capability tables");
        }
    }
    domain->arguments_ = ArgumentsObject::create(domain->spec_, account);
    if (domain->arguments_ == nullptr) {
        return fail(Blame::Machine, "no memory is left for the program's arguments");
    }
    return domain;
}

Result<void> Domain::fill_memory() {
    for (const auto& segment : program_.image().segments) {
        if (!arena_->write(segment.offset, segment.bytes.data(), segment.bytes.size())) {
            return fail(Blame::Machine, "no memory is left for the program");
        }
    }
    return {};
}

Result<void> Domain::make_callable() {
    core_count_ = runtime::core_count();
    cores_.reset(new (std::nothrow) runtime::CoreCalls[core_count_]);
    if (cores_ == nullptr) {
        return fail(Blame::Machine, "no memory is left for the program");
    }
    target_.base = arena_->base();
    target_.cores = cores_.get();
    target_.heap = runtime::current_heap();
    target_.domain = this;
    return {};
}

bool Domain::CapTable::grow(std::uint32_t count, ObjectHeader* value) {
    if (count > max_ - std::min(size_, max_)) {
        return false;
    }
    const auto size = size_ + count;
    if (size > capacity_) {
        const auto capacity = std::max(size, std::min(max_, capacity_ * 2));
        auto* more = static_cast<ObjectHeader**>(runtime::try_allocate(capacity * sizeof(ObjectHeader*)));
        if (more == nullptr) {
            return false;
        }
        std::ranges::copy(entries(), more);
        entries_.reset(more);
        capacity_ = capacity;
    }
    std::fill_n(entries_.get() + size_, count, value);
    if (value != nullptr) {
        value->references.fetch_add(count);
    }
    size_ = size;
    return true;
}

void Domain::set_runs(bool runs) {
    const std::scoped_lock lock(task_end_mutex_);
    runs_ = runs;
}

void Domain::end_by_task(const runtime::Fault& fault) {
    auto end = fault.kind == runtime::FaultKind::Exit
                   ? Result<std::int32_t>(fault.status)
                   : Result<std::int32_t>(fail(Blame::Program, describe_fault(*this, fault)));
    {
        const std::scoped_lock lock(task_end_mutex_);
        if (runs_) {
            if (!task_end_) {
                task_end_ = std::move(end);
            }
        } else if (fault.kind != runtime::FaultKind::Exit) {
            tell_failure(fault);
            return;
        }
    }
    begin_end();
}

std::optional<Result<std::int32_t>> Domain::task_end() {
    const std::scoped_lock lock(task_end_mutex_);
    return std::exchange(task_end_, std::nullopt);
}

static std::string entry_name(const safeir::LoadedProgram& program, const DomainSpec& spec) {
    return !spec.entry.empty() ? spec.entry : program.find_export("tessera_main") ? "tessera_main" : "_start";
}

std::optional<safeir::LoadedProgram::EntryPoint> Domain::entry_of(const safeir::LoadedProgram& program,
                                                                  const DomainSpec& spec) {
    return program.find_export(entry_name(program, spec));
}

Result<std::int32_t> Domain::run(runtime::StopReason& stopped) {
    const auto name = entry_name(program_, spec_);
    const auto entry = program_.find_export(name);
    if (!entry) {
        return fail(Blame::Program, "it has no entry point " + name);
    }
    if (entry->cap_params > spec_.grants.size() || entry->cap_params > kEntryCapsMax) {
        return fail(Blame::Caller,
                    "its entry point " + name + " takes " + std::to_string(entry->cap_params) +
                        " capabilities, it is granted " + std::to_string(spec_.grants.size()));
    }
    EntryCall call{entry->address, arena_->base(), program_.image().stack_top, entry->returns_status, {}};
    for (std::size_t i = 0; i < entry->cap_params; ++i) {
        std::uint32_t no_list = 0;
        call.caps[i] = slots_.add(header_of(spec_.grants[i]), Slot::Kind::Kept, no_list);
        if (call.caps[i] == nullptr) {
            return fail(Blame::Machine, "no memory is left for the capabilities that it is granted");
        }
    }
    auto& fiber = *runtime::current_fiber();
    const runtime::DeadlineScope deadline(fiber, spec_.timeout);
    std::uint64_t result = 0;
    runtime::Fault fault;
    set_runs(true);
    const bool returned = runtime::call_program(enter, &call, result, fault, &target_);
    fiber.attention = false;
    set_runs(false);
    if (returned) {
        return static_cast<std::int32_t>(result);
    }
    if (fault.kind == runtime::FaultKind::Exit) {
        tasks_.end_all();
        return fault.status;
    }
    if (auto end = task_end(); end && fault.kind == runtime::FaultKind::Ended) {
        stopped = runtime::StopReason::None;
        end_calls();
        arena_->discard();
        return *std::move(end);
    }
    stopped = fault.kind == runtime::FaultKind::Ended ? runtime::StopReason::Ended : fault.stop;
    end_calls();        // memory that is lent stays until the last borrower is out
    arena_->discard();  // it may be what the words for its end have to be told with
    return fail(Blame::Program, describe_fault(*this, fault));
}

}  // namespace tessera::caps
