#include "caps/file_tree.h"

#include <algorithm>
#include <map>
#include <mutex>

namespace tessera::caps {
namespace {

// A directory is a run of the sorted files that share a prefix. Its entries are found once, when it is first looked at.
class TreeDirectory final : public Directory {
  public:
    TreeDirectory(std::shared_ptr<const std::vector<TreeFile>> files,
                  std::size_t begin,
                  std::size_t end,
                  std::size_t skip)
        : files_(std::move(files)), begin_(begin), end_(end), skip_(skip) {}

    std::optional<Entry> entry(std::uint32_t index) override {
        const std::scoped_lock lock(mutex_);
        list();
        if (index >= entries_.size()) {
            return std::nullopt;
        }
        return entries_[index].entry;
    }

    ObjectRef open(std::string_view name) override {
        const std::scoped_lock lock(mutex_);
        list();
        const auto found =
            std::ranges::lower_bound(entries_, name, {}, [](const Known& known) { return known.entry.name; });
        if (found == entries_.end() || found->entry.name != name) {
            return nullptr;
        }
        if (found->object == nullptr) {
            if (found->entry.is_directory) {
                found->object =
                    std::make_shared<TreeDirectory>(files_, found->begin, found->end, skip_ + name.size() + 1);
            } else {
                found->object = std::make_shared<File>((*files_)[found->begin].bytes, found->entry.number);
            }
        }
        return found->object;
    }

    // Numbers: a file's is its place in the tree plus one, a directory's that of its first file with the depth on top.
    std::uint64_t number() const override { return (std::uint64_t{skip_} << 32U) + begin_ + 1; }

  private:
    struct Known {
        Entry entry;
        std::size_t begin;
        std::size_t end;
        ObjectRef object;
    };

    void list() {
        if (listed_) {
            return;
        }
        listed_ = true;
        for (std::size_t i = begin_; i < end_;) {
            const auto rest = (*files_)[i].path.substr(skip_);
            const auto slash = rest.find('/');
            const auto name = rest.substr(0, slash);
            if (slash == std::string_view::npos) {
                entries_.push_back({{name, false, i + 1}, i, i + 1, nullptr});
                ++i;
                continue;
            }
            std::size_t next = i + 1;
            const auto prefix = rest.substr(0, slash + 1);
            while (next < end_ && (*files_)[next].path.substr(skip_).starts_with(prefix)) {
                ++next;
            }
            const std::uint64_t number = (std::uint64_t{skip_ + name.size() + 1} << 32U) + i + 1;
            entries_.push_back({{name, true, number}, i, next, nullptr});
            i = next;
        }
        // "a/x" sorts after "a.txt" but "a" before: names are sorted anew.
        std::ranges::sort(entries_, {}, [](const Known& known) { return known.entry.name; });
    }

    std::shared_ptr<const std::vector<TreeFile>> files_;
    std::size_t begin_;
    std::size_t end_;
    std::size_t skip_;  // length of the path to here
    std::mutex mutex_;
    bool listed_ = false;
    std::vector<Known> entries_;
};

}  // namespace

ObjectRef make_directory(std::vector<TreeFile> files) {
    auto shared = std::make_shared<const std::vector<TreeFile>>(std::move(files));
    const auto count = shared->size();
    return std::make_shared<TreeDirectory>(std::move(shared), 0, count, 0);
}

}  // namespace tessera::caps
