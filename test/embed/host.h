// A host of libtessera for tests: what it starts and makes goes with it.
#pragma once

#include "boot/embed/tessera.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tessera::test {

inline constexpr std::uint64_t kService = 0x9111111111111111;
inline constexpr std::uint64_t kHost = 0xA222222222222222;

// The bytes of a program, given as LLVM assembly in lowered form. Throws.
[[nodiscard]] std::vector<std::byte> assemble(const std::string& text);

// What a function said, with the text of its error.
struct Said {
    tessera_status status = TESSERA_OK;
    std::string text{};
};

class Host {
  public:
    explicit Host(tessera_options options = {});  // throws
    ~Host();
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    [[nodiscard]] tessera_kernel* kernel() const { return kernel_; }
    // Throw if they can't; theirs until the host's end.
    tessera_module* load(const std::string& assembly);
    tessera_instance* instance(tessera_module* module, const tessera_setup& setup = {});
    Said try_instance(tessera_module* module, const tessera_setup& setup);
    tessera_object* object(const tessera_interface& interface, void* state);

  private:
    tessera_kernel* kernel_ = nullptr;
    std::vector<tessera_module*> modules_;
    std::vector<tessera_instance*> instances_;
    std::vector<tessera_object*> objects_;
};

[[nodiscard]] Said say(tessera_status status, tessera_error* error);
[[nodiscard]] const tessera_method*
method(tessera_instance* instance, std::uint32_t ordinal, const char* signature, std::uint64_t interface = kService);
Said call(const tessera_method* method,
          const std::vector<tessera_word>& in,
          tessera_word* out = nullptr,
          std::uint64_t deadline_ns = 0);
[[nodiscard]] std::uint64_t in_milliseconds(unsigned time);

inline tessera_word word(std::uint64_t value) { return {.i64 = value}; }
inline tessera_word word(double value) { return {.f64 = value}; }
inline tessera_word word(float value) { return {.f32 = value}; }
inline tessera_word word(void* memory) { return {.room = memory}; }
inline tessera_word word(const void* memory) { return {.bytes = memory}; }
inline tessera_word word(tessera_object* object) { return {.object = object}; }

}  // namespace tessera::test
