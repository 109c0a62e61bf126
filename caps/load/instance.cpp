#include "caps/load/instance.h"

#include "caps/load/reaper.h"
#include "core/base/assert.h"
#include "runtime/deferral.h"
#include "runtime/ending.h"
#include "runtime/program_heap.h"
#include "runtime/worker.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>

namespace tessera::caps {
namespace {

using schema::State;
using schema::Status;

constexpr std::size_t kFaultBytesMax = 2048;

}  // namespace

Use<Instance> Instance::prepare(Module& module, Estate& within) {
    const runtime::Deferral kernels_own(nullptr);
    Use<Instance> made(new (std::nothrow) Instance(module));
    if (!made || !made->enter(within, sizeof(Instance))) {
        return {};
    }
    if (!module.join(*made)) {
        made->close();
        return {};
    }
    made->spec_.name = module.name();
    made->spec_.memory_bytes_max = std::min(within.account().narrowest_limit(), std::uint64_t{4} << 30U);
    made->spec_.estate = made.get();
    made->spec_.shares_heap = true;
    return made;
}

Instance::~Instance() { ASSERT(domain_ == nullptr); }

Status Instance::add_text(std::string_view text) {
    if (text_bytes_ + text.size() > kTextBytesMax || !add_own_bytes(text.size() + sizeof(std::string))) {
        return Status::Exhausted;
    }
    text_bytes_ += text.size();
    return Status::Ok;
}

Status Instance::grant(std::string_view name, ObjectHeader& object) {
    if (const auto status = begin_setting_up(); status != Status::Ok) {
        return status;
    }
    const runtime::Deferral kernels_own(nullptr);
    auto status = started_                                                                    ? Status::Closed
                  : std::ranges::find(spec_.grants, name, &Grant::name) != spec_.grants.end() ? Status::Exists
                  : spec_.grants.size() == kGrantsMax                                         ? Status::Exhausted
                                                                                              : add_text(name);
    if (status == Status::Ok) {
        add_reference(object);
        granted_[spec_.grants.size()] = &object;
        spec_.grants.push_back({.object = {}, .header = &object, .name = std::string(name)});
    }
    end_setting_up();
    return status;
}

Status Instance::argument(std::string_view word) {
    if (const auto status = begin_setting_up(); status != Status::Ok) {
        return status;
    }
    const runtime::Deferral kernels_own(nullptr);
    const auto status = started_ ? Status::Closed : spec_.args.size() == kWordsMax ? Status::Exhausted : add_text(word);
    if (status == Status::Ok) {
        spec_.args.emplace_back(word);
    }
    end_setting_up();
    return status;
}

Status Instance::start() {
    if (const auto status = begin_setting_up(); status != Status::Ok) {
        return status;
    }
    auto status = started_.exchange(true) ? Status::Closed : make_domain();
    if (status == Status::Ok && !spawn(&Instance::run)) {
        status = Status::Exhausted;
    }
    end_setting_up();
    if (status != Status::Ok && status != Status::Closed) {
        set_state(State::Ended, 0);
        close();
    }
    return status;
}

// One at a time: the object may be in many hands.
Status Instance::begin_setting_up() {
    if (setting_up_.test_and_set()) {
        return Status::Busy;
    }
    if (!begin_work()) {
        setting_up_.clear();
        return Status::Ended;
    }
    return Status::Ok;
}

void Instance::end_setting_up() {
    end_work();
    setting_up_.clear();
}

Status Instance::make_domain() {
    const HeapScope modules(&module_->heap());
    auto& program = module_->program();
    const auto entry = Domain::entry_of(program, spec_);
    if (!entry || entry->cap_params > spec_.grants.size()) {
        return Status::Invalid;
    }
    auto domain = Domain::create(std::move(spec_), program, account());
    if (!domain) {
        return Status::Exhausted;
    }
    (*domain)->tell_by({[](void* instance) {
                            auto& self = *static_cast<Instance*>(instance);
                            if (!self.is_told_.exchange(true)) {
                                Reaper::tell(self);
                            }
                        },
                        this});
    domain_ = std::move(*domain);
    return Status::Ok;
}

bool Instance::begin_work() {
    working_.fetch_add(1);
    if (is_closed()) {
        end_work();
        return false;
    }
    return true;
}

bool Instance::spawn(void (Instance::*work)()) {
    const runtime::Deferral kernels_own(nullptr);
    if (!begin_work()) {
        return false;
    }
    add_user();
    const auto spawned = runtime::current_worker()->scheduler().spawn([this, work] { (this->*work)(); },
                                                                      &account(),
                                                                      {[](void* instance) {
                                                                           auto* self =
                                                                               static_cast<Instance*>(instance);
                                                                           self->end_work();
                                                                           self->drop_user();
                                                                       },
                                                                       this});
    if (!spawned) {
        end_work();
        drop_user();
    }
    return spawned.has_value();
}

void Instance::run() {
    const runtime::ProgramHeap modules(module_->heap());
    auto stopped = runtime::StopReason::Ended;
    if (is_closed()) {
        set_state(State::Ended, 0);
        return;
    }
    const auto code = domain_->run(stopped);
    if (code) {
        set_state(State::Returned, *code);
    } else {
        keep_fault(code.error().text);
        set_state(stopped == runtime::StopReason::None ? State::Trapped : State::Ended, 0);
    }
    if (!code || *code != 0) {
        close();  // it serves nobody
    }
}

void Instance::tell() {
    const runtime::ProgramHeap modules(module_->heap());
    is_told_ = false;  // what comes from here on is told by another one
    domain_->tell_released();
}

void Instance::set_state(State state, std::int32_t status) {
    status_ = status;
    state_ = state;
}

void Instance::keep_fault(std::string_view text) {
    const runtime::Deferral kernels_own(nullptr);
    const auto bytes = std::min(text.size(), kFaultBytesMax);
    if (!add_own_bytes(bytes)) {
        return;
    }
    fault_.reset(new (std::nothrow) char[bytes]);
    if (fault_ != nullptr) {
        std::memcpy(fault_.get(), text.data(), bytes);
        fault_bytes_ = bytes;
    }
}

Status Instance::object(std::uint64_t interface, ObjectHeader*& object) {
    if (!begin_work()) {
        return Status::Ended;
    }
    auto status = state() == State::Returned ? Status::NotFound : Status::Starting;
    const auto* methods = status == Status::NotFound ? module_->program().methods(interface) : nullptr;
    if (methods != nullptr) {
        object = domain_->mint(*methods, 0);
        status = object == nullptr ? Status::Exhausted : Status::Ok;
    }
    if (object != nullptr) {
        add_reference(*object);
    }
    end_work();
    return status;
}

void Instance::begin_end() {
    if (domain_ != nullptr) {
        domain_->begin_end();
    }
}

bool Instance::holds_this_fiber() const { return domain_ != nullptr && domain_->holds_this_fiber(); }

bool Instance::finish() {
    if (working_.load() != 0 || (domain_ != nullptr && !domain_->calls_are_over())) {
        return false;
    }
    if (state() == State::Running) {
        set_state(State::Ended, 0);
    }
    domain_.reset();
    {
        const runtime::Deferral kernels_own(nullptr);
        spec_ = {};
    }
    for (auto*& object : granted_) {
        if (auto* held = std::exchange(object, nullptr); held != nullptr && drop_reference(*held)) {
            end_object(*held);
        }
    }
    module_->leave(*this);
    return true;
}

}  // namespace tessera::caps
