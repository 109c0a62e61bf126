// Programs that are loaded, started, watched and ended by programs: the objects of caps/schema/domain.capnp.
#pragma once

#include "caps/kernel/made.h"
#include "caps/load/instance.h"
#include "caps/load/module.h"
#include "caps/object.h"

namespace tessera::caps {

class Loader final : public Object {
  public:
    static constexpr Interface kInterface = Interface::Loader;
    explicit Loader(const LoadPlaces& places) : Object(kInterface), places_(places) {}
    [[nodiscard]] const LoadPlaces& places() const { return places_; }

  private:
    LoadPlaces places_;
};

// The state of what is made at run time is what it stands for, of which it is a user.
[[nodiscard]] const KernelTable& program_table();        // Module
[[nodiscard]] const KernelTable& setup_table();          // Instance
[[nodiscard]] const KernelTable& domain_table();         // Instance
[[nodiscard]] const KernelTable& account_table();        // Estate: one to look at and to limit
[[nodiscard]] const KernelTable& owned_account_table();  // and one that goes with its object

// A capability for an account that is there already.
[[nodiscard]] Capability give_account(WordCall& call, Estate& estate);
// The account that a method takes: the caller's own for null. False: it is no account, or gone.
class AccountArgument {
  public:
    AccountArgument(WordCall& call, Capability capability);
    ~AccountArgument() { drop_held(held_); }
    AccountArgument(const AccountArgument&) = delete;
    AccountArgument& operator=(const AccountArgument&) = delete;
    [[nodiscard]] Estate* estate() const { return estate_; }

  private:
    ObjectHeader* held_ = nullptr;
    Estate* estate_ = nullptr;
};

}  // namespace tessera::caps
