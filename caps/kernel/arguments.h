// What a program was started with, as an Arguments object of caps/schema/arguments.capnp.
#pragma once

#include "caps/object/header.h"
#include "runtime/account.h"

#include <memory>

namespace tessera::caps {

struct DomainSpec;

// The object, with one reference, which the domain owns. It is the kernel's own and stays while anybody refers to it;
// its size is the domain's expense for as long as the domain lives. Null: no memory is left.
class ArgumentsObject {
  public:
    [[nodiscard]] static std::unique_ptr<ArgumentsObject> create(const DomainSpec& spec, runtime::Account& account);
    ~ArgumentsObject();
    ArgumentsObject(const ArgumentsObject&) = delete;
    ArgumentsObject& operator=(const ArgumentsObject&) = delete;

    [[nodiscard]] ObjectHeader& header() const { return *header_; }

  private:
    explicit ArgumentsObject(runtime::Account& account) : account_(account) {}

    runtime::Account& account_;
    std::size_t charged_ = 0;
    ObjectHeader* header_ = nullptr;
};

}  // namespace tessera::caps
