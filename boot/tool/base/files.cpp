#include "boot/tool/base/files.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace tessera::tool {

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    std::error_code ignored;
    if (!stream || fs::is_directory(file, ignored)) {
        return fail(Blame::Caller,
                    fmt::format("cannot read {}: {}",
                                file.string(),
                                fs::is_directory(file, ignored) ? "it is a folder" : std::strerror(errno)));
    }
    text << stream.rdbuf();
    return std::move(text).str();
}

Result<void> write_file(const fs::path& file, std::string_view bytes) {
    const fs::path other = file.string() + fmt::format(".{}.new", ::getpid());
    {
        std::ofstream stream(other, std::ios::binary | std::ios::trunc);
        stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        stream.close();
        if (!stream) {
            return fail(Blame::Machine, fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
        }
    }
    std::error_code failure;
    fs::rename(other, file, failure);
    if (failure) {
        return fail(Blame::Machine, fmt::format("cannot write {}: {}", file.string(), failure.message()));
    }
    return {};
}

Result<void> make_folder(const fs::path& folder) {
    std::error_code failure;
    fs::create_directories(folder, failure);
    if (failure) {
        return fail(Blame::Machine, fmt::format("cannot make the folder {}: {}", folder.string(), failure.message()));
    }
    return {};
}

Result<ScratchFolder> ScratchFolder::create() {
    std::error_code ignored;
    std::string pattern = (fs::temp_directory_path(ignored) / "tessera.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        return fail(Blame::Machine, fmt::format("cannot make a scratch folder {}: {}", pattern, std::strerror(errno)));
    }
    return ScratchFolder(pattern);
}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

ScratchFolder& ScratchFolder::operator=(ScratchFolder&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
}

ScratchFolder::~ScratchFolder() {
    if (!path_.empty()) {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
}

Result<FolderLock> FolderLock::take(const fs::path& folder) {
    TRY_VOID(make_folder(folder));
    const int file = ::open((folder / ".lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644);
    if (file < 0) {
        return fail(Blame::Machine, fmt::format("cannot write in {}: {}", folder.string(), std::strerror(errno)));
    }
    while (::flock(file, LOCK_EX) != 0 && errno == EINTR) {
    }
    return FolderLock(file);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
}

FolderLock::~FolderLock() {
    if (file_ >= 0) {
        ::close(file_);
    }
}

}  // namespace tessera::tool
