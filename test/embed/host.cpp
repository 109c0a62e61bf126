#include "test/embed/host.h"

#include "safeir/inspect/assembly.h"

#include <ctime>
#include <stdexcept>

namespace tessera::test {

std::vector<std::byte> assemble(const std::string& text) {
    auto sir = safeir::assemble(text, "module", {});
    if (!sir) {
        throw std::runtime_error(sir.error().text);
    }
    return *sir;
}

Said say(tessera_status status, tessera_error* error) {
    const Said said{status, tessera_error_text(error)};
    tessera_error_free(error);
    return said;
}

static void must(const Said& said) {
    if (said.status != TESSERA_OK) {
        throw std::runtime_error(said.text);
    }
}

Host::Host(tessera_options options) {
    tessera_error* error = nullptr;
    const auto status = tessera_kernel_start(&options, &kernel_, &error);
    must(say(status, error));
}

Host::~Host() {
    for (auto* instance : instances_) {
        tessera_instance_free(instance);
    }
    for (auto* module : modules_) {
        tessera_module_unload(module);
    }
    for (auto* object : objects_) {
        tessera_object_free(object);
    }
    (void)tessera_kernel_stop(kernel_, nullptr);
}

tessera_module* Host::load(const std::string& assembly) {
    const auto sir = assemble(assembly);
    tessera_error* error = nullptr;
    tessera_module* module = nullptr;
    const auto status = tessera_module_load(kernel_, sir.data(), sir.size(), "module", &module, &error);
    must(say(status, error));
    modules_.push_back(module);
    return module;
}

Said Host::try_instance(tessera_module* module, const tessera_setup& setup) {
    tessera_error* error = nullptr;
    tessera_instance* instance = nullptr;
    const auto status = tessera_instance_new(module, &setup, &instance, &error);
    if (status == TESSERA_OK) {
        instances_.push_back(instance);
    }
    return say(status, error);
}

tessera_instance* Host::instance(tessera_module* module, const tessera_setup& setup) {
    must(try_instance(module, setup));
    return instances_.back();
}

tessera_object* Host::object(const tessera_interface& interface, void* state) {
    tessera_error* error = nullptr;
    tessera_object* object = nullptr;
    const auto status = tessera_object_new(kernel_, &interface, state, &object, &error);
    must(say(status, error));
    objects_.push_back(object);
    return object;
}

const tessera_method*
method(tessera_instance* instance, std::uint32_t ordinal, const char* signature, std::uint64_t interface) {
    tessera_error* error = nullptr;
    const tessera_method* found = nullptr;
    const auto status = tessera_instance_method(instance, interface, ordinal, signature, &found, &error);
    must(say(status, error));
    return found;
}

Said call(const tessera_method* method,
          const std::vector<tessera_word>& in,
          tessera_word* out,
          std::uint64_t deadline_ns) {
    tessera_error* error = nullptr;
    const auto status = tessera_call(method, in.data(), out, deadline_ns, &error);
    return say(status, error);
}

std::uint64_t in_milliseconds(unsigned time) {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec) +
           std::uint64_t{time} * 1'000'000;
}

}  // namespace tessera::test
