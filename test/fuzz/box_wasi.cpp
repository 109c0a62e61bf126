// As much of WASI as a program of a C library needs to get going in the box: words, a console that only listens, a
// clock that counts calls. Everything else succeeds and does nothing (box_nothing).
#include "test/fuzz/box_wasi.h"

#include "test/fuzz/box_functions.h"
#include "test/fuzz/box_memory.h"

#include <cstring>
#include <fmt/format.h>

// SAFETY (this file): offsets are checked before they are addresses.
namespace tessera::fuzz {
namespace {

std::vector<std::string> words;

constexpr std::uint32_t kBadFile = 8, kNoEntry = 44, kIllegalSeek = 70;

template <typename T>
T get(std::uint32_t at) {
    check_range(at, sizeof(T));
    T value{};
    std::memcpy(&value, box.base + at, sizeof value);
    return value;
}

void put(std::uint32_t at, const void* from, std::size_t bytes) {
    check_range(at, bytes);
    std::memcpy(box.base + at, from, bytes);
}

template <typename T>
std::uint64_t give(std::uint32_t at, T value) {
    put(at, &value, sizeof value);
    return narrow(0);
}

}  // namespace

void set_box_words(std::vector<std::string> given) { words = std::move(given); }

}  // namespace tessera::fuzz

using namespace tessera::fuzz;
using Offset = std::uint32_t;

extern "C" {
std::uint64_t box_wasi_args_get(std::byte* base, Offset pointers, Offset text);
std::uint64_t box_wasi_args_sizes_get(std::byte* base, Offset count, Offset bytes);
std::uint64_t box_wasi_clock_time_get(std::byte* base, std::uint32_t id, std::uint64_t precision, Offset result);
std::uint64_t box_wasi_environ_sizes_get(std::byte* base, Offset count, Offset bytes);
std::uint64_t box_wasi_fd_fdstat_get(std::byte* base, std::uint32_t fd, Offset result);
std::uint64_t box_wasi_fd_prestat_get(std::byte* base);
std::uint64_t box_wasi_fd_read(std::byte* base, std::uint32_t fd, Offset vectors, std::uint32_t count, Offset result);
std::uint64_t box_wasi_fd_seek(std::byte* base);
std::uint64_t box_wasi_fd_write(std::byte* base, std::uint32_t fd, Offset vectors, std::uint32_t count, Offset result);
std::uint64_t box_wasi_path_open(std::byte* base);
void box_wasi_proc_exit(std::byte* base, std::uint32_t status);
std::uint64_t box_wasi_random_get(std::byte* base, Offset at, std::uint32_t length);
}

std::uint64_t box_wasi_args_get(std::byte* base, Offset pointers, Offset text) {
    check_base(base);
    for (const std::string& word : words) {
        give(pointers, text);
        put(text, word.c_str(), word.size() + 1);
        pointers += 4;
        text += static_cast<Offset>(word.size() + 1);
    }
    return narrow(0);
}

std::uint64_t box_wasi_args_sizes_get(std::byte* base, Offset count, Offset bytes) {
    check_base(base);
    std::uint32_t all = 0;
    for (const std::string& word : words) {
        all += static_cast<std::uint32_t>(word.size() + 1);
    }
    give(count, static_cast<std::uint32_t>(words.size()));
    return give(bytes, all);
}

std::uint64_t
box_wasi_clock_time_get(std::byte* base, std::uint32_t /*id*/, std::uint64_t /*precision*/, Offset result) {
    check_base(base);
    hear(1);
    return give(result, std::uint64_t{1'000'000'000} + (box_run->heard & 0xffffffU));
}

std::uint64_t box_wasi_environ_sizes_get(std::byte* base, Offset count, Offset bytes) {
    check_base(base);
    give(count, 0U);
    return give(bytes, 0U);
}

std::uint64_t box_wasi_fd_fdstat_get(std::byte* base, std::uint32_t /*fd*/, Offset result) {
    check_base(base);
    struct {
        std::uint8_t type = 2;  // a character device
        std::uint8_t rest[23]{};
    } stat;
    return give(result, stat);
}

std::uint64_t box_wasi_fd_prestat_get(std::byte* base) {
    check_base(base);
    return narrow(kBadFile);
}

std::uint64_t
box_wasi_fd_read(std::byte* base, std::uint32_t /*fd*/, Offset /*vectors*/, std::uint32_t /*count*/, Offset result) {
    check_base(base);
    return give(result, 0U);
}

std::uint64_t box_wasi_fd_seek(std::byte* base) {
    check_base(base);
    return narrow(kIllegalSeek);
}

std::uint64_t
box_wasi_fd_write(std::byte* base, std::uint32_t /*fd*/, Offset vectors, std::uint32_t count, Offset result) {
    check_base(base);
    std::uint32_t all = 0;
    for (std::uint32_t i = 0; i < count && i < 64; ++i) {
        const auto at = get<Offset>(vectors + 8 * i);
        const auto length = get<std::uint32_t>(vectors + 8 * i + 4);
        check_range(at, length);
        for (std::uint32_t done = 0; done < length && done < 4096; ++done) {
            hear(std::to_integer<std::uint64_t>(box.base[at + done]));
        }
        all += length;
    }
    return give(result, all);
}

std::uint64_t box_wasi_path_open(std::byte* base) {
    check_base(base);
    return narrow(kNoEntry);
}

void box_wasi_proc_exit(std::byte* base, std::uint32_t status) {
    check_base(base);
    box_run->leave(Run::End::Returned, fmt::format("exit {}", status));
}

std::uint64_t box_wasi_random_get(std::byte* base, Offset at, std::uint32_t length) {
    check_base(base);
    check_range(at, length);
    for (std::uint32_t done = 0; done < length; ++done) {
        hear(done);
        box.base[at + done] = static_cast<std::byte>(box_run->heard);
    }
    return narrow(0);
}
