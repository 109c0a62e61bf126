// Folders of the host and what is in them, for programs. No path leads out of the folder that is asked, through
// symbolic links neither: Linux itself sees to that (openat2). Only files and folders can be opened.
//
// Descriptors and counts, or an error as Linux has it, negative (-ENOENT). Paths are relative, of less than 4,096 bytes
// and with a zero behind them; an empty one is the folder itself. Any thread; nothing allocates.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tessera::platform::hosted {

enum class Kind : std::uint8_t { File, Folder, Link, Stream, Device };
enum class Make : std::uint8_t { Never, Missing, New };
enum class Access : std::uint8_t { Read, Write };

struct Facts {
    Kind kind = Kind::File;
    std::uint64_t bytes = 0;
    std::int64_t modified_ns = 0;
    std::int64_t created_ns = 0;
    std::int64_t accessed_ns = 0;
    std::uint32_t links = 1;
    std::uint64_t identity = 0;
};

[[nodiscard]] int open_folder(const char* path);  // any path of the host's
[[nodiscard]] int open_folder_in(int folder, std::string_view path);
// `access`: what was asked for; becomes Read where no more is allowed, unless something is to be made or cut.
[[nodiscard]] int open_file_in(int folder, std::string_view path, Access& access, Make make, bool cut);
void close_descriptor(int file);

[[nodiscard]] int facts_of(int file, Facts& facts);
[[nodiscard]] int facts_in(int folder, std::string_view path, bool follow, Facts& facts);

[[nodiscard]] std::int64_t read_at(int file, std::uint64_t position, std::span<std::byte> into);
[[nodiscard]] std::int64_t write_at(int file, std::uint64_t position, std::span<const std::byte> from);
[[nodiscard]] int resize(int file, std::uint64_t bytes);
[[nodiscard]] int sync(int file);
[[nodiscard]] int set_times(int folder, std::string_view path, std::int64_t accessed_ns, std::int64_t modified_ns);

[[nodiscard]] int make_folder_in(int folder, std::string_view path);
[[nodiscard]] int remove_in(int folder, std::string_view path, Kind kind);
[[nodiscard]] int rename_in(int folder, std::string_view path, int to, std::string_view new_path, bool replace);
[[nodiscard]] int link_in(int folder, std::string_view path, int to, std::string_view new_path);
[[nodiscard]] int symbolic_link_in(int folder, std::string_view path, const char* target);
[[nodiscard]] std::int64_t read_link_in(int folder, std::string_view path, std::span<char> into);

// Entries from a place on, which is 0 for the first and else `next` of an earlier one; `.` and `..` are left out.
struct Entry {
    std::string_view name;  // until the next one is asked for
    Kind kind = Kind::File;
    std::uint64_t identity = 0;
    std::uint64_t next = 0;  // the place behind it
};
class Listing {
  public:
    Listing(int folder, std::uint64_t place);
    ~Listing();
    Listing(const Listing&) = delete;
    Listing& operator=(const Listing&) = delete;
    // 1: `entry` is the next one; 0: there are no more.
    [[nodiscard]] int next(Entry& entry);

  private:
    static constexpr std::size_t kRoom = 4096;
    int file_;
    alignas(8) std::array<std::byte, kRoom> room_;
    std::size_t at_ = 0;
    std::size_t end_ = 0;
};

}  // namespace tessera::platform::hosted
