// The costliest programs so far: mutants are made of them again, so that what is tried climbs towards the worst cost
// for each byte of a file.
#pragma once

#include "test/fuzz/mutator.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tessera::fuzz {

// What reading and checking one file took.
struct Cost {
    double bytes = 0;        // of memory, at its peak
    double nanoseconds = 0;  // of processor time
};

class Climber {
  public:
    // Kept if it is among the costliest by memory or by time.
    void note(const Bytes& program, const Cost& cost);

    [[nodiscard]] bool empty() const { return memory_.empty(); }
    // Mutant number `number` of one that is kept.
    [[nodiscard]] Bytes mutant(std::uint64_t number) const;

    // The worst costs for each byte of a file, as one line.
    [[nodiscard]] std::string report() const;

  private:
    struct Kept {
        double ratio;
        Bytes program;
    };
    static void keep(std::vector<Kept>& best, double ratio, const Bytes& program);

    std::vector<Kept> memory_;  // the costliest first
    std::vector<Kept> time_;
};

}  // namespace tessera::fuzz
