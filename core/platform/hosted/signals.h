// Signals of the hosted platform.
#pragma once

#include <csignal>

namespace tessera::platform::hosted {

void install_signal_handlers();
// Before any thread is pinned.
void remember_processors();

// In a process that is somebody else's: traps that are nobody's here go to the handlers that were there before, timers
// have a signal that nobody uses, no thread is pinned, and threads made for workers get no signals but these. False: no
// signal is free.
[[nodiscard]] bool share_signal_handlers();
// When no thread has a timer or is interrupted any more.
void give_back_signal_handlers();

// The current thread, which nobody made for a worker, gets what the handlers need: a stack of theirs and signals that
// are not blocked. Until the thread ends, or release_visitor.
void prepare_visitor();
void release_visitor();
// Runs the timer's handler on that thread, soon.
[[nodiscard]] int this_thread();
void interrupt(int thread);

// Blocks all signals of this thread meanwhile: threads that it makes begin so.
class NoSignals {
  public:
    NoSignals();
    ~NoSignals();
    NoSignals(const NoSignals&) = delete;
    NoSignals& operator=(const NoSignals&) = delete;

  private:
    sigset_t before_;
};

}  // namespace tessera::platform::hosted
