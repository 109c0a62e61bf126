// Structs, lists, texts and pointers of a message, where they lie: nothing is copied.
//
// What a message does not have (an older writer's, or a pointer that is null) reads as the default. What is wrong with it reads as
// empty, and MessageReader::fault() says so.
#pragma once

#include <string_view>
#include <type_traits>

#include <tessera/message/message_reader.hpp>

namespace tessera::message {

// A list's elements, of whatever size: what the typed lists below stand on.
struct RawList {
    MessageReader* message = nullptr;
    const Segment* segment = nullptr;
    const unsigned char* begin = nullptr;
    std::uint32_t count = 0;
    std::uint32_t step_bits = 0;  // from one element to the next
    std::uint32_t data_bits = 0;  // of numbers in each
    std::uint16_t pointers = 0;   // behind the numbers of each
    std::uint16_t depth = 0;
    ElementSize size = ElementSize::Void;
};

namespace detail {

template <ElementSize wanted>
inline RawList read_composite(const Place& place, const Found& found) {
    const std::uint32_t words = found.pointer.count();
    if (!inside(found, std::uint64_t{words} + 1)) [[unlikely]] {
        place.message->fail(Fault::Bounds);
        return {};
    }
    const Pointer tag{load<std::uint64_t>(address(found))};
    const std::uint32_t step = tag.data_words() + tag.pointers();
    const std::uint32_t count = tag.tag_count();
    if (tag.kind() != PointerKind::Struct || std::uint64_t{count} * step > words) [[unlikely]] {
        place.message->fail(Fault::Bounds);
        return {};
    }
    // Structs of no size cost as if they had one word: a list of them can be as long as it likes in no space.
    if (!place.message->charge(std::uint64_t{words} + 1 + (step == 0 ? count : 0))) [[unlikely]] {
        return {};
    }
    const bool fits = wanted == ElementSize::Composite || wanted == ElementSize::Void ||
                      (wanted == ElementSize::Pointer ? tag.pointers() > 0
                                                      : wanted != ElementSize::Bit && tag.data_words() > 0);
    if (!fits) [[unlikely]] {
        place.message->fail(Fault::Kind);
        return {};
    }
    return {place.message,
            found.segment,
            address(found) + kWordBytes,
            count,
            step * 64,
            tag.data_words() * 64,
            static_cast<std::uint16_t>(tag.pointers()),
            static_cast<std::uint16_t>(place.depth - 1),
            ElementSize::Composite};
}

// `wanted`: what the schema says. Longer elements are read by their beginning, and structs take the place of numbers and the
// other way round, as the schema may have changed.
template <ElementSize wanted>
inline RawList read_list(const Place& place) {
    if (place.is_null()) {
        return {};
    }
    const Found found = follow(place);
    if (found.segment == nullptr) [[unlikely]] {
        return {};
    }
    if (found.pointer.kind() != PointerKind::List) [[unlikely]] {
        place.message->fail(Fault::Kind);
        return {};
    }
    if (place.depth == 0) [[unlikely]] {
        place.message->fail(Fault::Depth);
        return {};
    }
    const ElementSize size = found.pointer.element();
    if (size == ElementSize::Composite) {
        return read_composite<wanted>(place, found);
    }
    const std::uint32_t bits = bits_of(size);
    const std::uint32_t count = found.pointer.count();
    const std::uint64_t words = (std::uint64_t{count} * bits + 63) / 64;
    if (!inside(found, words)) [[unlikely]] {
        place.message->fail(Fault::Bounds);
        return {};
    }
    if (!place.message->charge(size == ElementSize::Void ? count : words)) [[unlikely]] {
        return {};
    }
    const bool pointer = size == ElementSize::Pointer;
    const std::uint32_t data_bits = pointer ? 0 : bits;
    const bool fits = wanted == size || wanted == ElementSize::Void ||
                      (wanted == ElementSize::Composite ? size != ElementSize::Bit
                                                        : wanted != ElementSize::Pointer && wanted != ElementSize::Bit &&
                                                              size != ElementSize::Bit && data_bits >= bits_of(wanted));
    if (!fits) [[unlikely]] {
        place.message->fail(Fault::Kind);
        return {};
    }
    return {place.message,
            found.segment,
            address(found),
            count,
            bits,
            data_bits,
            static_cast<std::uint16_t>(pointer ? 1 : 0),
            static_cast<std::uint16_t>(place.depth - 1),
            size};
}

// Bytes that are no list of bytes: longer elements are not taken for them.
[[gnu::noinline, gnu::cold]] inline void refuse_bytes(const Place& place, const Found& found, std::uint64_t words) {
    if (found.segment == nullptr) {
        return;  // it is said already
    }
    if (found.pointer.kind() != PointerKind::List || found.pointer.element() != ElementSize::Byte) {
        place.message->fail(Fault::Kind);
    } else {
        place.message->fail(!inside(found, words) ? Fault::Bounds : Fault::Depth);
    }
}

// Of a pointer that is not null; a null address is a fault, or an empty list of no address.
[[gnu::always_inline]] inline std::span<const std::byte> read_some_bytes(const Place& place) {
    const Found found = follow(place);
    const std::uint32_t count = found.pointer.count();
    const std::uint64_t words = (std::uint64_t{count} + 7) / 8;
    const bool fine = found.segment != nullptr && (found.pointer.raw & 0x700000003U) == 0x200000001U &&
                      inside(found, words) && place.depth != 0;
    if (!fine) [[unlikely]] {
        refuse_bytes(place, found, words);
        return {};
    }
    if (!place.message->charge(words)) [[unlikely]] {
        return {};
    }
    return {reinterpret_cast<const std::byte*>(address(found)), count};
}

[[gnu::always_inline]] inline std::span<const std::byte> read_bytes(const Place& place) {
    return place.is_null() ? std::span<const std::byte>{} : read_some_bytes(place);
}

[[gnu::always_inline]] inline std::string_view read_text(const Place& place) {
    if (place.is_null()) {
        return {};
    }
    const std::span<const std::byte> bytes = read_some_bytes(place);
    if (bytes.empty() || bytes.back() != std::byte{0}) [[unlikely]] {
        place.message->fail(Fault::Text);  // if nothing was said before
        return {};
    }
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size() - 1};
}

}  // namespace detail

class AnyReader;

class StructReader {
  public:
    StructReader() = default;
    StructReader(MessageReader* message,
                 const Segment* segment,
                 const unsigned char* data,
                 const unsigned char* pointers,
                 std::uint32_t data_bits,
                 std::uint16_t pointer_count,
                 std::uint16_t depth)
        : message_(message), segment_(segment), data_(data), pointers_(pointers), data_bits_(data_bits),
          pointer_count_(pointer_count), depth_(depth) {}

    [[gnu::always_inline]] static StructReader at(const Place& place) {
        if (place.is_null()) {
            return empty(place.message);
        }
        const Found found = detail::follow(place);
        if (found.segment == nullptr) [[unlikely]] {
            return empty(place.message);
        }
        const std::uint32_t data_words = found.pointer.data_words();
        const std::uint32_t pointers = found.pointer.pointers();
        if (found.pointer.kind() != PointerKind::Struct) [[unlikely]] {
            return broken(place, Fault::Kind);
        }
        if (!detail::inside(found, data_words + pointers)) [[unlikely]] {
            return broken(place, Fault::Bounds);
        }
        if (place.depth == 0) [[unlikely]] {
            return broken(place, Fault::Depth);
        }
        if (!place.message->charge(data_words + pointers)) [[unlikely]] {
            return empty(place.message);
        }
        const unsigned char* const data = detail::address(found);
        return {place.message,
                found.segment,
                data,
                data + data_words * kWordBytes,
                data_words * 64,
                static_cast<std::uint16_t>(pointers),
                static_cast<std::uint16_t>(place.depth - 1)};
    }

    // `offset` in units of T. What lies behind the struct's end is 0, which is the default: stored numbers are combined with it.
    template <typename T>
    [[nodiscard, gnu::always_inline]] T number(std::uint32_t offset) const {
        return (offset + 1) * sizeof(T) * 8 <= data_bits_ ? load<T>(data_ + offset * sizeof(T)) : T{};
    }
    [[nodiscard, gnu::always_inline]] bool bit(std::uint32_t offset) const {
        return offset < data_bits_ && (data_[offset / 8] >> (offset % 8) & 1U) != 0;
    }
    [[nodiscard, gnu::always_inline]] Place pointer(std::uint32_t index) const {
        return {message_, segment_, index < pointer_count_ ? pointers_ + index * kWordBytes : nullptr, depth_};
    }
    // With what the schema says for a pointer that is null: a message of one segment, of the program's own.
    [[nodiscard]] Place pointer(std::uint32_t index, const Segment& otherwise) const {
        const Place place = pointer(index);
        return place.is_null() ? Place{message_, &otherwise, otherwise.begin, kDefaultDepth} : place;
    }
    [[nodiscard]] std::uint32_t capability(std::uint32_t index) const {
        const Place place = pointer(index);
        if (place.is_null()) {
            return kNoCapability;
        }
        const Pointer found{load<std::uint64_t>(place.at)};
        if (!found.is_capability()) {
            message_->fail(Fault::Kind);
            return kNoCapability;
        }
        return found.capability();
    }
    static constexpr std::uint32_t kNoCapability = 0xffffffff;

    [[nodiscard]] MessageReader* message() const { return message_; }
    [[nodiscard]] std::uint32_t data_bits() const { return data_bits_; }
    [[nodiscard]] std::uint32_t pointer_count() const { return pointer_count_; }
    [[nodiscard]] const unsigned char* data() const { return data_; }

    // A value that a strict enum or union does not list.
    template <typename T>
    [[nodiscard]] T known(T value, std::uint16_t count) const {
        if (static_cast<std::uint16_t>(value) >= count && message_ != nullptr) [[unlikely]] {
            message_->fail(Fault::Unknown);
        }
        return value;
    }

  private:
    static constexpr std::uint16_t kDefaultDepth = 64;
    static StructReader empty(MessageReader* message) { return {message, nullptr, nullptr, nullptr, 0, 0, 0}; }
    [[gnu::cold]] static StructReader broken(const Place& place, Fault fault) {
        place.message->fail(fault);
        return empty(place.message);
    }

    MessageReader* message_ = nullptr;
    const Segment* segment_ = nullptr;
    const unsigned char* data_ = nullptr;
    const unsigned char* pointers_ = nullptr;
    std::uint32_t data_bits_ = 0;
    std::uint16_t pointer_count_ = 0;
    std::uint16_t depth_ = 0;
};

template <typename T>
typename T::Reader MessageReader::root() {
    return typename T::Reader(StructReader::at(root_place()));
}

struct Text {};
struct Data {};
struct Void {};
struct Any {};

template <typename T>
class ListReader;

namespace detail {

// How a list's elements are read, by what a schema calls them: numbers and enums here, the rest below.
template <typename T, typename = void>
struct Element {
    static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
    using Reader = T;
    static constexpr ElementSize kSize = sizeof(T) == 1   ? ElementSize::Byte
                                         : sizeof(T) == 2 ? ElementSize::Two
                                         : sizeof(T) == 4 ? ElementSize::Four
                                                          : ElementSize::Eight;
    [[gnu::always_inline]] static T get(const RawList& list, std::uint32_t index) {
        return load<T>(list.begin + std::uint64_t{index} * list.step_bits / 8);
    }
};
template <>
struct Element<bool> {
    using Reader = bool;
    static constexpr ElementSize kSize = ElementSize::Bit;
    static bool get(const RawList& list, std::uint32_t index) {
        return (list.begin[index / 8] >> (index % 8) & 1U) != 0;
    }
};
template <>
struct Element<Void> {
    using Reader = Void;
    static constexpr ElementSize kSize = ElementSize::Void;
    static Void get(const RawList&, std::uint32_t) { return {}; }
};
[[gnu::always_inline]] inline Place element_pointer(const RawList& list, std::uint32_t index) {
    return {list.message, list.segment, list.begin + (std::uint64_t{index} * list.step_bits + list.data_bits) / 8, list.depth};
}
template <>
struct Element<Text> {
    using Reader = std::string_view;
    static constexpr ElementSize kSize = ElementSize::Pointer;
    static Reader get(const RawList& list, std::uint32_t index) { return read_text(element_pointer(list, index)); }
};
template <>
struct Element<Data> {
    using Reader = std::span<const std::byte>;
    static constexpr ElementSize kSize = ElementSize::Pointer;
    static Reader get(const RawList& list, std::uint32_t index) { return read_bytes(element_pointer(list, index)); }
};
template <typename T>
struct Element<T, std::void_t<decltype(T::kSize)>> {
    using Reader = typename T::Reader;
    static constexpr ElementSize kSize = ElementSize::Composite;
    [[gnu::always_inline]] static StructReader raw(const RawList& list, std::uint32_t index) {
        const unsigned char* const data = list.begin + std::uint64_t{index} * list.step_bits / 8;
        return {list.message, list.segment, data, data + list.data_bits / 8, list.data_bits, list.pointers, list.depth};
    }
    static Reader get(const RawList& list, std::uint32_t index) { return Reader(raw(list, index)); }
};
// Any struct, without a schema.
struct AnyStruct {
    static constexpr StructSize kSize{0, 0};
    using Reader = StructReader;
};

}  // namespace detail

template <typename T>
struct List {};

// A list; an index outside of it gives an empty element.
template <typename T>
class ListReader {
  public:
    using Reader = typename detail::Element<T>::Reader;

    ListReader() = default;
    explicit ListReader(const RawList& list) : list_(list) {}
    static ListReader at(const Place& place) { return ListReader(detail::read_list<detail::Element<T>::kSize>(place)); }

    [[nodiscard]] std::uint32_t size() const { return list_.count; }
    [[nodiscard]] bool empty() const { return list_.count == 0; }
    [[gnu::always_inline]] Reader operator[](std::uint32_t index) const {
        return index < list_.count ? detail::Element<T>::get(list_, index) : Reader{};
    }
    [[nodiscard]] const RawList& raw() const { return list_; }

    // Whole bytes from element to element: goes on by addition.
    class Stepping {
      public:
        Stepping(const RawList& list, std::uint32_t index)
            : list_(list), left_(list.count - index), step_(list.step_bits / 8) {}
        [[gnu::always_inline]] Reader operator*() const { return detail::Element<T>::get(list_, 0); }
        [[gnu::always_inline]] Stepping& operator++() {
            list_.begin += step_;
            --left_;
            return *this;
        }
        bool operator==(const Stepping& other) const { return left_ == other.left_; }

      private:
        RawList list_;
        std::uint32_t left_;
        std::uint32_t step_;
    };
    class Counting {
      public:
        Counting(const RawList& list, std::uint32_t index) : list_(list), index_(index) {}
        Reader operator*() const { return detail::Element<T>::get(list_, index_); }
        Counting& operator++() {
            ++index_;
            return *this;
        }
        bool operator==(const Counting& other) const { return index_ == other.index_; }

      private:
        RawList list_;
        std::uint32_t index_;
    };
    using Iterator = std::conditional_t<std::is_same_v<T, bool>, Counting, Stepping>;
    [[nodiscard]] Iterator begin() const { return {list_, 0}; }
    [[nodiscard]] Iterator end() const { return {list_, list_.count}; }

  private:
    RawList list_{};
};

template <typename T>
ListReader<T> MessageReader::root_list() {
    return ListReader<T>::at(root_place());
}

namespace detail {

template <typename T>
struct Element<List<T>> {
    using Reader = ListReader<T>;
    static constexpr ElementSize kSize = ElementSize::Pointer;
    static Reader get(const RawList& list, std::uint32_t index) {
        return ListReader<T>::at(element_pointer(list, index));
    }
};

}  // namespace detail

// A pointer to whatever it is.
class AnyReader {
  public:
    AnyReader() = default;
    explicit AnyReader(const Place& place) : place_(place) {}

    [[nodiscard]] bool is_null() const { return place_.is_null(); }
    template <typename T>
    [[nodiscard]] typename T::Reader as() const {
        return typename T::Reader(StructReader::at(place_));
    }
    template <typename T>
    [[nodiscard]] ListReader<T> list() const {
        return ListReader<T>::at(place_);
    }
    [[nodiscard]] std::string_view text() const { return detail::read_text(place_); }
    [[nodiscard]] std::span<const std::byte> data() const { return detail::read_bytes(place_); }
    [[nodiscard]] const Place& place() const { return place_; }

  private:
    Place place_{};
};

namespace detail {

template <>
struct Element<Any> {
    using Reader = AnyReader;
    static constexpr ElementSize kSize = ElementSize::Pointer;
    static Reader get(const RawList& list, std::uint32_t index) { return AnyReader(element_pointer(list, index)); }
};

}  // namespace detail
}  // namespace tessera::message
