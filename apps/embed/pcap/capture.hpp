// Capture files: one in memory, its packets, and one that is made up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

using Bytes = std::vector<std::byte>;

inline Bytes read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    Bytes bytes(text.size());
    std::memcpy(bytes.data(), text.data(), text.size());
    return bytes;
}

// Where the whole packets are. Empty where the file is none of its kind.
inline std::vector<std::span<const std::byte>> packets_of(std::span<const std::byte> capture) {
    constexpr std::uint32_t kMagic = 0xa1b2c3d4;
    std::vector<std::span<const std::byte>> packets;
    std::uint32_t magic = 0;
    if (capture.size() < 24) {
        return packets;
    }
    std::memcpy(&magic, capture.data(), sizeof magic);
    for (std::size_t at = 24; magic == kMagic && capture.size() - at >= 16;) {
        std::uint32_t bytes = 0;
        std::memcpy(&bytes, capture.data() + at + 8, sizeof bytes);
        at += 16;
        if (bytes > capture.size() - at) {
            break;
        }
        packets.push_back(capture.subspan(at, bytes));
        at += bytes;
    }
    return packets;
}

// Traffic of many kinds, some of it cut off or nonsense; the same each time.
inline Bytes make_capture(std::size_t count) {
    std::uint64_t state = 0x9e3779b97f4a7c15;
    const auto random = [&](std::uint64_t below) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state % below;
    };
    Bytes capture;
    const auto put = [&](auto value) {
        const auto* bytes = reinterpret_cast<const std::byte*>(&value);
        capture.insert(capture.end(), bytes, bytes + sizeof value);
    };
    for (const std::uint32_t word : {0xa1b2c3d4U, 0x00040002U, 0U, 0U, 65535U, 1U}) {
        put(word);
    }
    constexpr std::uint16_t kPorts[] = {53, 443, 80, 22, 8080, 53, 443};
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<std::uint8_t> frame(60 + random(200));
        for (auto& byte : frame) {
            byte = static_cast<std::uint8_t>(random(256));
        }
        const bool is_ip = random(10) != 0;
        frame[12] = is_ip ? 0x08 : 0x86;
        frame[13] = is_ip ? 0x00 : 0xdd;
        const auto words = random(4) == 0 ? 5 + random(11) : 5;
        frame[14] = static_cast<std::uint8_t>(0x40 | words);
        if (random(8) != 0) {
            frame[20] = 0x40;
            frame[21] = 0;
        }
        frame[23] = random(2) == 0 ? 6 : random(3) == 0 ? 1 : 17;
        const auto ports = 14 + words * 4;
        if (ports + 4 <= frame.size()) {
            const auto port = kPorts[random(std::size(kPorts))];
            const auto where = ports + 2 * random(2);
            frame[where] = static_cast<std::uint8_t>(port >> 8);
            frame[where + 1] = static_cast<std::uint8_t>(port);
        }
        if (random(20) == 0) {
            frame.resize(random(frame.size()));
        }
        put(static_cast<std::uint32_t>(i / 1000));
        put(static_cast<std::uint32_t>(i % 1000));
        put(static_cast<std::uint32_t>(frame.size()));
        put(static_cast<std::uint32_t>(frame.size()));
        for (const auto byte : frame) {
            capture.push_back(std::byte{byte});
        }
    }
    return capture;
}
