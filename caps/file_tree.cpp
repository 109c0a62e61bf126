#include "caps/file_tree.h"

#include "core/base/assert.h"
#include "core/base/guarded.h"

#include <algorithm>
#include <map>

namespace tessera::caps {
namespace {

// A directory is a run of the sorted files that share a prefix. Its entries are found once, when it is first looked at.
class TreeDirectory final : public Directory {
  public:
    TreeDirectory(std::shared_ptr<const std::vector<TreeFile>> files,
                  std::size_t begin,
                  std::size_t end,
                  std::size_t skip)
        : files_(std::move(files)), begin_(begin), end_(end), skip_(skip) {
        REQUIRES(begin <= end && end <= files_->size());
        ASSERT(begin == end || skip < (*files_)[begin].path.size());
    }

    std::optional<Entry> entry(std::uint32_t index) override {
        const auto known = listing_.lock();
        list(*known);
        if (index >= known->entries.size()) {
            return std::nullopt;
        }
        return known->entries[index].entry;
    }

    ObjectRef open(std::string_view name) override {
        const auto known = listing_.lock();
        list(*known);
        const auto found =
            std::ranges::lower_bound(known->entries, name, {}, [](const Known& one) { return one.entry.name; });
        if (found == known->entries.end() || found->entry.name != name) {
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

    // What is in the directory; found once.
    struct Listing {
        bool done = false;
        std::vector<Known> entries;
    };

    void list(Listing& listing) const {
        if (listing.done) {
            return;
        }
        listing.done = true;
        for (std::size_t i = begin_; i < end_;) {
            ASSERT((*files_)[i].path.size() > skip_);  // all of a directory's files go on from its path
            const auto rest = (*files_)[i].path.substr(skip_);
            const auto slash = rest.find('/');
            const auto name = rest.substr(0, slash);
            if (slash == std::string_view::npos) {
                listing.entries.push_back({{name, false, i + 1}, i, i + 1, nullptr});
                ++i;
                continue;
            }
            std::size_t next = i + 1;
            const auto prefix = rest.substr(0, slash + 1);
            while (next < end_ && (*files_)[next].path.substr(skip_).starts_with(prefix)) {
                ++next;
            }
            ASSERT(next > i && next <= end_);
            const std::uint64_t number = (std::uint64_t{skip_ + name.size() + 1} << 32U) + i + 1;
            listing.entries.push_back({{name, true, number}, i, next, nullptr});
            i = next;
        }
        // "a/x" sorts after "a.txt" but "a" before: names are sorted anew.
        std::ranges::sort(listing.entries, {}, [](const Known& one) { return one.entry.name; });
    }

    std::shared_ptr<const std::vector<TreeFile>> files_;
    std::size_t begin_;
    std::size_t end_;
    std::size_t skip_;  // length of the path to here
    Guarded<Listing, LockRank::FileTree> listing_;
};

}  // namespace

ObjectRef make_directory(std::vector<TreeFile> files) {
    REQUIRES(std::ranges::is_sorted(files, {}, &TreeFile::path));
    auto shared = std::make_shared<const std::vector<TreeFile>>(std::move(files));
    const auto count = shared->size();
    return std::make_shared<TreeDirectory>(std::move(shared), 0, count, 0);
}

}  // namespace tessera::caps
