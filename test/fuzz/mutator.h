// Mutants of .sir files: the same ones for the same seed on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace tessera::fuzz {

using Bytes = std::vector<std::byte>;

// splitmix64: small, and good enough to choose what to break.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31U);
    }
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : next() % bound; }
    bool chance(unsigned of) { return below(of) == 0; }

  private:
    std::uint64_t state_;
};

// The file with the proofs that can be found for its functions, instead of those that it has. What can't be read stays.
[[nodiscard]] Bytes with_proofs(const Bytes& file);

class Mutator {
  public:
    explicit Mutator(std::vector<Bytes> seeds);
    // Mutant number `number`: the same for the same seeds, on its own.
    [[nodiscard]] Bytes mutant(std::uint64_t number) const;

  private:
    struct Seed {
        Bytes bytes;
        std::vector<std::pair<std::size_t, std::size_t>> bodies;  // begin and end of the function bodies' content
    };
    void mutate_bytes(Bytes& bytes, Random& random) const;
    void mutate_body(Bytes& bytes, const Seed& seed, Random& random) const;

    std::vector<Seed> seeds_;
};

}  // namespace tessera::fuzz
