// Structs, lists, texts and pointers that are built where they will lie. What was set before at the same place stays in the
// message, unreachable: set each thing once.
#pragma once

#include <string_view>

#include <tessera/message/message_builder.hpp>
#include <tessera/message/readers.hpp>

namespace tessera::message {

class StructBuilder;
class AnyBuilder;
template <typename T>
class ListBuilder;

namespace detail {

inline void copy(const Place& from, const Spot& to);

inline std::span<std::byte> write_bytes(const Spot& spot, std::size_t count, std::size_t more) {
    if (count + more > kListElementsMax) [[unlikely]] {
        if (spot.message != nullptr) {
            spot.message->fail(Fault::Room);
        }
        return {};
    }
    const auto whole = static_cast<std::uint32_t>(count + more);
    const Allocated allocated =
        allocate_target(spot, (std::uint64_t{whole} + 7) / 8, Pointer::to_list(0, ElementSize::Byte, whole));
    return allocated.at == nullptr ? std::span<std::byte>{}
                                   : std::span<std::byte>(reinterpret_cast<std::byte*>(allocated.at), count);
}

inline void write_text(const Spot& spot, std::string_view text) {
    const std::span<std::byte> bytes = write_bytes(spot, text.size(), 1);
    if (!bytes.empty()) {
        std::memcpy(bytes.data(), text.data(), text.size());
    }
}

inline void write_data(const Spot& spot, std::span<const std::byte> data) {
    const std::span<std::byte> bytes = write_bytes(spot, data.size(), 0);
    if (!bytes.empty()) {
        std::memcpy(bytes.data(), data.data(), data.size());
    }
}

}  // namespace detail

class StructBuilder {
  public:
    StructBuilder() = default;
    StructBuilder(MessageBuilder* message, Room* room, unsigned char* data, std::uint32_t data_words)
        : message_(message), room_(room), data_(data), data_words_(data_words) {}

    static StructBuilder init(const Spot& spot, StructSize size) {
        const Allocated allocated = detail::allocate_target(
            spot, std::uint32_t{size.data_words} + size.pointers, Pointer::to_struct(0, size.data_words, size.pointers));
        return {spot.message, allocated.room, allocated.at, size.data_words};
    }

    // A builder's struct has the size that its schema says: offsets need no check.
    template <typename T>
    [[gnu::always_inline]] void set_number(std::uint32_t offset, T value) {
        if (data_ != nullptr) [[likely]] {
            store(data_ + offset * sizeof(T), value);
        }
    }
    template <typename T>
    [[nodiscard]] T number(std::uint32_t offset) const {
        return data_ != nullptr ? load<T>(data_ + offset * sizeof(T)) : T{};
    }
    void set_bit(std::uint32_t offset, bool value) {
        if (data_ != nullptr) [[likely]] {
            const unsigned mask = 1U << (offset % 8);
            const unsigned old = data_[offset / 8];
            data_[offset / 8] = static_cast<unsigned char>(value ? old | mask : old & ~mask);
        }
    }
    [[nodiscard]] bool bit(std::uint32_t offset) const {
        return data_ != nullptr && (data_[offset / 8] >> (offset % 8) & 1U) != 0;
    }
    [[gnu::always_inline]] Spot pointer(std::uint32_t index) const {
        return {message_, room_, data_ != nullptr ? data_ + (std::size_t{data_words_} + index) * kWordBytes : nullptr};
    }
    void set_capability(std::uint32_t index, std::uint32_t capability) {
        if (data_ != nullptr) {
            store(pointer(index).at, Pointer::to_capability(capability).raw);
        }
    }
    [[nodiscard]] MessageBuilder* message() const { return message_; }
    [[nodiscard]] Room* room() const { return room_; }
    [[nodiscard]] unsigned char* data() const { return data_; }

  private:
    MessageBuilder* message_ = nullptr;
    Room* room_ = nullptr;
    unsigned char* data_ = nullptr;  // the pointers follow; null: there was no room
    std::uint32_t data_words_ = 0;
};

template <typename T>
typename T::Builder MessageBuilder::init_root() {
    return typename T::Builder(StructBuilder::init({this, rooms_, ok() ? rooms_->begin : nullptr}, T::kSize));
}

namespace detail {

struct RawListBuilder {
    MessageBuilder* message = nullptr;
    Room* room = nullptr;
    unsigned char* begin = nullptr;  // null: there was no room
    std::uint32_t count = 0;
};

inline RawListBuilder init_list(const Spot& spot, ElementSize size, std::uint32_t count) {
    if (count > kListElementsMax) [[unlikely]] {
        return {};
    }
    const std::uint64_t words = (std::uint64_t{count} * bits_of(size) + 63) / 64;
    const Allocated allocated = allocate_target(spot, words, Pointer::to_list(0, size, count));
    return {spot.message, allocated.room, allocated.at, allocated.at == nullptr ? 0 : count};
}

inline RawListBuilder init_composite(const Spot& spot, StructSize size, std::uint32_t count) {
    const std::uint64_t words = std::uint64_t{count} * (std::uint32_t{size.data_words} + size.pointers);
    if (words > kListElementsMax || count > kListElementsMax) [[unlikely]] {
        if (spot.message != nullptr) {
            spot.message->fail(Fault::Room);
        }
        return {};
    }
    const Allocated allocated = allocate_target(
        spot, words + 1, Pointer::to_list(0, ElementSize::Composite, static_cast<std::uint32_t>(words)));
    if (allocated.at == nullptr) {
        return {};
    }
    store(allocated.at, Pointer::tag(count, size.data_words, size.pointers).raw);
    return {spot.message, allocated.room, allocated.at + kWordBytes, count};
}

[[gnu::always_inline]] inline Spot element_spot(const RawListBuilder& list, std::uint32_t index) {
    return {list.message, list.room, index < list.count ? list.begin + std::size_t{index} * kWordBytes : nullptr};
}

}  // namespace detail

// Of numbers and enums. An index outside of the list writes nowhere.
template <typename T>
class ListBuilder {
  public:
    ListBuilder() = default;
    static ListBuilder init(const Spot& spot, std::uint32_t count) {
        ListBuilder list;
        list.list_ = detail::init_list(spot, detail::Element<T>::kSize, count);
        return list;
    }
    [[nodiscard]] std::uint32_t size() const { return list_.count; }
    [[gnu::always_inline]] void set(std::uint32_t index, T value) {
        if (index < list_.count) [[likely]] {
            store(list_.begin + std::size_t{index} * sizeof(T), value);
        }
    }

  private:
    detail::RawListBuilder list_{};
};

template <>
class ListBuilder<bool> {
  public:
    static ListBuilder init(const Spot& spot, std::uint32_t count) {
        ListBuilder list;
        list.list_ = detail::init_list(spot, ElementSize::Bit, count);
        return list;
    }
    [[nodiscard]] std::uint32_t size() const { return list_.count; }
    void set(std::uint32_t index, bool value) {
        if (index < list_.count) {
            const unsigned mask = 1U << (index % 8);
            const unsigned old = list_.begin[index / 8];
            list_.begin[index / 8] = static_cast<unsigned char>(value ? old | mask : old & ~mask);
        }
    }

  private:
    detail::RawListBuilder list_{};
};

template <>
class ListBuilder<Void> {
  public:
    static ListBuilder init(const Spot& spot, std::uint32_t count) {
        ListBuilder list;
        list.count_ = detail::init_list(spot, ElementSize::Void, count).count;
        return list;
    }
    [[nodiscard]] std::uint32_t size() const { return count_; }

  private:
    std::uint32_t count_ = 0;
};

namespace detail {

// Of pointers: to texts, bytes, lists and whatever it is.
class PointerListBuilder {
  public:
    [[nodiscard]] std::uint32_t size() const { return list_.count; }

  protected:
    void init_pointers(const Spot& spot, std::uint32_t count) { list_ = init_list(spot, ElementSize::Pointer, count); }
    [[nodiscard]] Spot spot(std::uint32_t index) const { return element_spot(list_, index); }

  private:
    RawListBuilder list_{};
};

}  // namespace detail

template <>
class ListBuilder<Text> : public detail::PointerListBuilder {
  public:
    static ListBuilder init(const Spot& spot, std::uint32_t count) {
        ListBuilder list;
        list.init_pointers(spot, count);
        return list;
    }
    void set(std::uint32_t index, std::string_view text) { detail::write_text(spot(index), text); }
};

template <>
class ListBuilder<Data> : public detail::PointerListBuilder {
  public:
    static ListBuilder init(const Spot& spot, std::uint32_t count) {
        ListBuilder list;
        list.init_pointers(spot, count);
        return list;
    }
    void set(std::uint32_t index, std::span<const std::byte> data) { detail::write_data(spot(index), data); }
    // To be filled in.
    std::span<std::byte> init_data(std::uint32_t index, std::size_t bytes) {
        return detail::write_bytes(spot(index), bytes, 0);
    }
};

template <typename T>
class ListBuilder<List<T>> : public detail::PointerListBuilder {
  public:
    static ListBuilder init(const Spot& spot, std::uint32_t count) {
        ListBuilder list;
        list.init_pointers(spot, count);
        return list;
    }
    ListBuilder<T> init_list(std::uint32_t index, std::uint32_t count) {
        return ListBuilder<T>::init(this->spot(index), count);
    }
};

// Of structs, all of one size.
template <typename T>
    requires requires { T::kSize; }
class ListBuilder<T> {
  public:
    ListBuilder() = default;
    static ListBuilder init(const Spot& spot, std::uint32_t count) {
        ListBuilder list;
        list.list_ = detail::init_composite(spot, T::kSize, count);
        return list;
    }
    [[nodiscard]] std::uint32_t size() const { return list_.count; }
    [[nodiscard, gnu::always_inline]] typename T::Builder operator[](std::uint32_t index) const {
        constexpr std::size_t kStep = (std::size_t{T::kSize.data_words} + T::kSize.pointers) * kWordBytes;
        return typename T::Builder(StructBuilder(list_.message,
                                                 list_.room,
                                                 index < list_.count ? list_.begin + index * kStep : nullptr,
                                                 T::kSize.data_words));
    }

  private:
    detail::RawListBuilder list_{};
};

// A pointer to whatever it is to be.
class AnyBuilder {
  public:
    explicit AnyBuilder(const Spot& spot) : spot_(spot) {}
    template <typename T>
    typename T::Builder init_as() {
        return typename T::Builder(StructBuilder::init(spot_, T::kSize));
    }
    template <typename T>
    ListBuilder<T> init_list(std::uint32_t count) {
        return ListBuilder<T>::init(spot_, count);
    }
    void set_text(std::string_view text) { detail::write_text(spot_, text); }
    void set_data(std::span<const std::byte> data) { detail::write_data(spot_, data); }
    void set(const AnyReader& from) { detail::copy(from.place(), spot_); }
    void set_capability(std::uint32_t index) {
        if (spot_.at != nullptr) {
            store(spot_.at, Pointer::to_capability(index).raw);
        }
    }

  private:
    Spot spot_;
};

template <>
class ListBuilder<Any> : public detail::PointerListBuilder {
  public:
    static ListBuilder init(const Spot& spot, std::uint32_t count) {
        ListBuilder list;
        list.init_pointers(spot, count);
        return list;
    }
    AnyBuilder operator[](std::uint32_t index) const { return AnyBuilder(spot(index)); }
};

template <typename T>
ListBuilder<T> MessageBuilder::init_root_list(std::uint32_t count) {
    return ListBuilder<T>::init({this, rooms_, ok() ? rooms_->begin : nullptr}, count);
}

}  // namespace tessera::message
