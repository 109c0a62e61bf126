// WASI preview 1: error numbers, constants and layouts, as its document has them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tessera::caps::wasi {

enum Errno : std::uint32_t {
    kSuccess = 0,
    kAgain = 6,
    kBadFile = 8,
    kFault = 21,
    kInvalid = 28,
    kIo = 29,
    kIsDirectory = 31,
    kTooManyFiles = 33,
    kNameTooLong = 37,
    kNoEntry = 44,
    kNoSystem = 52,
    kNotDirectory = 54,
    kNotSocket = 57,
    kNotSupported = 58,
    kOverflow = 61,
    kReadOnly = 69,
    kIllegalSeek = 70,
    kNotCapable = 76,
};

enum class FileType : std::uint8_t { Unknown = 0, CharacterDevice = 2, Directory = 3, RegularFile = 4 };

enum Rights : std::uint64_t {
    kRightRead = 1U << 1U,
    kRightSeek = 1U << 2U,
    kRightTell = 1U << 5U,
    kRightWrite = 1U << 6U,
    kRightPathOpen = 1U << 13U,
    kRightReaddir = 1U << 14U,
    kRightPathStat = 1U << 18U,
    kRightStat = 1U << 21U,
    kRightPoll = 1U << 27U,
};

struct Iovec {
    std::uint32_t offset;
    std::uint32_t length;
};

struct Fdstat {
    FileType type;
    std::uint8_t padding0;
    std::uint16_t flags;
    std::uint32_t padding1;
    std::uint64_t rights;
    std::uint64_t rights_inheriting;
};
static_assert(sizeof(Fdstat) == 24);

struct Filestat {
    std::uint64_t device;
    std::uint64_t inode;
    FileType type;
    std::uint8_t padding[7];
    std::uint64_t links;
    std::uint64_t size;
    std::uint64_t accessed_ns;
    std::uint64_t modified_ns;
    std::uint64_t changed_ns;
};
static_assert(sizeof(Filestat) == 64 && offsetof(Filestat, links) == 24);

struct Prestat {
    std::uint32_t tag;  // 0: directory
    std::uint32_t name_bytes;
};
static_assert(sizeof(Prestat) == 8);

struct Dirent {
    std::uint64_t next;
    std::uint64_t inode;
    std::uint32_t name_bytes;
    FileType type;
    std::uint8_t padding[3];
};
static_assert(sizeof(Dirent) == 24);

struct Subscription {
    std::uint64_t user_data;
    std::uint8_t tag;  // 0 clock, 1 fd_read, 2 fd_write
    std::uint8_t padding0[7];
    std::uint32_t id;  // clock or descriptor
    std::uint32_t padding1;
    std::uint64_t timeout_ns;
    std::uint64_t precision_ns;
    std::uint16_t flags;  // 1: timeout is absolute
    std::uint8_t padding2[6];
};
static_assert(sizeof(Subscription) == 48 && offsetof(Subscription, flags) == 40);

struct Event {
    std::uint64_t user_data;
    std::uint16_t error;
    std::uint8_t type;
    std::uint8_t padding0[5];
    std::uint64_t bytes;
    std::uint16_t flags;
    std::uint8_t padding1[6];
};
static_assert(sizeof(Event) == 32 && offsetof(Event, bytes) == 16);

}  // namespace tessera::caps::wasi
