// A domain that a program has made of a loaded module: prepared, started once, watched and ended by objects
// (caps/kernel/domain.cpp). What it is given it is given before it starts.
#pragma once

#include "caps/domain.h"
#include "caps/load/estate.h"
#include "caps/load/module.h"
#include "caps/schema/domain.kernel.h"
#include "caps/schema/status.kernel.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace tessera::caps {

class Instance final : public Estate {
  public:
    static constexpr std::size_t kGrantsMax = 16;
    static constexpr std::size_t kWordsMax = 1024;
    static constexpr std::size_t kTextBytesMax = std::size_t{64} * 1024;

    // On a fiber, as all that follows. Null: no memory, or one of the two is closed. It has one user.
    [[nodiscard]] static Use<Instance> prepare(Module& module, Estate& within);
    ~Instance() override;

    [[nodiscard]] schema::Status grant(std::string_view name, ObjectHeader& object);  // adds a reference
    [[nodiscard]] schema::Status argument(std::string_view word);
    // Once. Its memory is filled, and its entry begins on a fiber of its own.
    [[nodiscard]] schema::Status start();

    [[nodiscard]] bool is_started() const { return started_; }
    [[nodiscard]] schema::State state() const { return state_.load(); }
    [[nodiscard]] std::int32_t status() const { return status_.load(); }
    // Why it was ended; empty if it was not. Stays.
    [[nodiscard]] std::string_view fault() const {
        const auto bytes = fault_bytes_.load();  // 0 until the text is there
        return bytes == 0 ? std::string_view() : std::string_view(fault_.get(), bytes);
    }
    // An object of what it serves, once its entry has returned 0; with a reference.
    [[nodiscard]] schema::Status object(std::uint64_t interface, ObjectHeader*& object);

    // --- For who is no program (boot/embed), on a fiber that is in none.
    // The method of what it serves, once its entry has returned 0: of the object that others get by `object`.
    [[nodiscard]] schema::Status
    method(std::uint64_t interface, std::uint32_t ordinal, safeir::MethodSignature signature, safeir::Method& found);
    // `in` and `out` as of a WordCall, but capabilities are objects: those that go in borrowed, those that come out
    // with a reference. Where the program ended in it, `fault` says why.
    struct MethodCall {
        const safeir::Method& method;
        const safeir::MethodImport& import;
        std::span<const std::uint64_t> in;
        std::span<std::uint64_t> out;
        std::int64_t deadline_ns;  // steady clock; 0: none
    };
    [[nodiscard]] schema::Status call(const MethodCall& call, std::string& fault);

  protected:
    void begin_end() override;
    [[nodiscard]] bool finish() override;
    [[nodiscard]] bool holds_this_fiber() const override;

  private:
    friend class Module;
    friend class Reaper;
    explicit Instance(Module& module) : module_(module) {}
    [[nodiscard]] schema::Status add_text(std::string_view text);
    [[nodiscard]] schema::Status begin_setting_up();
    void end_setting_up();
    [[nodiscard]] schema::Status make_domain();
    [[nodiscard]] schema::Status enter_method(const MethodCall& call, std::string& fault);
    [[nodiscard]] bool spawn(void (Instance::*work)());
    void run();
    void tell();
    void set_state(schema::State state, std::int32_t status);
    void keep_fault(std::string_view text);
    // What finish() waits for.
    [[nodiscard]] bool begin_work();
    void end_work() { working_.fetch_sub(1); }

    Use<Module> module_;
    DomainSpec spec_;
    std::size_t text_bytes_ = 0;
    std::array<ObjectHeader*, kGrantsMax> granted_{};
    std::unique_ptr<Domain> domain_;
    std::atomic<std::uint32_t> working_ = 0;  // fibers, and calls of the objects that stand for it
    std::atomic_flag setting_up_;
    std::atomic<bool> started_ = false;
    std::atomic<bool> is_told_ = false;  // a fiber tells it of objects
    std::atomic<schema::State> state_ = schema::State::Running;
    std::atomic<std::int32_t> status_ = 0;
    std::unique_ptr<char[]> fault_;
    std::atomic<std::size_t> fault_bytes_ = 0;
    Instance* tell_next_ = nullptr;  // the reaper's
    // The module's.
    Instance* module_next_ = nullptr;
    Instance* module_previous_ = nullptr;
    bool joined_ = false;
};

}  // namespace tessera::caps
