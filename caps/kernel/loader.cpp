// Loader, Program and Setup.
#include "caps/kernel/loading.h"
#include "caps/schema/domain.kernel.h"

namespace tessera::caps {
namespace {

constexpr std::size_t kWordBytesMax = 4096;

Status status_of(const Error& error) {
    const bool is_programs = error.blame == Blame::Program || error.blame == Blame::Caller;
    return is_programs ? Status::Malformed : Status::Exhausted;
}

Result<Use<Module>> load_module(WordCall& call, const Loader& loader, ReadSlice bytes, const ShortText& name) {
    return Module::load(loader.places(), {bytes.bytes, bytes.length}, name.text(), *call.caller.estate());
}

Status check(WordCall& call, ReadSlice module, ReadSlice name, ShortText& text) {
    if (call.caller.estate() == nullptr) {
        return Status::Denied;
    }
    return module.length > kModuleBytesMax ? Status::TooLarge : text.read(name);
}

Status load(WordCall& call, Loader& loader, ReadSlice module, ReadSlice name, Capability& program) {
    ShortText text;
    if (const auto status = check(call, module, name, text); status != Status::Ok) {
        return status;
    }
    auto loaded = load_module(call, loader, module, text);
    if (!loaded) {
        return status_of(loaded.error());
    }
    program = give_new(call, program_table(), loaded->release());
    return program == nullptr ? Status::Exhausted : Status::Ok;
}

Status explain(WordCall& call,
               Loader& loader,
               ReadSlice module,
               ReadSlice name,
               WriteSlice into,
               std::uint32_t& accepted,
               std::uint64_t& length) {
    ShortText text;
    if (const auto status = check(call, module, name, text); status != Status::Ok) {
        return status;
    }
    const auto loaded = load_module(call, loader, module, text);
    if (loaded) {
        (*loaded)->drop_holder();
        accepted = 1;
        return Status::Ok;
    }
    return give_bytes(std::as_bytes(std::span(loaded.error().text)), into, length);
}

Status account(WordCall& call, Loader& /*loader*/, Capability& result) {
    if (call.caller.estate() == nullptr) {
        return Status::Denied;
    }
    result = give_account(call, *call.caller.estate());
    return result == nullptr ? Status::Exhausted : Status::Ok;
}

Status prepare(WordCall& call, Module& module, Capability account, Capability& setup) {
    const AccountArgument at(call, account);
    if (at.estate() == nullptr) {
        return Status::Invalid;
    }
    auto instance = Instance::prepare(module, *at.estate());
    if (!instance) {
        return module.is_closed() || at.estate()->is_closed() ? Status::Ended : Status::Exhausted;
    }
    setup = give_new(call, setup_table(), instance.release());
    return setup == nullptr ? Status::Exhausted : Status::Ok;
}

Status grant(WordCall& call, Instance& instance, ReadSlice name, Capability capability) {
    ShortText text;
    if (const auto status = text.read(name); status != Status::Ok) {
        return status;
    }
    auto* object = capability == nullptr ? nullptr : call.caller.slots().take(*capability);
    if (object == nullptr) {
        return Status::Invalid;
    }
    const auto status = instance.grant(text.text(), *object);
    drop_held(object);
    return status;
}

Status argument(WordCall& /*call*/, Instance& instance, ReadSlice word) {
    std::array<char, kWordBytesMax> text;
    if (word.length > text.size()) {
        return Status::TooLarge;
    }
    if (tessera_copy(text.data(), word.bytes, word.length) != 0) {
        return Status::Stale;
    }
    return instance.argument({text.data(), word.length});
}

Status start(WordCall& call, Instance& instance, Capability& domain) {
    if (const auto status = instance.start(); status != Status::Ok) {
        return status;
    }
    instance.add_user();
    domain = give_new(call, domain_table(), &instance);
    return domain == nullptr ? Status::Exhausted : Status::Ok;
}

// SAFETY (what follows): what give_new was given.
void program_released(std::uint64_t state) {
    const Use<Module> module(reinterpret_cast<Module*>(state));
    module->drop_holder();
}

void setup_released(std::uint64_t state) {
    const Use<Instance> instance(reinterpret_cast<Instance*>(state));
    if (!instance->is_started()) {
        instance->close();
    }
}

}  // namespace

const KernelTable& loader_table() {
    static constexpr auto kMethods = kernel_methods<schema::Loader, load, explain, account>();
    static constexpr std::array kInterfaces = {KernelInterface{schema::Loader::kId, kMethods}};
    static const auto table = kernel_table(kInterfaces);
    return table;
}

const KernelTable& program_table() {
    static constexpr auto kMethods = kernel_methods<schema::Program, nullptr, prepare, nullptr>();
    static constexpr std::array kInterfaces = {KernelInterface{schema::Program::kId, kMethods}};
    static const auto table = kernel_table(kInterfaces, program_released);
    return table;
}

const KernelTable& setup_table() {
    static constexpr auto kMethods = kernel_methods<schema::Setup, grant, argument, start>();
    static constexpr std::array kInterfaces = {KernelInterface{schema::Setup::kId, kMethods}};
    static const auto table = kernel_table(kInterfaces, setup_released);
    return table;
}

}  // namespace tessera::caps
