#include "test/fuzz/mutator.h"

#include "safeir/prove/prove_module.h"
#include "safeir/read/read_program.h"
#include "safeir/wire/byte_reader.h"
#include "safeir/wire/format.h"

#include "llvm/IR/Module.h"

#include <algorithm>
#include <cstring>

namespace tessera::fuzz {
namespace {

using namespace safeir::wire;

constexpr std::uint64_t kInteresting[] = {
    0,     1,          2,          3,          4,          7,          8,          15,   16,   31,
    32,    63,         64,         127,        128,        255,        256,        4095, 4096, 65535,
    65536, 0x7ffffffe, 0x7fffffff, 0x80000000, 0xffffffff, 1ULL << 32, ~0ULL >> 1, ~0ULL};

void append_varint(Bytes& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) {
        out.push_back(static_cast<std::byte>(value | 0x80));
    }
    out.push_back(static_cast<std::byte>(value));
}

// The claimed size becomes the real one, so that a mutant gets past the header.
void mend_size(Bytes& bytes) {
    if (bytes.size() >= kHeaderBytes) {
        const std::uint64_t size = bytes.size();
        std::memcpy(bytes.data() + 8, &size, sizeof size);
    }
}

// Walks over the tables of a well-formed file to its function bodies.
class Tables {
  public:
    explicit Tables(const Bytes& bytes) : begin_(bytes.data()), in_(bytes) {}

    std::vector<std::pair<std::size_t, std::size_t>> bodies() {
        (void)in_.bytes(kHeaderBytes);
        repeat([this] { text(); });
        std::vector<std::pair<unsigned, unsigned>> types(kFirstTableType);  // element code, lanes
        for (std::uint64_t count = in_.varint(); count > 0 && !in_.failed(); --count) {
            if (in_.byte() == kVectorType) {
                const unsigned element = in_.varint32();
                types.emplace_back(element, in_.varint32());
            } else {
                types.emplace_back();
                repeat([this] { skip(1); });
            }
        }
        repeat([&] { constant(types); });
        repeat([this] {
            skip(1);
            repeat([this] { skip(1); });
        });
        repeat([this] { skip(2); });
        repeat([this] { skip(3); });
        repeat([this] { skip(4); });
        const std::uint64_t functions = in_.varint();
        skip(functions * 4);
        repeat([this] {
            skip(2);
            repeat([this] { skip(2); });
        });
        repeat([this] { text(); });
        skip(4);
        repeat([this] {
            skip(1);
            text();
        });
        repeat([this] { skip(2); });
        std::vector<std::pair<std::size_t, std::size_t>> found;
        for (std::uint64_t i = 0; i < functions && !in_.failed(); ++i) {
            const auto body = in_.bytes(in_.varint());
            const auto at = static_cast<std::size_t>(body.data() - begin_);
            found.emplace_back(at, at + body.size());
        }
        return in_.failed() ? std::vector<std::pair<std::size_t, std::size_t>>{} : found;
    }

  private:
    template <typename Action>
    void repeat(Action action) {
        for (std::uint64_t count = in_.varint(); count > 0 && !in_.failed(); --count) {
            action();
        }
    }
    void skip(std::uint64_t varints) {
        for (; varints > 0 && !in_.failed(); --varints) {
            in_.varint();
        }
    }
    void text() { (void)in_.bytes(in_.varint()); }
    void scalar(unsigned code) {
        if (code == kF32 || code == kF64) {
            (void)in_.bytes(code == kF32 ? 4 : 8);
        } else {
            skip(code == kI128 ? 2 : 1);
        }
    }
    void constant(const std::vector<std::pair<unsigned, unsigned>>& types) {
        const unsigned code = in_.varint32();
        const std::uint8_t tag = in_.byte();
        if (code < kFirstTableType || code >= types.size()) {
            scalar(code);
            return;
        }
        for (unsigned i = 0; i < (tag == kElements ? types[code].second : 1); ++i) {
            scalar(types[code].first);
        }
    }

    const std::byte* begin_;
    safeir::ByteReader in_;
};

std::uint64_t number(Random& random) {
    switch (random.below(4)) {
    case 0:
        return kInteresting[random.below(std::size(kInteresting))];
    case 1:
        return random.next() >> random.below(64);
    default:
        return random.below(48);
    }
}

}  // namespace

Bytes with_proofs(const Bytes& file) {
    const auto program = safeir::read_program(file, {});
    const auto bodies = Tables(file).bodies();
    if (!program || bodies.empty()) {
        return file;
    }
    const safeir::ModuleProofs proofs(program->functions);
    Bytes size;
    append_varint(size, bodies.front().second - bodies.front().first);
    const auto at = [&](std::size_t offset) { return file.begin() + static_cast<std::ptrdiff_t>(offset); };
    Bytes result(file.begin(), at(bodies.front().first - size.size()));
    auto body = bodies.begin();
    for (const safeir::FunctionNotes& notes : program->functions) {
        const std::vector<std::byte>* proof = proofs.of(*notes.function);
        const std::size_t end = body->second - notes.proof.size();
        append_varint(result, end - body->first + (proof != nullptr ? proof->size() : 0));
        result.insert(result.end(), at(body->first), at(end));
        if (proof != nullptr) {
            result.insert(result.end(), proof->begin(), proof->end());
        }
        ++body;
    }
    mend_size(result);
    return result;
}

Mutator::Mutator(std::vector<Bytes> seeds) {
    for (Bytes& seed : seeds) {
        auto bodies = Tables(seed).bodies();
        seeds_.push_back({std::move(seed), std::move(bodies)});
    }
}

Bytes Mutator::mutant(std::uint64_t which) const {
    Random random(which * 0x2545f4914f6cdd1dU + 1);
    const Seed& seed = seeds_[random.below(seeds_.size())];
    Bytes bytes = seed.bytes;
    if (random.chance(64)) {
        // Nothing but noise behind a good header.
        bytes.resize(std::min<std::size_t>(bytes.size(), kHeaderBytes));
        for (std::size_t i = random.below(200); i > 0; --i) {
            bytes.push_back(static_cast<std::byte>(random.next()));
        }
    } else if (!seed.bodies.empty() && !random.chance(3)) {
        mutate_body(bytes, seed, random);
    } else {
        mutate_bytes(bytes, random);
    }
    if (!random.chance(50)) {
        mend_size(bytes);
    }
    return random.chance(2) ? with_proofs(bytes) : bytes;
}

void Mutator::mutate_bytes(Bytes& bytes, Random& random) const {
    for (std::size_t times = 1 + random.below(4); times > 0 && !bytes.empty(); --times) {
        const std::size_t at = random.chance(16)
                                   ? random.below(bytes.size())
                                   : std::min(kHeaderBytes + random.below(bytes.size()), bytes.size() - 1);
        const auto where = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        switch (random.below(8)) {
        case 0:
            bytes.resize(at);
            break;
        case 1:
            bytes[at] ^= static_cast<std::byte>(1U << random.below(8));
            break;
        case 2:
            bytes[at] = static_cast<std::byte>(random.next());
            break;
        case 3: {
            Bytes encoded;
            append_varint(encoded, number(random));
            bytes.erase(where);
            bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), encoded.begin(), encoded.end());
            break;
        }
        case 4:
            bytes.erase(where, where + static_cast<std::ptrdiff_t>(std::min(1 + random.below(8), bytes.size() - at)));
            break;
        case 5:
            bytes.insert(where, 1 + random.below(4), static_cast<std::byte>(random.next()));
            break;
        case 6: {
            // A piece of another file, over or into this one.
            const Bytes& other = seeds_[random.below(seeds_.size())].bytes;
            const std::size_t from = random.below(other.size());
            const std::size_t size = std::min(1 + random.below(64), other.size() - from);
            const Bytes piece(other.begin() + static_cast<std::ptrdiff_t>(from),
                              other.begin() + static_cast<std::ptrdiff_t>(from + size));
            if (random.chance(2)) {
                bytes.insert(where, piece.begin(), piece.end());
            } else {
                std::copy_n(piece.begin(), std::min(size, bytes.size() - at), where);
            }
            break;
        }
        default:
            bytes[at] = static_cast<std::byte>(std::to_integer<unsigned>(bytes[at]) + random.below(5) - 2);
            break;
        }
    }
}

// Instructions change, come and go inside one function, whose length is mended.
void Mutator::mutate_body(Bytes& bytes, const Seed& seed, Random& random) const {
    const auto [begin, end] = seed.bodies[random.below(seed.bodies.size())];
    const auto iterator = [&](std::size_t at) { return seed.bytes.begin() + static_cast<std::ptrdiff_t>(at); };
    Bytes body(iterator(begin), iterator(end));
    for (std::size_t times = 1 + random.below(3); times > 0 && body.size() > 1; --times) {
        const std::size_t at = 1 + random.below(body.size() - 1);
        const auto where = body.begin() + static_cast<std::ptrdiff_t>(at);
        switch (random.below(6)) {
        case 0:
            body[at] = static_cast<std::byte>(number(random) & 0x7f);
            break;
        case 1:
            body[at] = static_cast<std::byte>(std::to_integer<unsigned>(body[at]) + random.below(9) - 4);
            break;
        case 2: {
            Bytes encoded;
            append_varint(encoded, number(random));
            body.erase(where);
            body.insert(body.begin() + static_cast<std::ptrdiff_t>(at), encoded.begin(), encoded.end());
            break;
        }
        case 3:
            body.erase(where, where + static_cast<std::ptrdiff_t>(std::min(1 + random.below(6), body.size() - at)));
            break;
        case 4: {
            // A run of the same body again: often whole instructions.
            const std::size_t from = random.below(body.size());
            const std::size_t size = std::min(1 + random.below(12), body.size() - from);
            const Bytes piece(body.begin() + static_cast<std::ptrdiff_t>(from),
                              body.begin() + static_cast<std::ptrdiff_t>(from + size));
            body.insert(body.begin() + static_cast<std::ptrdiff_t>(at), piece.begin(), piece.end());
            break;
        }
        default: {
            // An instruction made up: an operation and a few small operands.
            Bytes made = {static_cast<std::byte>(1 + random.below(102))};
            for (std::size_t i = random.below(5); i > 0; --i) {
                append_varint(made, random.below(24));
            }
            body.insert(where, made.begin(), made.end());
            break;
        }
        }
    }
    // The length stands right before the body, in as many bytes as it takes.
    std::size_t length_bytes = 1;
    for (std::size_t size = end - begin; size >= 0x80; size >>= 7U) {
        ++length_bytes;
    }
    bytes.assign(seed.bytes.begin(), iterator(begin - length_bytes));
    append_varint(bytes, body.size());
    bytes.insert(bytes.end(), body.begin(), body.end());
    bytes.insert(bytes.end(), iterator(end), seed.bytes.end());
}

}  // namespace tessera::fuzz
