#include "plugin.h"

#include "pipe.h"
#include "shelf.h"

#include <cstdio>
#include <memory>
#include <tessera/domain.h>
#include <utility>

namespace {

using plugins::Outcome;
using tessera::Resource;
using tessera::Status;

constexpr std::uint64_t kPatience = 1'000'000'000;        // ns: what a call may take
constexpr std::uint64_t kStartPatience = 10'000'000'000;  // ns: and becoming ready
constexpr std::uint64_t kMemory = 24U << 20U;             // bytes
constexpr std::size_t kAnswer = 4096;                     // bytes

Outcome outcome_of(std::int32_t status) {
    switch (static_cast<Status>(status)) {
    case Status::Ok:
        return Outcome::Done;
    case Status::TimedOut:
        return Outcome::Late;
    case Status::Denied:
    case Status::NotFound:
        return Outcome::Refused;
    default:
        return Outcome::Broken;
    }
}

std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

bool Plugin::start(std::span<const std::byte> module) {
    auto own = means_.loader->account();
    auto account = own ? own->child(name_) : tessera::Result<tessera::Account>(own.error());
    if (!account || !account->set_limit(Resource::MemoryBytes, kMemory) || !account->set_limit(Resource::Fibers, 4)) {
        return false;
    }
    account_ = std::move(*account);
    empty_ = memory();
    auto program = means_.loader->load(module, name_);
    if (!program) {
        char why[512];
        const auto said = means_.loader->explain(module, name_, why);
        std::printf("service: %s is no program: %s\n", name_.c_str(), said ? std::string(said->text).c_str() : "");
        return false;
    }
    program_ = std::move(*program);
    works_ = kind_ == Kind::Program || start_filter();
    return works_;
}

std::uint64_t Plugin::after(std::uint64_t patience) const {
    const auto now = means_.clock->now();
    return (now ? *now : 0) + patience;
}

std::uint64_t Plugin::memory() const {
    const auto is = account_.limit(Resource::MemoryBytes);
    return is ? is->used : 0;
}

bool Plugin::start_filter() {
    auto setup = program_.prepare(account_);
    if (!setup || !setup->grant("shelf", plugins::Shelf::serve(std::make_unique<FolderShelf>(name_)))) {
        return false;
    }
    auto domain = setup->start();
    if (!domain) {
        return false;
    }
    const auto begun = domain->wait(after(kStartPatience));
    auto object = domain->object(plugins::Filter::kInterfaceId);
    if (!begun || !object) {
        end(*domain, "did not begin");
        return false;
    }
    filter_ = plugins::Filter(object->take_handle());
    domain_ = std::move(*domain);
    return true;
}

void Plugin::end(const tessera::Domain& domain, std::string_view why) {
    char room[1024];
    const auto fault = domain.fault(room);
    const std::string_view text = fault ? *fault : std::string_view();
    std::string reason(text.substr(0, text.find('\n')));
    (void)domain.end();
    std::printf("service: %s %.*s%s%s; ended, with %llu bytes left of what it had\n",
                name_.c_str(),
                static_cast<int>(why.size()),
                why.data(),
                reason.empty() ? "" : ": ",
                reason.c_str(),
                static_cast<unsigned long long>(memory() - empty_));
    std::fflush(stdout);
}

Answer Plugin::apply(std::span<const std::byte> text) {
    if (!works_) {
        return {};
    }
    Answer answer = kind_ == Kind::Filter ? call_filter(text) : run_program(text);
    works_ = answer.outcome == Outcome::Done || answer.outcome == Outcome::Refused;
    return answer;
}

Answer Plugin::call_filter(std::span<const std::byte> text) {
    std::byte room[kAnswer];
    const std::uint64_t before = tessera_calls_until(after(kPatience));
    const auto result = filter_.apply(text, room);
    (void)tessera_calls_until(before);
    const Outcome outcome = outcome_of(result.status());
    if (outcome == Outcome::Late || outcome == Outcome::Broken) {
        end(domain_, outcome == Outcome::Late ? "did not answer" : "failed");
        filter_ = {};
        domain_ = {};
        return {outcome};
    }
    return {outcome, result ? std::string(text_of(*result)) : std::string()};
}

Answer Plugin::run_program(std::span<const std::byte> text) {
    PipeText pipe{.input = std::string(text_of(text))};
    auto setup = program_.prepare(account_);
    if (!setup || !setup->grant("console", tessera::Console::serve(std::make_unique<Pipe>(pipe)))) {
        return {Outcome::Broken};
    }
    const auto domain = setup->start();
    if (!domain) {
        return {Outcome::Broken};
    }
    const auto ended = domain->wait(after(kPatience));
    if (!ended) {
        end(*domain, "did not answer");
        return {Outcome::Late};
    }
    if (ended->state != tessera::State::Returned || ended->status != 0) {
        end(*domain, "failed");
        return {Outcome::Broken};
    }
    (void)domain->end();
    return {Outcome::Done, pipe.output};
}
