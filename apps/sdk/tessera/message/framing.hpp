// Messages as they are sent and stored: with a table of segments before them, and packed (a byte that says which of the next
// word's bytes are not 0, and these).
#pragma once

#include <tessera/message/message_builder.hpp>

namespace tessera::message {

// The segments of a message with a table, in the caller's array. `bytes`: how long it is; 0 on a fault (cut off, or more
// segments than the array holds).
struct Framed {
    std::span<const Segment> segments{};
    std::size_t bytes = 0;
};

[[nodiscard]] inline Framed read_frame(std::span<const std::byte> bytes, std::span<Segment> into) {
    const auto* const at = reinterpret_cast<const unsigned char*>(bytes.data());
    if (bytes.size() < kWordBytes) {
        return {};
    }
    const std::uint64_t count = std::uint64_t{load<std::uint32_t>(at)} + 1;
    std::uint64_t position = (count / 2 + 1) * kWordBytes;  // the count and the sizes, to a whole word
    if (count > into.size() || position > bytes.size()) {
        return {};
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t words = load<std::uint32_t>(at + 4 + std::size_t{i} * 4);
        if (words > (bytes.size() - position) / kWordBytes) {
            return {};
        }
        into[i] = {at + position, words};
        position += std::uint64_t{words} * kWordBytes;
    }
    return {into.first(static_cast<std::size_t>(count)), static_cast<std::size_t>(position)};
}

// How many bytes write_frame needs.
[[nodiscard]] inline std::size_t frame_bytes(const MessageBuilder& message) {
    std::size_t bytes = (message.segment_count() / 2 + 1) * kWordBytes;
    for (std::uint32_t i = 0; i < message.segment_count(); ++i) {
        bytes += message.segment(i).words * kWordBytes;
    }
    return bytes;
}

// Empty if the room is too small.
[[nodiscard]] inline std::span<const std::byte> write_frame(const MessageBuilder& message, std::span<std::byte> room) {
    if (room.size() < frame_bytes(message)) {
        return {};
    }
    auto* at = reinterpret_cast<unsigned char*>(room.data());
    const std::uint32_t count = message.segment_count();
    store(at, count - 1);
    for (std::uint32_t i = 0; i < count; ++i) {
        store(at + 4 + std::size_t{i} * 4, message.segment(i).words);
    }
    if (count % 2 == 0) {
        store(at + 4 + std::size_t{count} * 4, std::uint32_t{0});
    }
    at += (count / 2 + 1) * kWordBytes;
    for (std::uint32_t i = 0; i < count; ++i) {
        const Segment segment = message.segment(i);
        std::memcpy(at, segment.begin, segment.words * kWordBytes);
        at += segment.words * kWordBytes;
    }
    return room.first(frame_bytes(message));
}

struct Packed {
    std::span<std::byte> bytes{};
    Fault fault = Fault::None;  // Framing: it makes no sense; Room: it does not fit
};

// `words`: whole words, with or without a table. At most 1/8 and two bytes longer than they are.
[[nodiscard]] inline Packed pack(std::span<const std::byte> words, std::span<std::byte> room) {
    const auto* in = reinterpret_cast<const unsigned char*>(words.data());
    const auto* const end = in + words.size() / kWordBytes * kWordBytes;
    auto* out = reinterpret_cast<unsigned char*>(room.data());
    const auto* const limit = out + room.size();
    const auto literals = [&](const unsigned char* from) {  // words without two zeros in them, which go as they are
        const unsigned char* at = from;
        while (at < end && at < from + std::size_t{255} * kWordBytes) {
            unsigned zeros = 0;
            for (unsigned i = 0; i < kWordBytes; ++i) {
                zeros += at[i] == 0 ? 1 : 0;
            }
            if (zeros >= 2) {
                break;
            }
            at += kWordBytes;
        }
        return at;
    };
    while (in < end) {
        if (limit - out < 10) {
            return {{}, Fault::Room};
        }
        unsigned char* const tag = out++;
        unsigned bits = 0;
        for (unsigned i = 0; i < kWordBytes; ++i) {
            if (in[i] != 0) {
                bits |= 1U << i;
                *out++ = in[i];
            }
        }
        *tag = static_cast<unsigned char>(bits);
        in += kWordBytes;
        if (bits == 0) {
            const unsigned char* at = in;
            while (at < end && at < in + std::size_t{255} * kWordBytes && load<std::uint64_t>(at) == 0) {
                at += kWordBytes;
            }
            *out++ = static_cast<unsigned char>(static_cast<std::size_t>(at - in) / kWordBytes);
            in = at;
        } else if (bits == 0xff) {
            const unsigned char* const at = literals(in);
            const auto size = static_cast<std::size_t>(at - in);
            if (static_cast<std::size_t>(limit - out) < size + 1) {
                return {{}, Fault::Room};
            }
            *out++ = static_cast<unsigned char>(size / kWordBytes);
            std::memcpy(out, in, size);
            out += size;
            in = at;
        }
    }
    return {room.first(static_cast<std::size_t>(reinterpret_cast<std::byte*>(out) - room.data())), Fault::None};
}

[[nodiscard]] inline Packed unpack(std::span<const std::byte> packed, std::span<std::byte> room) {
    const auto* in = reinterpret_cast<const unsigned char*>(packed.data());
    const auto* const end = in + packed.size();
    auto* out = reinterpret_cast<unsigned char*>(room.data());
    const auto* const limit = out + room.size();
    while (in < end) {
        const unsigned tag = *in++;
        const auto needed = static_cast<std::ptrdiff_t>(std::popcount(tag));
        const bool counted = tag == 0 || tag == 0xff;
        if (end - in < needed + (counted ? 1 : 0)) {
            return {{}, Fault::Framing};
        }
        if (limit - out < static_cast<std::ptrdiff_t>(kWordBytes)) {
            return {{}, Fault::Room};
        }
        for (unsigned i = 0; i < kWordBytes; ++i) {
            *out++ = (tag >> i & 1U) != 0 ? *in++ : static_cast<unsigned char>(0);
        }
        if (!counted) {
            continue;
        }
        const std::size_t size = std::size_t{*in++} * kWordBytes;
        if (static_cast<std::size_t>(limit - out) < size) {
            return {{}, Fault::Room};
        }
        if (tag == 0) {
            std::memset(out, 0, size);
        } else if (static_cast<std::size_t>(end - in) < size) {
            return {{}, Fault::Framing};
        } else {
            std::memcpy(out, in, size);
            in += size;
        }
        out += size;
    }
    return {room.first(static_cast<std::size_t>(reinterpret_cast<std::byte*>(out) - room.data())), Fault::None};
}

}  // namespace tessera::message
