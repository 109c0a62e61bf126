// The C functions of tessera.h.
#include "boot/embed/host_object.h"
#include "boot/embed/kernel.h"
#include "boot/embed/tessera.h"
#include "caps/call/call_words.h"
#include "caps/call/capability_words.h"
#include "caps/load/instance.h"
#include "runtime/ending.h"

#include <algorithm>
#include <array>
#include <limits>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

using namespace tessera;
using namespace tessera::embed;
using caps::Instance;
using caps::Module;
using caps::Side;
using caps::Use;
using schema::State;
using schema::Status;

struct tessera_error {
    tessera_status status;
    std::string text;
};

struct tessera_kernel {
    std::unique_ptr<Kernel> kernel;
};

struct tessera_module {
    Kernel& kernel;
    Use<Module> module;
};

struct tessera_method {
    tessera_instance& instance;
    safeir::Method method;
    safeir::MethodImport import;
    std::size_t in;
    std::size_t out;
};

struct tessera_instance {
    Kernel& kernel;
    Use<Instance> instance;
    std::mutex mutex{};
    std::list<tessera_method> methods{};  // which stay where they are
};

namespace {

constexpr unsigned kWorkers = 1;
constexpr unsigned kCalls = 32;
constexpr std::chrono::microseconds kFirstPoll{20};
constexpr std::chrono::microseconds kLongestPoll{1000};

tessera_status number(Status status) { return static_cast<tessera_status>(status); }

tessera_status refuse(tessera_error** error, tessera_status status, std::string_view text) {
    if (error != nullptr) {
        *error = new tessera_error{status, std::string(text)};
    }
    return status;
}

tessera_status status_of(const Error& error) {
    const bool is_programs = error.blame == Blame::Program || error.blame == Blame::Caller;
    return is_programs ? TESSERA_MALFORMED : TESSERA_EXHAUSTED;
}

tessera_status refuse(tessera_error** error, Status status, std::string_view why = {}) {
    return refuse(error, number(status), why.empty() ? schema::text_of(status) : why);
}

// Before anything else: in a child of fork() there is no kernel, only its memory.
bool is_usable(tessera_error** error, tessera_status& status) {
    if (error != nullptr) {
        *error = nullptr;
    }
    if (Kernel::is_forked()) {
        status = refuse(error, TESSERA_FORKED, "the kernel is the parent process's");
        return false;
    }
    return true;
}

caps::ObjectHeader* header_of(const tessera_grant& grant) {
    switch (grant.kind) {
    case TESSERA_GRANT_CONSOLE:
        return &caps::platform_console()->header();
    case TESSERA_GRANT_CLOCK:
        return &caps::platform_clock()->header();
    case TESSERA_GRANT_RANDOM:
        return &caps::platform_random()->header();
    case TESSERA_GRANT_OBJECT:
        break;
    }
    return grant.object == nullptr ? nullptr : grant.object->header;
}

// On a fiber, up to where the program's main function runs.
Status set_up(Instance& instance, const tessera_setup& setup) {
    auto& account = instance.account();
    if (setup.memory_bytes != 0) {
        account.set_limit(runtime::Resource::MemoryBytes, setup.memory_bytes);
    }
    if (setup.microseconds != 0) {
        account.set_limit(runtime::Resource::Microseconds, setup.microseconds);
    }
    for (const auto& grant : std::span(setup.grants, setup.grant_count)) {
        auto* header = header_of(grant);
        const auto status =
            header == nullptr ? Status::Invalid : instance.grant(grant.name == nullptr ? "" : grant.name, *header);
        if (status != Status::Ok) {
            return status;
        }
    }
    for (const char* word : std::span(setup.arguments, setup.argument_count)) {
        if (const auto status = word == nullptr ? Status::Invalid : instance.argument(word); status != Status::Ok) {
            return status;
        }
    }
    return instance.start();
}

// And to where it has returned. The text of what was wrong, if it was.
Status wait_for_start(Instance& instance, std::uint64_t time_ns, std::string& why) {
    const auto begin = std::chrono::steady_clock::now();
    for (auto poll = kFirstPoll; instance.state() == State::Running; poll = std::min(poll * 2, kLongestPoll)) {
        const auto passed = std::chrono::steady_clock::now() - begin;
        if (time_ns != 0 && static_cast<std::uint64_t>(std::chrono::nanoseconds(passed).count()) > time_ns) {
            return Status::TimedOut;
        }
        runtime::give_way(poll);
    }
    why = instance.fault();
    switch (instance.state()) {
    case State::Returned:
        if (instance.status() == 0) {
            return Status::Ok;
        }
        why = "its main function returned " + std::to_string(instance.status());
        return Status::Failed;
    case State::Trapped:
        return Status::Failed;
    default:
        return why.find("time limit") != std::string::npos ? Status::TimedOut : Status::Ended;
    }
}

}  // namespace

// --- Errors.

tessera_status tessera_error_status(const tessera_error* error) {
    return error == nullptr ? TESSERA_OK : error->status;
}
const char* tessera_error_text(const tessera_error* error) { return error == nullptr ? "" : error->text.c_str(); }
void tessera_error_free(tessera_error* error) { delete error; }

// --- The kernel.

tessera_status tessera_kernel_start(const tessera_options* options, tessera_kernel** kernel, tessera_error** error) {
    tessera_status status = TESSERA_OK;
    if (!is_usable(error, status)) {
        return status;
    }
    const tessera_options none{};
    const auto& given = options == nullptr ? none : *options;
    auto started = Kernel::start({.workers = given.workers == 0 ? kWorkers : given.workers,
                                  .calls = given.calls == 0 ? kCalls : given.calls,
                                  .memory_bytes = given.memory_bytes});
    if (!started) {
        return refuse(
            error, started.error().blame == Blame::Caller ? TESSERA_BUSY : TESSERA_EXHAUSTED, started.error().text);
    }
    *kernel = new tessera_kernel{std::move(*started)};
    return TESSERA_OK;
}

tessera_status tessera_kernel_stop(tessera_kernel* kernel, tessera_error** error) {
    tessera_status status = TESSERA_OK;
    if (!is_usable(error, status)) {
        return status;
    }
    if (kernel->kernel->has_handles()) {
        return refuse(error, TESSERA_BUSY, "there are modules, instances or objects that were not freed");
    }
    delete kernel;
    return TESSERA_OK;
}

// --- Modules.

tessera_status tessera_module_load(tessera_kernel* kernel,
                                   const void* bytes,
                                   size_t length,
                                   const char* name,
                                   tessera_module** module,
                                   tessera_error** error) {
    tessera_status status = TESSERA_OK;
    if (!is_usable(error, status)) {
        return status;
    }
    if (length > caps::kModuleBytesMax) {
        return refuse(error, TESSERA_TOO_LARGE, "a module has at most 64 MiB");
    }
    auto& of = *kernel->kernel;
    Use<Module> made;
    Error why;
    of.visit([&] {
        auto loaded = Module::load(
            of.places(), {static_cast<const std::byte*>(bytes), length}, name == nullptr ? "module" : name, of.root());
        if (loaded) {
            made = std::move(*loaded);
        } else {
            why = std::move(loaded).error();
        }
    });
    if (!made) {
        return refuse(error, status_of(why), why.text);
    }
    of.add_handle();
    *module = new tessera_module{of, std::move(made)};
    return TESSERA_OK;
}

tessera_status
tessera_module_optimize(tessera_module* module, const void* bytes, size_t length, tessera_error** error) {
    tessera_status status = TESSERA_OK;
    if (!is_usable(error, status)) {
        return status;
    }
    Error why;
    bool is_made = false;
    module->kernel.visit([&] {
        auto made = module->module->make_full(module->kernel.places(), {static_cast<const std::byte*>(bytes), length});
        is_made = made.has_value();
        if (!is_made) {
            why = {made.error().blame, std::string(std::string_view(made.error().text))};
        }
    });
    if (is_made) {
        return TESSERA_OK;
    }
    return refuse(error, why.blame == Blame::Caller ? TESSERA_INVALID : status_of(why), why.text);
}

void tessera_module_unload(tessera_module* module) {
    if (module == nullptr || Kernel::is_forked()) {
        return;
    }
    auto& kernel = module->kernel;
    module->module->drop_holder();
    kernel.visit([&] { module->module = {}; });
    delete module;
    kernel.drop_handle();
}

// --- Objects.

tessera_status tessera_object_new(tessera_kernel* kernel,
                                  const tessera_interface* interface,
                                  void* state,
                                  tessera_object** object,
                                  tessera_error** error) {
    tessera_status status = TESSERA_OK;
    if (!is_usable(error, status)) {
        return status;
    }
    const auto made = HostObject::create(*kernel->kernel, *interface, state);
    if (!made) {
        return refuse(
            error, made.error().blame == Blame::Caller ? TESSERA_INVALID : TESSERA_EXHAUSTED, made.error().text);
    }
    *object = *made;
    return TESSERA_OK;
}

tessera_status tessera_console_new(tessera_kernel* kernel,
                                   void (*write)(void* state, const void* bytes, size_t length),
                                   void* state,
                                   tessera_object** object,
                                   tessera_error** error) {
    tessera_status status = TESSERA_OK;
    if (!is_usable(error, status)) {
        return status;
    }
    const auto console = std::make_shared<HostConsole>(write, state);
    caps::add_reference(console->header());
    kernel->kernel->keep(console);
    *object = make_handle(*kernel->kernel, &console->header());
    return TESSERA_OK;
}

tessera_object* tessera_object_keep(tessera_object* object) {
    if (object == nullptr || Kernel::is_forked()) {
        return nullptr;
    }
    caps::add_reference(*object->header);
    return make_handle(*object->kernel, object->header);
}

void tessera_object_free(tessera_object* object) {
    if (object != nullptr && !Kernel::is_forked()) {
        drop_handle(object);
    }
}

// --- Instances.

tessera_status tessera_instance_new(tessera_module* module,
                                    const tessera_setup* setup,
                                    tessera_instance** instance,
                                    tessera_error** error) {
    tessera_status status = TESSERA_OK;
    if (!is_usable(error, status)) {
        return status;
    }
    const tessera_setup none{};
    const auto& given = setup == nullptr ? none : *setup;
    auto& kernel = module->kernel;
    Use<Instance> made;
    auto how = Status::Exhausted;
    std::string why;
    kernel.visit([&] {
        made = Instance::prepare(*module->module, kernel.root());
        if (!made) {
            return;
        }
        how = set_up(*made, given);
        if (how == Status::Ok) {
            how = wait_for_start(*made, given.start_ns, why);
        }
        if (how != Status::Ok) {
            (void)made->end();
            made = {};
        }
    });
    if (!made) {
        return how == Status::Invalid && why.empty()
                   ? refuse(error,
                            how,
                            "a grant has no object, or its main function takes more capabilities than it is granted")
                   : refuse(error, how, why);
    }
    kernel.add_handle();
    *instance = new tessera_instance{kernel, std::move(made)};
    return TESSERA_OK;
}

void tessera_instance_end(tessera_instance* instance) {
    if (instance == nullptr || Kernel::is_forked()) {
        return;
    }
    if (runtime::Seat::is_outside()) {
        instance->instance->close();  // a call of it may wait for this thread; the rest is the kernel's
        return;
    }
    instance->kernel.visit([&] { (void)instance->instance->end(); });
}

void tessera_instance_free(tessera_instance* instance) {
    if (instance == nullptr || Kernel::is_forked()) {
        return;
    }
    tessera_instance_end(instance);
    auto& kernel = instance->kernel;
    kernel.visit([&] { instance->instance = {}; });
    delete instance;
    kernel.drop_handle();
}

uint64_t tessera_instance_memory(const tessera_instance* instance) { return instance->instance->account().used(); }

tessera_status tessera_instance_method(tessera_instance* instance,
                                       uint64_t interface,
                                       uint32_t ordinal,
                                       const char* signature,
                                       const tessera_method** method,
                                       tessera_error** error) {
    tessera_status status = TESSERA_OK;
    if (!is_usable(error, status)) {
        return status;
    }
    const auto parsed = parse_signature(signature);
    if (!parsed) {
        return refuse(error, TESSERA_INVALID, parsed.error().text);
    }
    safeir::Method found;
    if (const auto how = instance->instance->method(interface, ordinal, *parsed, found); how != Status::Ok) {
        return refuse(error, how);
    }
    std::array<std::uint64_t, 32> words{};
    std::size_t in = 0;
    std::size_t out = 0;
    caps::each_word(*parsed, Side::Parameters, words, [&](std::uint64_t& /*word*/, safeir::Place place) {
        in += place == safeir::Place::ReadSlice || place == safeir::Place::WriteSlice ? 2 : 1;
    });
    caps::each_word(*parsed, Side::Results, words, [&](std::uint64_t& /*word*/, safeir::Place /*place*/) { ++out; });
    const std::scoped_lock lock(instance->mutex);
    *method = &instance->methods.emplace_back(*instance, found, caps::import_of(interface, ordinal, *parsed), in, out);
    return TESSERA_OK;
}

// --- Calls.

namespace {

// SAFETY (all): the words of the host, as the kernel knows them: capabilities are handles there, headers here.
std::uint64_t header_word(std::uint64_t handle) {
    const auto* object = reinterpret_cast<const tessera_object*>(handle);
    return object == nullptr ? 0 : reinterpret_cast<std::uint64_t>(object->header);
}
std::uint64_t handle_word(Kernel& kernel, std::uint64_t header) {
    return reinterpret_cast<std::uint64_t>(make_handle(kernel, reinterpret_cast<caps::ObjectHeader*>(header)));
}

}  // namespace

tessera_status tessera_call(const tessera_method* method,
                            const tessera_word* in,
                            tessera_word* out,
                            uint64_t deadline_ns,
                            tessera_error** error) {
    tessera_status status = TESSERA_OK;
    if (!is_usable(error, status)) {
        return status;
    }
    auto& kernel = method->instance.kernel;
    std::span words(reinterpret_cast<const std::uint64_t*>(in), method->in);
    const std::span results(reinterpret_cast<std::uint64_t*>(out), method->out);
    std::array<std::uint64_t, 32> given;
    const auto signature = method->import.signature;
    const bool capabilities = caps::has_capabilities(signature);
    if (capabilities) {
        std::ranges::copy(words, given.begin());
        caps::each_capability(
            signature, Side::Parameters, given, [](std::uint64_t& word) { word = header_word(word); });
        words = std::span(given).first(words.size());
    }
    auto how = Status::Ok;
    std::string why;
    kernel.visit([&] {
        constexpr auto kLatest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        how =
            method->instance.instance->call({.method = method->method,
                                             .import = method->import,
                                             .in = words,
                                             .out = results,
                                             .deadline_ns = static_cast<std::int64_t>(std::min(deadline_ns, kLatest))},
                                            why);
    });
    if (capabilities) {
        caps::each_capability(
            signature, Side::Results, results, [&](std::uint64_t& word) { word = handle_word(kernel, word); });
    }
    return how == Status::Ok ? TESSERA_OK : error == nullptr ? number(how) : refuse(error, how, why);
}
