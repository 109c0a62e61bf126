// Programs whose objects others of the image are granted: ready before these begin, there until these have ended.
#pragma once

#include "boot/bundle/manifest.h"
#include "caps/domain.h"
#include "core/base/result.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::system {

class Services {
  public:
    // The error names a program that nobody has, or one that waits for itself.
    static Result<std::unique_ptr<Services>> create(const bundle::Manifest& manifest);

    // On the program's fiber, and before it begins: the object that it is granted, once its server is ready.
    [[nodiscard]] Result<caps::ObjectHeader*> object(const bundle::Grant& grant);
    // The same for what is to stand before an object. A reference of the caller's.
    [[nodiscard]] Result<caps::ObjectHeader*> interpose(const std::string& by, caps::ObjectHeader& object);

    // Of a program that others are granted objects of, on its fiber. `domain`: it is ready, and stays until
    // wait_for_users returns; null: it never will be.
    void ready(const bundle::Program& program, caps::Domain* domain);
    [[nodiscard]] bool is_server(const bundle::Program& program) const;
    // Meanwhile the program is told of the objects that were let go of.
    void wait_for_users(const bundle::Program& program);
    // The program has ended, however it did: its servers may.
    void ended(const bundle::Program& program);

  private:
    enum class State : std::uint8_t { Starting, Ready, Failed };
    struct Service {
        std::string_view name;
        std::atomic<State> state = State::Starting;
        caps::Domain* domain = nullptr;
        std::atomic<std::size_t> users = 0;
    };
    [[nodiscard]] Service* find(std::string_view name) const;
    [[nodiscard]] Result<caps::Domain*> wait_for(const std::string& name);

    std::vector<std::unique_ptr<Service>> services_;  // one for each program
};

}  // namespace tessera::system
