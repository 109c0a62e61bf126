// Loads, starts, calls, limits and ends modules (module.c); its first word says which case. Says "ok", or what is
// wrong.
#include "probe.tessera.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <tessera/arguments.tessera.hpp>
#include <tessera/directory.tessera.hpp>
#include <tessera/domain.tessera.hpp>
#include <tessera/status.tessera.hpp>
#include <tessera/time.tessera.hpp>
#include <vector>

TESSERA_IMPORT("tessera_domain", "arguments") extern "C" tessera_cap tessera_domain_arguments(void);

namespace {

using tessera::Account;
using tessera::Domain;
using tessera::Loader;
using tessera::Object;
using tessera::Program;
using tessera::Resource;
using tessera::State;

constexpr std::uint64_t kForEver = ~std::uint64_t{0};

const Loader* loader = nullptr;
const tessera::Clock* clock_object = nullptr;

[[noreturn]] void wrong(const char* what, long long value, int line) {
    std::printf("line %d: %s is %lld\n", line, what, value);
    std::exit(1);
}
#define EXPECT(what, value)                                                                                            \
    do {                                                                                                               \
        const auto got = static_cast<long long>(what);                                                                 \
        if (got != static_cast<long long>(value)) {                                                                    \
            wrong(#what, got, __LINE__);                                                                               \
        }                                                                                                              \
    } while (false)
#define EXPECT_THAT(what) EXPECT((what) ? 1 : 0, 1)

std::uint64_t now() {
    const auto time = clock_object->now();
    return time ? *time : 0;
}

std::vector<std::byte> read(const std::string& name) {
    std::vector<std::byte> bytes;
    std::FILE* file = std::fopen(("/modules/" + name).c_str(), "rb");
    if (file == nullptr) {
        wrong(name.c_str(), -1, __LINE__);
    }
    std::byte buffer[4096];
    for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, file)) != 0;) {
        bytes.insert(bytes.end(), buffer, buffer + count);
    }
    std::fclose(file);
    return bytes;
}

Program load(const std::string& name) {
    auto program = loader->load(read(name), name);
    EXPECT(program.status(), 0);
    return std::move(*program);
}

Domain start(const Program& program, const Account& account = {}, const Object* granted = nullptr) {
    auto setup = program.prepare(account);
    EXPECT(setup.status(), 0);
    if (granted != nullptr) {
        EXPECT(setup->grant("it", *granted).status(), 0);
    }
    auto domain = setup->start();
    EXPECT(domain.status(), 0);
    return std::move(*domain);
}

State wait(const Domain& domain, std::int32_t status = 0) {
    const auto ended = domain.wait(kForEver);
    EXPECT(ended.status(), 0);
    EXPECT(ended->status, status);
    return ended->state;
}

probe::Probe object_of(const Domain& domain) {
    auto object = domain.object(probe::Probe::kInterfaceId);
    EXPECT(object.status(), 0);
    return probe::Probe(object->take_handle());
}

probe::Probe serve(const Domain& domain) {
    EXPECT(wait(domain), State::Returned);
    return object_of(domain);
}

std::uint64_t used(const Account& account, Resource resource = Resource::MemoryBytes) {
    const auto is = account.limit(resource);
    EXPECT(is.status(), 0);
    return is->used;
}

Account own_account() {
    auto account = loader->account();
    EXPECT(account.status(), 0);
    return std::move(*account);
}

Account child_of(const Account& account) {
    auto child = account.child("child");
    EXPECT(child.status(), 0);
    return std::move(*child);
}

constexpr std::int32_t kStale = 2;
constexpr std::int32_t kEnded = 6;

bool is_gone(std::int32_t status) { return status == kStale || status == kEnded; }

void pass_time(std::uint64_t nanoseconds) {
    const auto until = now() + nanoseconds;
    while (now() < until) {
    }
}

// What has closed comes to its end a little later, if nobody waits for it. The manager's own memory is in its account,
// too, and grows a little; that all comes back to the byte is asserted by the kernel when the program ends.
void settle(const Account& account, std::uint64_t before) {
    constexpr std::uint64_t kOwnMemory = std::uint64_t{2} << 20U;
    for (int i = 0; i < 3000 && used(account) > before + kOwnMemory; ++i) {
        pass_time(1'000'000);
    }
    if (used(account) > before + kOwnMemory) {
        wrong("what is left over", static_cast<long long>(used(account) - before), __LINE__);
    }
}

// When the code that is needed of it is there.
std::uint64_t used_by(const Account& own, const Program& program, bool serves = true) {
    {
        const auto domain = start(program);
        if (serves) {
            const auto object = serve(domain);
            EXPECT(*object.child(1)->add(1, 2), 4);
        } else {
            EXPECT(domain.wait(now() + 50'000'000).status(), 10);
        }
        EXPECT(domain.end().status(), 0);
    }
    return used(own);
}

void basic() {
    const auto program = load("serve.sir");
    const auto domain = start(program);
    const auto object = serve(domain);
    const auto sum = object.add(40, 2);
    EXPECT(sum.status(), 0);
    EXPECT(*sum, 42);
    const auto child = object.child(100);
    EXPECT(child.status(), 0);
    EXPECT(*child->add(1, 1), 102);
    EXPECT(object.trap().status(), 7);
    EXPECT(*object.add(1, 2), 3);
    EXPECT(domain.object(1234).status(), 17);
    EXPECT(domain.end().status(), 0);
    EXPECT(domain.end().status(), 0);
    EXPECT_THAT(is_gone(object.add(1, 2).status()));
    EXPECT_THAT(is_gone(child->add(1, 2).status()));
    EXPECT(domain.object(probe::Probe::kInterfaceId).status(), kEnded);
    EXPECT(domain.state()->state, State::Returned);
}

void ends() {
    char text[2048];
    const auto trapped = start(load("trap.sir"));
    EXPECT(wait(trapped), State::Trapped);
    const auto why = trapped.fault(text);
    EXPECT(why.status(), 0);
    EXPECT_THAT(why->find("read of address 0x10 (null pointer)") != std::string_view::npos);
    EXPECT(trapped.object(probe::Probe::kInterfaceId).status(), kEnded);

    const auto five = start(load("five.sir"));
    EXPECT(wait(five, 5), State::Returned);

    const auto spinning = start(load("spin.sir"));
    EXPECT(spinning.wait(now() + 20'000'000).status(), 10);
    EXPECT(spinning.object(probe::Probe::kInterfaceId).status(), 14);
    const auto before = now();
    EXPECT(spinning.end().status(), 0);
    EXPECT_THAT(now() - before < 500'000'000);
    EXPECT(spinning.state()->state, State::Ended);

    // Nobody holds it any more.
    const auto account = child_of(own_account());
    const auto empty = used(account);
    (void)start(load("spin.sir"), account);
    settle(account, empty);
}

// One is in a call of another, which ends.
void calling() {
    const auto server = start(load("serve.sir"));
    const auto object = serve(server);
    const auto caller = start(load("call_spin.sir"), {}, &object);
    EXPECT(caller.wait(now() + 100'000'000).status(), 10);
    EXPECT(server.end().status(), 0);
    EXPECT(wait(caller, kEnded), State::Returned);
    // And the other way round: who calls ends.
    const auto again = start(load("serve.sir"));
    const auto other = serve(again);
    const auto calls = start(load("call_spin.sir"), {}, &other);
    EXPECT(calls.wait(now() + 100'000'000).status(), 10);
    EXPECT(calls.end().status(), 0);
    EXPECT(*other.add(1, 2), 3);
}

void hoards() {
    const auto own = own_account();
    const auto account = child_of(own);
    const auto program = load("serve.sir");
    for (const std::uint32_t what : {0U, 1U, 2U}) {
        EXPECT(account.set_limit(Resource::MemoryBytes, 4U << 20U).status(), 0);
        const auto domain = start(program, account);
        const auto object = serve(domain);
        const auto count = object.hoard(what);
        EXPECT(count.status(), what == 1 ? 0 : 8);
        EXPECT_THAT(what != 1 || (*count > 20 && *count < 64));
        EXPECT_THAT(*account.peak(Resource::MemoryBytes) <= 4U << 20U);
        EXPECT(domain.end().status(), 0);
    }
    const auto greedy = start(load("hoard.sir"), account);
    EXPECT(greedy.wait(now() + 300'000'000).status(), 10);
    EXPECT(account.close().status(), 0);
    EXPECT(greedy.state()->state, State::Ended);
    EXPECT(account.child("late").status(), kEnded);
    EXPECT(program.prepare(account).status(), kEnded);
}

// Refused, or harmless; and nothing is left of it.
void hostile() {
    const auto own = own_account();
    const auto good = read("serve.sir");
    char text[512];
    const auto why = loader->explain(std::span(good).first(good.size() / 2), "half", text);
    EXPECT(why.status(), 0);
    EXPECT_THAT(!why->accepted && !why->text.empty());
    EXPECT_THAT(loader->explain(good, "whole", text)->accepted);
    EXPECT(loader->load({}, "nothing").status(), 12);
    settle(own, used(own));
    const auto before = used(own);
    unsigned refused = 0;
    auto bytes = good;
    for (std::size_t i = 0; i < 300; ++i) {
        const auto at = (i * 7919) % bytes.size();
        bytes[at] ^= std::byte{static_cast<unsigned char>(1U << i % 8)};
        const auto program = loader->load(bytes, "changed");
        if (program) {
            auto setup = program->prepare({});
            const auto domain = setup->start();
            if (domain) {
                (void)domain->wait(now() + 5'000'000);
            }
        } else {
            EXPECT(program.status(), 12);
            ++refused;
        }
        bytes[at] = good[at];
    }
    EXPECT_THAT(refused > 100);
    settle(own, before);
}

void many_loads() {
    const auto own = own_account();
    const auto bytes = read("serve.sir");
    std::uint64_t before = 0;
    for (int i = 0; i < 1000; ++i) {
        if (i == 10) {
            settle(own, used(own));
            before = used(own);
        }
        const auto program = loader->load(bytes, "again");
        EXPECT(program.status(), 0);
        const auto domain = start(*program);
        EXPECT(*serve(domain).add(1, 2), 3);
        EXPECT(domain.end().status(), 0);
    }
    settle(own, before);
}

void instances(unsigned count) {
    const auto own = own_account();
    const auto program = load("serve.sir");
    const auto before = used_by(own, program);
    {
        std::vector<Domain> domains;
        const auto begin = now();
        for (unsigned i = 0; i < count; ++i) {
            domains.push_back(start(program));
            EXPECT(wait(domains.back()), State::Returned);
        }
        const auto time = now() - begin;
        const auto taken = used(own) - before;
        EXPECT(*object_of(domains[count / 2]).add(1, 2), 3);
        std::printf("%u instances: %llu ns and %llu bytes each\n", count, time / count, taken / count);
    }
    settle(own, before);
}

void nested() {
    const auto own = own_account();
    const auto program = load("serve.sir");
    const auto before = used_by(own, program);
    const auto account = child_of(own);
    std::vector<Account> accounts;
    std::vector<Domain> domains;
    for (unsigned i = 0; i < 10; ++i) {
        accounts.push_back(child_of(i == 0 ? account : accounts.back()));
        domains.push_back(start(program, accounts.back()));
    }
    std::vector<probe::Probe> objects;
    for (const auto& domain : domains) {
        objects.push_back(serve(domain));
        for (int i = 0; i < 10; ++i) {
            objects.push_back(std::move(*objects.back().child(1)));
        }
    }
    const auto begin = now();
    EXPECT(account.close().status(), 0);
    std::printf("closed 10 accounts in each other in %llu ns\n", now() - begin);
    for (const auto& object : objects) {
        EXPECT_THAT(is_gone(object.add(1, 2).status()));
    }
    EXPECT(used(account), 0);
    accounts.clear();
    domains.clear();
    settle(own, before);
    // As deep as there may be.
    std::vector<Account> chain;
    while (true) {
        auto next = (chain.empty() ? own : chain.back()).child("deeper");
        if (!next) {
            EXPECT(next.status(), 8);
            break;
        }
        chain.push_back(std::move(*next));
    }
    EXPECT_THAT(chain.size() > 20 && chain.size() < 40);
}

// Who is told of objects that were let go of, and calls that go to and fro.
void objects() {
    const auto domain = start(load("serve.sir"));
    const auto object = serve(domain);
    for (int i = 0; i < 100; ++i) {
        EXPECT(object.child(1).status(), 0);
    }
    for (int i = 0; i < 3000 && *object.told() != 100; ++i) {
        pass_time(1'000'000);
    }
    EXPECT(*object.told(), 100);
    const auto other = start(load("serve.sir"));
    const auto theirs = serve(other);
    EXPECT(*object.through(theirs, 20), 21);
}

std::uint64_t seed = 1;
std::uint64_t random_number() { return seed = seed * 6364136223846793005U + 1442695040888963407U, seed >> 33U; }

// Domains that call each other end at any moment, in any order.
void ends_at_random(unsigned rounds) {
    const auto own = own_account();
    const auto server = load("serve.sir");
    const auto spins = load("call_spin.sir");
    const auto adds = load("call_add.sir");
    std::uint64_t before = 0;
    for (unsigned i = 0; i < rounds; ++i) {
        if (i == 5) {
            settle(own, used(own));
            before = used(own);
        }
        const auto account = child_of(own);
        std::vector<Domain> domains;
        domains.push_back(start(server, account));
        const auto object = serve(domains[0]);
        for (int n = 0; n < 4; ++n) {
            domains.push_back(start(n == 0 ? spins : adds, account, &object));
        }
        pass_time(random_number() % 3'000'000);
        if (i % 7 == 0) {
            EXPECT(account.close().status(), 0);
        }
        while (!domains.empty()) {
            const auto which = random_number() % domains.size();
            std::swap(domains[which], domains.back());
            if (random_number() % 3 != 0) {
                EXPECT(domains.back().end().status(), 0);
            }
            domains.pop_back();
        }
    }
    settle(own, before);
}

// Each limit, at each step.
void limits() {
    const auto own = own_account();
    const auto program = load("serve.sir");
    const auto spins = load("spin.sir");
    (void)used_by(own, spins, false);
    const auto before = used_by(own, program);
    unsigned refused = 0;
    for (std::uint64_t bytes = 0; bytes < 1'000'000; bytes += 8192) {
        const auto account = child_of(own);
        EXPECT(account.set_limit(Resource::MemoryBytes, used(account) + bytes).status(), 0);
        auto setup = program.prepare(account);
        auto domain = setup ? setup->start() : tessera::Result<Domain>(setup.error());
        auto object = domain && domain->wait(kForEver) ? domain->object(probe::Probe::kInterfaceId)
                                                       : tessera::Result<Object>(domain.error());
        if (object) {
            EXPECT(*probe::Probe(object->take_handle()).add(1, 2), 3);
        } else {
            ++refused;
        }
    }
    EXPECT_THAT(refused > 5);
    for (const auto resource : {Resource::Fibers, Resource::Objects, Resource::Slots}) {
        const auto account = child_of(own);
        EXPECT(account.set_limit(resource, 0).status(), 0);
        auto setup = program.prepare(account);
        EXPECT(setup.status(), 0);
        auto domain = setup->start();
        if (resource == Resource::Fibers) {
            EXPECT(domain.status(), 8);
        } else {
            EXPECT(domain.status(), 0);
        }
    }
    const auto account = child_of(own);
    EXPECT(account.set_limit(Resource::Microseconds, 50'000).status(), 0);
    const auto spinning = start(spins, account);
    EXPECT(wait(spinning), State::Ended);
    EXPECT_THAT(used(account, Resource::Microseconds) >= 50'000 && used(account, Resource::Microseconds) < 500'000);
    settle(own, before + used(account));
}

template <typename T>
T granted() {
    const tessera::Arguments arguments(tessera_cap_to_handle(tessera_domain_arguments()));
    const auto count = arguments.grants();
    for (std::uint32_t i = 0; count && i < *count; ++i) {
        auto grant = arguments.grant(i);
        if (grant && grant->interface_id == T::kInterfaceId) {
            return T(grant->capability.take_handle());
        }
    }
    wrong("a grant", -1, __LINE__);
}

// The stack's pages come when they are touched, be it by the kernel or by the program that it is lent to.
[[gnu::noinline]] std::uint64_t filled(const tessera::File& file, const probe::Probe& object) {
    std::byte room[700 * 1024];
    const auto whole = std::span(room);
    const auto high = file.read(0, 1000, whole.subspan(400 * 1024));
    EXPECT(high.status(), 0);
    const auto serve = read("serve.sir");
    EXPECT_THAT(high->size() == 1000 && std::memcmp(high->data(), serve.data(), high->size()) == 0);
    const auto low = object.fill(5000, whole.first(100 * 1024));
    EXPECT(low.status(), 0);
    std::uint64_t sum = 0;
    for (const auto byte : *low) {
        sum += static_cast<std::uint64_t>(byte);
    }
    return sum;
}

void lends() {
    const auto own = own_account();
    const auto file = granted<tessera::Directory>().open("serve.sir", tessera::Create::Never, false);
    EXPECT(file.status(), 0);
    const auto server = start(load("serve.sir"));
    const auto object = serve(server);
    const auto before = used(own);
    EXPECT(filled(*file, object), 19 * (255 * 256 / 2) + 136 * 137 / 2);
    EXPECT_THAT(used(own) >= before + (600U << 10U));
}

// Figures, a line each as `tessera bench caps` reads them: NAME NANOSECONDS.
template <typename Work>
void measure(const char* name, unsigned rounds, std::uint64_t times, Work work) {
    std::uint64_t best = kForEver;
    for (unsigned round = 0; round < rounds; ++round) {
        const auto time = work();
        best = time < best ? time : best;
    }
    std::printf("%s %.3f\n", name, static_cast<double>(best) / static_cast<double>(times));
}

void bench_instantiate(const Program& program) {
    constexpr std::uint64_t kTimes = 100;
    measure("instantiate", 7, kTimes, [&] {
        std::vector<Domain> domains;
        domains.reserve(kTimes);
        const auto begin = now();
        for (std::uint64_t i = 0; i < kTimes; ++i) {
            domains.push_back(start(program));
            EXPECT(wait(domains.back()), State::Returned);
        }
        const auto time = now() - begin;
        for (const auto& domain : domains) {
            EXPECT(domain.end().status(), 0);
        }
        return time;
    });
}

// Loaded, checked, called once and gone.
void bench_load(const std::vector<std::byte>& bytes) {
    measure("load_1k", 20, 1, [&] {
        const auto begin = now();
        const auto program = loader->load(bytes, "small");
        EXPECT(program.status(), 0);
        const auto domain = start(*program);
        EXPECT(*serve(domain).add(1, 2), 3);
        EXPECT(domain.end().status(), 0);
        return now() - begin;
    });
}

// A thousand objects in ten accounts, each in the one before.
void bench_end(const Program& program) {
    measure("end_domain", 10, 1, [&] {
        const auto account = child_of(own_account());
        std::vector<Account> accounts;
        std::vector<Domain> domains;
        for (unsigned i = 0; i < 10; ++i) {
            accounts.push_back(child_of(i == 0 ? account : accounts.back()));
            domains.push_back(start(program, accounts.back()));
            const auto object = serve(domains.back());
            for (int n = 0; n < 100; ++n) {
                EXPECT(object.keep(object).status(), 0);
            }
        }
        const auto begin = now();
        EXPECT(account.close().status(), 0);
        return now() - begin;
    });
}

// As many as there may be.
void bench_instances(const Program& program) {
    std::vector<Domain> domains;
    while (true) {
        auto setup = program.prepare({});
        auto domain = setup ? setup->start() : tessera::Result<Domain>(setup.error());
        if (!domain || !domain->wait(kForEver)) {
            break;
        }
        domains.push_back(std::move(*domain));
    }
    std::printf("instances %zu\n", domains.size());
}

void bench() {
    const auto bytes = read("small.sir");
    const auto program = load("small.sir");
    bench_load(bytes);
    bench_instantiate(program);
    bench_end(program);
    bench_instances(program);
}

}  // namespace

int main(int argc, char** argv) {
    const auto granted_loader = granted<Loader>();
    const auto granted_clock = granted<tessera::Clock>();
    loader = &granted_loader;
    clock_object = &granted_clock;
    const std::string_view name = argc > 1 ? argv[1] : "";
    const unsigned number = argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 0;
    if (name == "basic") {
        basic();
    } else if (name == "ends") {
        ends();
    } else if (name == "calling") {
        calling();
    } else if (name == "lends") {
        lends();
    } else if (name == "hoards") {
        hoards();
    } else if (name == "hostile") {
        hostile();
    } else if (name == "many-loads") {
        many_loads();
    } else if (name == "instances") {
        instances(number);
    } else if (name == "nested") {
        nested();
    } else if (name == "objects") {
        objects();
    } else if (name == "random-ends") {
        ends_at_random(number);
    } else if (name == "bench") {
        bench();
        return 0;
    } else if (name == "limits") {
        limits();
    } else {
        wrong("the case", -1, __LINE__);
    }
    std::puts("ok");
    return 0;
}
