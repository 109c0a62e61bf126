#include "caps/message/tree_copy.h"

#include <array>

namespace tessera::caps {
namespace {

using wire::ElementSize;
using wire::kWordBytes;
using wire::Pointer;
using wire::PointerKind;

// Pointers that are yet to be followed: groups of them, with words of data before each group.
struct Run {
    std::uint64_t from = 0;  // places, in words
    std::uint64_t to = 0;
    std::uint64_t left = 0;  // of this group
    std::uint64_t groups = 0;
    std::uint64_t group = 0;
    std::uint64_t data_words = 0;
};

class TreeCopy {
  public:
    TreeCopy(std::span<const std::byte> source, TreeTarget& target)
        : source_(source), words_(source.size() / kWordBytes), target_(target) {}

    TreeFault run(std::uint64_t place, std::uint64_t target_place) {
        push({place, target_place, 1, 1, 1, 0});
        while (fault_ == TreeFault::None && depth_ != 0) {
            auto& run = runs_[depth_ - 1];
            if (run.left == 0) {
                if (--run.groups == 0) {
                    --depth_;
                    continue;
                }
                run.from += run.data_words;
                run.to += run.data_words;
                run.left = run.group;
            }
            --run.left;
            follow(run.from++, run.to++);
        }
        return fault_;
    }

  private:
    void fail(TreeFault fault) { fault_ = fault; }

    void push(const Run& run) {
        if (run.group == 0 || run.groups == 0) {
            return;
        }
        if (depth_ == runs_.size()) {
            fail(TreeFault::Malformed);
            return;
        }
        runs_[depth_++] = run;
    }

    std::optional<std::uint64_t> add(std::uint64_t words) {
        const auto begin = target_.add(words);
        if (!begin) {
            fail(TreeFault::Room);
        }
        return begin;
    }

    void copy_bytes(std::uint64_t from, std::uint64_t to, std::uint64_t bytes) {
        if (bytes != 0) {
            std::memcpy(target_.room.data() + to * kWordBytes,
                        source_.data() + from * kWordBytes,
                        static_cast<std::size_t>(bytes));
        }
    }

    void follow(std::uint64_t from, std::uint64_t to) {
        const Pointer pointer(wire::load(source_, from));
        if (pointer.is_null()) {
            return;
        }
        switch (pointer.kind()) {
        case PointerKind::Struct:
            copy_struct(pointer, from, to);
            break;
        case PointerKind::List:
            pointer.element() == ElementSize::Composite ? copy_structs(pointer, from, to)
                                                        : copy_list(pointer, from, to);
            break;
        default:
            fail(TreeFault::Malformed);
        }
    }

    void copy_struct(Pointer pointer, std::uint64_t from, std::uint64_t to) {
        const auto words = pointer.data_words() + pointer.pointers();
        if (words == 0) {
            wire::store(target_.room, to, Pointer::to_struct(to, to, 0, 0).raw());
            return;
        }
        const auto begin = pointer.target(from, words, words_);
        const auto made = begin ? add(words) : std::nullopt;
        if (!made) {
            fail(begin ? TreeFault::Room : TreeFault::Malformed);
            return;
        }
        copy_bytes(*begin, *made, pointer.data_words() * kWordBytes);
        wire::store(target_.room, to, Pointer::to_struct(to, *made, pointer.data_words(), pointer.pointers()).raw());
        push({*begin + pointer.data_words(),
              *made + pointer.data_words(),
              pointer.pointers(),
              1,
              pointer.pointers(),
              pointer.data_words()});
    }

    // Numbers, or pointers.
    void copy_list(Pointer pointer, std::uint64_t from, std::uint64_t to) {
        constexpr std::array<std::uint64_t, 7> kBits = {0, 1, 8, 16, 32, 64, 64};
        const auto bits = pointer.count() * kBits[static_cast<unsigned>(pointer.element())];
        const auto words = (bits + 63) / 64;
        const auto begin = pointer.target(from, words, words_);
        const auto made = begin ? add(words) : std::nullopt;
        if (!made) {
            fail(begin ? TreeFault::Room : TreeFault::Malformed);
            return;
        }
        wire::store(target_.room, to, Pointer::to_list(to, *made, pointer.element(), pointer.count()).raw());
        if (pointer.element() == ElementSize::Pointer) {
            push({*begin, *made, pointer.count(), 1, pointer.count(), 0});
            return;
        }
        copy_bytes(*begin, *made, (bits + 7) / 8);
        if (bits % 8 != 0) {  // without what lies behind the last bit
            target_.room[*made * kWordBytes + bits / 8] &= static_cast<std::byte>((1U << (bits % 8)) - 1);
        }
    }

    void copy_structs(Pointer pointer, std::uint64_t from, std::uint64_t to) {
        const auto begin = pointer.target(from, pointer.count() + 1, words_);
        if (!begin) {
            fail(TreeFault::Malformed);
            return;
        }
        const Pointer tag(wire::load(source_, *begin));
        const auto step = tag.data_words() + tag.pointers();
        const auto words = tag.tag_count() * step;
        if (tag.kind() != PointerKind::Struct || words > pointer.count()) {
            fail(TreeFault::Malformed);
            return;
        }
        const auto made = add(words + 1);
        if (!made) {
            return;
        }
        wire::store(target_.room, to, Pointer::to_list(to, *made, ElementSize::Composite, words).raw());
        wire::store(target_.room, *made, tag.raw());
        for (std::uint64_t at = 1; at <= words; at += step) {
            copy_bytes(*begin + at, *made + at, tag.data_words() * kWordBytes);
        }
        const auto first = 1 + tag.data_words();
        push({*begin + first, *made + first, tag.pointers(), tag.tag_count(), tag.pointers(), tag.data_words()});
    }

    std::span<const std::byte> source_;
    std::uint64_t words_;
    TreeTarget& target_;
    TreeFault fault_ = TreeFault::None;
    std::array<Run, kTreeDepthMax> runs_;
    std::size_t depth_ = 0;
};

}  // namespace

TreeFault
copy_tree(std::span<const std::byte> source, std::uint64_t place, TreeTarget& target, std::uint64_t target_place) {
    if (place >= source.size() / wire::kWordBytes) {
        return TreeFault::Malformed;
    }
    return TreeCopy(source, target).run(place, target_place);
}

}  // namespace tessera::caps
