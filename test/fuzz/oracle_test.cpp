// The oracle itself: programs that no checker saw, each of which does one thing that no program may, have to be caught.
#include "safeir/read/read_program.h"
#include "test/fuzz/trial.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

extern "C" void LLVMInitializeX86AsmParser();  // the kernel has none; a test that cheats needs it

namespace tessera::safeir {

struct CheckedModuleForTests {
    static CheckedModule wrap(std::unique_ptr<llvm::LLVMContext> context, std::unique_ptr<llvm::Module> module) {
        CheckedModule wrapped;
        wrapped.context_ = std::move(context);
        wrapped.module_ = std::move(module);
        std::uint32_t index = 0;
        for (const llvm::Function& function : *wrapped.module_) {
            if (function.getName() == "go") {
                wrapped.exports_.push_back({"go", index, 1, true});
            }
            index += function.isDeclaration() ? 0 : 1;
        }
        return wrapped;
    }
};

}  // namespace tessera::safeir

namespace {

using namespace tessera;

struct Case {
    const char* name;
    const char* finds;  // how the problem begins; empty: there is none
    const char* body;
    bool in_alarms = false;  // which come to the process all the time, so to any of its threads
};

constexpr Case kCases[] = {
    {"a program that keeps to the rules", "", "  ret i32 %sp"},
    {"a store to the kernel's page", "escape", R"(
  %p = getelementptr i8, ptr %base, i64 -8
  store volatile i64 1, ptr %p
  ret i32 0)"},
    {"a load far behind the guard", "escape", R"(
  %z = zext i32 %sp to i64
  %w = shl i64 %z, 17
  %p = getelementptr i8, ptr %base, i64 %w
  %v = load volatile i32, ptr %p
  ret i32 %v)"},
    {"a load right behind a slice", "escape", R"(
  %s = call { ptr, i64 } @"tessera.import.t/ro"(ptr %base, i32 100)
  %d = extractvalue { ptr, i64 } %s, 0
  %n = extractvalue { ptr, i64 } %s, 1
  %p = getelementptr i8, ptr %d, i64 %n
  %v = load volatile i8, ptr %p
  ret i32 0)"},
    {"a store to a slice that may only be read", "escape", R"(
  %s = call { ptr, i64 } @"tessera.import.t/ro"(ptr %base, i32 100)
  %d = extractvalue { ptr, i64 } %s, 0
  store volatile i8 1, ptr %d
  ret i32 0)"},
    {"a forged capability", "escape", R"(
  %n = ptrtoint ptr %base to i64
  %p = inttoptr i64 %n to ptr
  %v = call i32 @"tessera.import.t/use"(ptr %base, ptr %p)
  ret i32 %v)"},
    {"another base", "escape", R"(
  %p = getelementptr i8, ptr %base, i64 4096
  %v = call i32 @"tessera.import.t/use"(ptr %p, ptr null)
  ret i32 %v)"},
    {"a division by zero that nothing guards", "escape", R"(
  %z = load volatile i32, ptr %low
  %o = and i32 %z, 0
  %s = freeze i32 %o
  %v = call i32 asm sideeffect "xor %ecx, %ecx; div %ecx", "={ax},{ax},~{dx},~{cx}"(i32 %s)
  ret i32 %v)"},
    {"what a register held", "secret", R"(
  %v = call i32 asm sideeffect "mov %r9d, %eax", "={ax}"()
  ret i32 %v)"},
    {"a stack object that nobody cleared", "secret", R"(
  %f = alloca [256 x i8]
  %p = getelementptr i8, ptr %f, i64 %wide
  %v = load volatile i32, ptr %p
  store volatile i32 %v, ptr %low
  ret i32 0)"},
    {"a jump out of the code", "escape", R"(
  %p = getelementptr i8, ptr %base, i64 65536
  call void %p()
  ret i32 0)"},
    {"data below the stack pointer, where an interruption writes", "interrupted", R"(
  %f = alloca i64
  %below = getelementptr i8, ptr %f, i64 -400
  br label %again
again:
  %i = phi i32 [ 0, %0 ], [ %more, %again ]
  store volatile i32 %i, ptr %below
  %v = load volatile i32, ptr %below
  %more = add i32 %v, 1
  %c = icmp ult i32 %more, 50
  br i1 %c, label %again, label %done
done:
  ret i32 %more)"},
    {"a check of one load, and an access by another", "escape", R"(
  %s = call { ptr, i64 } @"tessera.import.t/ro"(ptr %base, i32 100)
  %d = extractvalue { ptr, i64 } %s, 0
  br label %again
again:
  %i = phi i32 [ 0, %0 ], [ %more, %next ]
  %checked = load volatile i32, ptr %low
  %c = icmp sge i32 %checked, 0
  br i1 %c, label %access, label %next
access:
  %used = load volatile i32, ptr %low
  %sign = lshr i32 %used, 31
  %far = shl i32 %sign, 13
  %w = zext i32 %far to i64
  %p = getelementptr i8, ptr %d, i64 %w
  %v = load volatile i8, ptr %p
  br label %next
next:
  %more = add i32 %i, 1
  %left = icmp ult i32 %more, 100000
  br i1 %left, label %again, label %done
done:
  ret i32 0)"},
    {"an old frame's data that only a race brings to light", "secret kept", R"(
  %f = alloca [64 x i8]
  br label %again
again:
  %i = phi i32 [ 0, %0 ], [ %more, %next ]
  %a = load volatile i32, ptr %low
  %b = load volatile i32, ptr %low
  %c = icmp eq i32 %a, %b
  br i1 %c, label %next, label %changed
changed:
  %old = load volatile i64, ptr %f
  %top = getelementptr i8, ptr %base, i64 4294836224
  store volatile i64 %old, ptr %top
  br label %next
next:
  %more = add i32 %i, 1
  %left = icmp ult i32 %more, 100000
  br i1 %left, label %again, label %done
done:
  ret i32 0)"},
    {"a slice from an import that the box doesn't know, which is empty", "", R"(
  %s = call { ptr, i64 } @"tessera.import.t/other"(ptr %base, i32 100)
  %d = extractvalue { ptr, i64 } %s, 0
  %n = extractvalue { ptr, i64 } %s, 1
  call void @tessera.slice_write(ptr %base, ptr %d, i64 %n, i64 0, i32 65536, i32 0)
  ret i32 0)"},
    {"a fault in the arena, which is the program's own", "", R"(
  %v = load volatile i32, ptr %base
  ret i32 %v)"},
    {"a fault in the arena while alarms come, whose handlers have stacks of their own",
     "",
     R"(
  %v = load volatile i32, ptr %base
  ret i32 %v)",
     true},
};

// A process that sends this one an alarm again and again, until it is ended.
class Alarms {
  public:
    explicit Alarms(bool wanted) {
        const pid_t receiver = getpid();
        if (wanted && (sender_ = fork()) == 0) {
            while (getppid() == receiver && kill(receiver, SIGALRM) == 0) {
                usleep(20);
            }
            _exit(0);
        }
    }
    ~Alarms() {
        if (sender_ != 0) {
            kill(sender_, SIGKILL);
            waitpid(sender_, nullptr, 0);
        }
    }
    Alarms(const Alarms&) = delete;
    Alarms& operator=(const Alarms&) = delete;

  private:
    pid_t sender_ = 0;
};

std::string problem_of(const Case& each) {
    auto context = std::make_unique<llvm::LLVMContext>();
    const std::string text = fmt::format(R"(
declare {{ ptr, i64 }} @"tessera.import.t/ro"(ptr, i32) "tessera.import"="t/ro" "tessera.result"="ro"
declare {{ ptr, i64 }} @"tessera.import.t/other"(ptr, i32) "tessera.import"="t/other" "tessera.result"="rw"
declare void @tessera.slice_write(ptr, ptr, i64, i64, i32, i32)
declare i32 @"tessera.import.t/use"(ptr, ptr) "tessera.import"="t/use"
define internal i32 @go(ptr %base, i32 %sp, ptr %cap) {{
  %low = getelementptr i8, ptr %base, i64 65536
  %low32 = and i32 %sp, 64
  %wide = zext i32 %low32 to i64
{}
}})",
                                         each.body);
    llvm::SMDiagnostic wrong;
    auto module = llvm::parseAssembly(llvm::MemoryBufferRef(text, each.name), wrong, *context);
    if (module == nullptr) {
        return "not LLVM assembly: " + wrong.getMessage().str();
    }
    module->setDataLayout(safeir::kDataLayout);
    const auto wrapped = safeir::CheckedModuleForTests::wrap(std::move(context), std::move(module));
    const auto tester = fuzz::Tester::create();
    if (!tester) {
        return tester.error().text;
    }
    fuzz::Trial trial;
    volatile fuzz::Phase phase = fuzz::Phase::Idle;
    // What needs a race may need another one on a busy machine.
    const unsigned tries = each.finds[0] == '\0' && !each.in_alarms ? 1 : 40;
    const Alarms alarms(each.in_alarms);
    for (unsigned i = 0; i < tries && trial.problem.empty() && trial.failure.empty(); ++i) {
        (*tester)->test_module(wrapped, {.deterministic = true}, 1, phase, trial);
    }
    return trial.failure.empty() ? trial.problem : "not compiled: " + trial.failure;
}

}  // namespace

// Each in a process of its own: an escape leaves nothing that could be relied on.
int main() {
    LLVMInitializeX86AsmParser();
    unsigned passed = 0;
    unsigned failed = 0;
    for (const Case& each : kCases) {
        const pid_t child = fork();
        if (child == 0) {
            const std::string problem = problem_of(each);
            const std::string finds = each.finds;
            const bool good = finds.empty() ? problem.empty() : problem.starts_with(finds);
            if (!good) {
                fmt::print("FAIL  {}: {}\n", each.name, problem.empty() ? "nothing was noticed" : problem);
                std::fflush(stdout);
            }
            _exit(good ? 0 : 1);
        }
        int status = 0;
        waitpid(child, &status, 0);
        if (WIFSIGNALED(status)) {
            fmt::print("FAIL  {}: signal {}\n", each.name, WTERMSIG(status));
        }
        ++(status == 0 ? passed : failed);
    }
    fmt::print("{} passed, {} failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
