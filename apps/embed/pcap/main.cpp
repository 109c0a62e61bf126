// A packet filter that is a verified program: pcap-filter FILTER.sir CAPTURE.pcap [--bench]
// or pcap-filter --make CAPTURE.pcap PACKETS
//
// The capture lies in the host's memory, and the filter reads it there: one call for all of its packets. The same
// filter as native code and, where libpcap is there, libpcap's own compiler and interpreter say what they think of each
// packet, too.
#include "capture.hpp"
#include "filter.h"
#include "native.h"

#include <chrono>
#include <cstdio>
#include <functional>
#include <tessera.hpp>
#include <tuple>
#ifdef HAVE_PCAP
#include <pcap/pcap.h>
#endif

namespace {

using Verdicts = std::vector<std::byte>;

constexpr auto kTimeMax = std::chrono::seconds(5);

int complain(const char* what, const tessera::Error& error) {
    std::fprintf(stderr, "pcap-filter: %s: %s\n", what, error.text.c_str());
    return 1;
}

#ifdef HAVE_PCAP
// libpcap's filter, interpreted.
class Bpf {
  public:
    Bpf() : pcap_(pcap_open_dead(DLT_EN10MB, 65535)) {
        is_there_ = pcap_compile(pcap_, &program_, FILTER_EXPRESSION, 1, PCAP_NETMASK_UNKNOWN) == 0;
    }
    ~Bpf() {
        if (is_there_) {
            pcap_freecode(&program_);
        }
        pcap_close(pcap_);
    }
    Bpf(const Bpf&) = delete;
    Bpf& operator=(const Bpf&) = delete;
    bool is_there() const { return is_there_; }
    bool is_wanted(std::span<const std::byte> frame) const {
        const auto length = static_cast<unsigned>(frame.size());
        return bpf_filter(program_.bf_insns, reinterpret_cast<const unsigned char*>(frame.data()), length, length) != 0;
    }

  private:
    pcap_t* pcap_;
    bpf_program program_{};
    bool is_there_ = false;
};
#endif

// The best of several rounds, for each of `count`.
double nanoseconds(std::size_t count, const std::function<void()>& work) {
    constexpr int kRounds = 15;
    double best = 0;
    for (int round = 0; round < kRounds; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
        best = round == 0 || took.count() < best ? took.count() : best;
    }
    return best / static_cast<double>(count);
}

class Filter {
  public:
    Filter(
        tessera::Method<std::uint32_t(std::span<const std::byte>)> one,
        tessera::Method<std::tuple<std::uint64_t, std::uint64_t>(std::span<const std::byte>, std::span<std::byte>)> all,
        Bytes capture)
        : one_(one), all_(all), capture_(std::move(capture)), packets_(packets_of(capture_)) {}

    // 0: all agree.
    int compare() {
        Verdicts verdicts(packets_.size());
        const auto counts = all_.within(kTimeMax, capture_, verdicts);
        if (!counts) {
            return complain("the filter failed", counts.error());
        }
        const auto [count, wanted] = *counts;
        std::printf("%llu packets, of which %llu are wanted (%s)\n",
                    static_cast<unsigned long long>(count),
                    static_cast<unsigned long long>(wanted),
                    FILTER_EXPRESSION);
        std::size_t different = count == packets_.size() ? 0 : 1;
        for (std::size_t i = 0; i < packets_.size(); ++i) {
            const auto& frame = packets_[i];
            const bool is_wanted = verdicts[i] != std::byte{0};
            const auto one = one_(frame);
            if (!one) {
                return complain("the filter failed", one.error());
            }
            different += (*one != 0) != is_wanted ? 1 : 0;
            different += (native_one(bytes_of(frame), frame.size()) != 0) != is_wanted ? 1 : 0;
#ifdef HAVE_PCAP
            different += bpf_.is_there() && bpf_.is_wanted(frame) != is_wanted ? 1 : 0;
#endif
        }
        std::printf("verified, one by one, native%s: %zu differ\n", bpf_name(), different);
        return different == 0 ? 0 : 1;
    }

    void bench() {
        Verdicts verdicts(packets_.size());
        std::uint64_t sum = 0;
        std::uint64_t count = 0;
        const auto row = [&](const char* name, const std::function<void()>& work) {
            std::printf("%s %.2f\n", name, nanoseconds(packets_.size(), work));
        };
        row("batch_verified", [&] { sum += all_(capture_, verdicts) ? 1 : 0; });
        row("batch_native", [&] {
            native_all(bytes_of(capture_),
                       capture_.size(),
                       reinterpret_cast<std::uint8_t*>(verdicts.data()),
                       verdicts.size(),
                       &count,
                       &sum);
        });
        row("each_verified", [&] {
            for (const auto& frame : packets_) {
                sum += *one_(frame);
            }
        });
        row("each_native", [&] {
            for (const auto& frame : packets_) {
                sum += static_cast<unsigned>(native_one(bytes_of(frame), frame.size()));
            }
        });
#ifdef HAVE_PCAP
        if (bpf_.is_there()) {
            row("each_bpf", [&] {
                for (const auto& frame : packets_) {
                    sum += bpf_.is_wanted(frame) ? 1 : 0;
                }
            });
        }
#endif
        const std::span<const std::byte> nothing;
        row("call", [&] {
            for (std::size_t i = 0; i < packets_.size(); ++i) {
                sum += *one_(nothing);
            }
        });
        sink_ = sum;
    }

  private:
    static const std::uint8_t* bytes_of(std::span<const std::byte> bytes) {
        return reinterpret_cast<const std::uint8_t*>(bytes.data());
    }
    const char* bpf_name() const {
#ifdef HAVE_PCAP
        return bpf_.is_there() ? ", libpcap" : "";
#else
        return "";
#endif
    }

    tessera::Method<std::uint32_t(std::span<const std::byte>)> one_;
    tessera::Method<std::tuple<std::uint64_t, std::uint64_t>(std::span<const std::byte>, std::span<std::byte>)> all_;
    Bytes capture_;
    std::vector<std::span<const std::byte>> packets_;
    volatile std::uint64_t sink_ = 0;  // what was measured has to be done
#ifdef HAVE_PCAP
    Bpf bpf_;
#endif
};

int run(const char* module_path, const char* capture_path, bool is_bench) {
    auto kernel = tessera::Kernel::start();
    if (!kernel) {
        return complain("no kernel", kernel.error());
    }
    const auto program = read_file(module_path);
    auto module = kernel->load(program, "filter");
    if (!module) {
        return complain("the filter is refused", module.error());
    }
    if (const auto better = module->optimize(program); !better) {
        return complain("the filter is not optimised", better.error());
    }
    tessera::Setup setup;
    setup.memory_bytes = 8 << 20;
    auto instance = module->instance(setup);
    if (!instance) {
        return complain("the filter does not start", instance.error());
    }
    const auto one = instance->method<std::uint32_t(std::span<const std::byte>)>(FILTER_INTERFACE, 0);
    const auto all =
        instance->method<std::tuple<std::uint64_t, std::uint64_t>(std::span<const std::byte>, std::span<std::byte>)>(
            FILTER_INTERFACE, 1);
    if (!one || !all) {
        return complain("it is no filter", !one ? one.error() : all.error());
    }
    Filter filter(*one, *all, read_file(capture_path));
    if (const int status = filter.compare(); status != 0) {
        return status;
    }
    if (is_bench) {
        filter.bench();
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view first = argc > 1 ? argv[1] : "";
    if (first == "--make" && argc == 4) {
        const auto capture = make_capture(std::stoul(argv[3]));
        std::ofstream(argv[2], std::ios::binary)
            .write(reinterpret_cast<const char*>(capture.data()), static_cast<std::streamsize>(capture.size()));
        return 0;
    }
    if (argc < 3) {
        std::fprintf(
            stderr,
            "usage: pcap-filter FILTER.sir CAPTURE.pcap [--bench]\n       pcap-filter --make CAPTURE.pcap PACKETS\n");
        return 2;
    }
    return run(argv[1], argv[2], argc > 3 && std::string_view(argv[3]) == "--bench");
}
