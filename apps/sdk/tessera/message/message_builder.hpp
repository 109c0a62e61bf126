// Where a message is built: room that the caller gives, as one segment or as several. Nothing is allocated; what does not fit
// goes nowhere, and fault() says so.
#pragma once

#include <span>

#include <tessera/message/message_reader.hpp>

namespace tessera::message {

template <typename T>
class ListBuilder;

// A segment to be written to.
struct Room {
    unsigned char* begin = nullptr;
    std::uint32_t words = 0;  // of room
    std::uint32_t used = 0;   // of these
};

struct Allocated {
    unsigned char* at = nullptr;  // null: there was no room
    Room* room = nullptr;
};

class MessageBuilder {
  public:
    explicit MessageBuilder(std::span<std::byte> room) : own_(room_of(room)), rooms_(&own_), count_(1) { begin(); }
    // Goes on in the next room when one is full. `rooms` stays as long as this does.
    explicit MessageBuilder(std::span<Room> rooms)
        : rooms_(rooms.data()), count_(static_cast<std::uint32_t>(rooms.size())) {
        begin();
    }
    MessageBuilder(const MessageBuilder&) = delete;
    MessageBuilder& operator=(const MessageBuilder&) = delete;

    static Room room_of(std::span<std::byte> bytes) {
        return {reinterpret_cast<unsigned char*>(bytes.data()), static_cast<std::uint32_t>(bytes.size() / kWordBytes), 0};
    }

    // The root struct, new.
    template <typename T>
    typename T::Builder init_root();
    // A list as the root, new.
    template <typename T>
    ListBuilder<T> init_root_list(std::uint32_t count);
    // A copy of a struct of another message.
    template <typename Reader>
    void set_root(const Reader& from);

    [[nodiscard]] Fault fault() const { return fault_; }
    [[nodiscard]] bool ok() const { return fault_ == Fault::None; }

    // What was built in the first segment: the whole message, if there is one.
    [[nodiscard]] std::span<const std::byte> bytes() const {
        return {reinterpret_cast<const std::byte*>(rooms_[0].begin), rooms_[0].used * kWordBytes};
    }
    // How many segments have something in them.
    [[nodiscard]] std::uint32_t segment_count() const { return current_ + 1; }
    [[nodiscard]] Segment segment(std::uint32_t index) const { return {rooms_[index].begin, rooms_[index].used}; }

    // For builders: `words` of zeros, if it can be in the room that is tried first.
    [[gnu::always_inline]] Allocated allocate(Room* first, std::uint64_t words) {
        if (words <= first->words - first->used) [[likely]] {
            return take(first, words);
        }
        return allocate_elsewhere(words);
    }
    [[nodiscard]] std::uint32_t index_of(const Room* room) const { return static_cast<std::uint32_t>(room - rooms_); }
    [[nodiscard]] Room* first_room() { return rooms_; }
    [[gnu::cold]] void fail(Fault fault) {
        if (fault_ == Fault::None) {
            fault_ = fault;
        }
    }

  private:
    void begin() {
        if (count_ == 0) {
            rooms_ = &own_;  // with no room
            count_ = 1;
        }
        if (rooms_->words == 0) {
            fail(Fault::Room);
        } else {
            take(rooms_, 1);  // the root pointer
        }
    }
    [[gnu::always_inline]] Allocated take(Room* room, std::uint64_t words) {
        unsigned char* const at = room->begin + std::size_t{room->used} * kWordBytes;
        std::memset(at, 0, static_cast<std::size_t>(words) * kWordBytes);
        room->used += static_cast<std::uint32_t>(words);
        return {at, room};
    }
    [[gnu::noinline]] Allocated allocate_elsewhere(std::uint64_t words) {
        for (; current_ < count_; ++current_) {
            Room* const room = rooms_ + current_;
            if (words <= room->words - room->used) {
                return take(room, words);
            }
            if (current_ + 1 == count_) {
                break;
            }
        }
        fail(Fault::Room);
        return {};
    }

    Room own_{};
    Room* rooms_;
    std::uint32_t count_;
    std::uint32_t current_ = 0;  // the last that was begun
    Fault fault_ = Fault::None;
};

// A pointer that is to be written.
struct Spot {
    MessageBuilder* message = nullptr;
    Room* room = nullptr;
    unsigned char* at = nullptr;  // null: it is of nothing, and what is written there goes nowhere
};

namespace detail {

// Room for what a pointer leads to, which is written: near, or far by a landing pad before it.
[[gnu::always_inline]] inline Allocated allocate_target(const Spot& spot, std::uint64_t words, Pointer pointer) {
    if (spot.at == nullptr) [[unlikely]] {
        return {};
    }
    Room* const room = spot.room;
    if (words <= room->words - room->used) [[likely]] {
        const Allocated allocated = spot.message->allocate(room, words);
        const std::int64_t offset = (allocated.at - spot.at) / static_cast<std::int64_t>(kWordBytes) - 1;
        store(spot.at, pointer.raw | static_cast<std::uint32_t>(static_cast<std::uint32_t>(offset) << 2U));
        return allocated;
    }
    const Allocated allocated = spot.message->allocate(room, words + 1);
    if (allocated.at == nullptr) {
        return {};
    }
    store(allocated.at, pointer.raw);  // what it leads to follows at once
    const auto word = static_cast<std::uint32_t>((allocated.at - allocated.room->begin) / static_cast<std::ptrdiff_t>(kWordBytes));
    store(spot.at, Pointer::to_far(spot.message->index_of(allocated.room), word).raw);
    return {allocated.at + kWordBytes, allocated.room};
}

}  // namespace detail
}  // namespace tessera::message
