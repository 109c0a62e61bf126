// What the tool is doing, on standard error: one line that changes on a terminal, plain lines elsewhere.
#pragma once

#include <string>
#include <string_view>

namespace tessera::tool {

// A step that may take a while. It shows itself only once it has taken longer than a moment, so that quick steps are
// silent; on a terminal the line goes away when the step ends. TESSERA_QUIET=1 in the environment silences all.
class Step {
  public:
    explicit Step(std::string text);
    ~Step();
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

    void update(std::string text);

  private:
    struct Shown;
    Shown* shown_;
};

// "tessera: text" on standard error, whole lines.
void say(std::string_view text);
void say_error(std::string_view text);

}  // namespace tessera::tool
