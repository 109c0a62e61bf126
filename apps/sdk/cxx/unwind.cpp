// The run-time half of exceptions (safeir/lower/program/exceptions.cpp): in place of an unwinder and of libc++abi's
// personality routine. Compiled with libc++abi, whose own files throw, count and free exceptions.
#include "cxa_exception.h"
#include "private_typeinfo.h"

#include <exception>

using namespace __cxxabiv1;

namespace {

enum class Kind : unsigned { End = 0, Catch = 1, Filter = 2 };

struct Clause {
    Kind kind;
    const void* what;  // Catch: a type, null for all. Filter: the types that may pass, and a null
};

void* thrown_object(_Unwind_Exception* exception) {
    void* object = exception + 1;
    if (__getExceptionClass(exception) == kOurDependentExceptionClass) {
        return (static_cast<__cxa_dependent_exception*>(object) - 1)->primaryException;
    }
    return object;
}

bool is_caught_as(const void* type, const __cxa_exception& header, void*& object) {
    const auto* thrown = static_cast<const __shim_type_info*>(header.exceptionType);
    return static_cast<const __shim_type_info*>(type)->can_catch(thrown, object);
}

}  // namespace

extern "C" {

thread_local _Unwind_Exception* __tessera_exception;  // the one under way; null: none

// Returns, and the caller finds that an exception is under way. Weak, so that nobody concludes from its body that it
// throws nothing.
__attribute__((weak)) _Unwind_Reason_Code _Unwind_RaiseException(_Unwind_Exception* exception) {
    __tessera_exception = exception;
    return _URC_NO_REASON;
}
__attribute__((weak)) _Unwind_Reason_Code _Unwind_Resume_or_Rethrow(_Unwind_Exception* exception) {
    __tessera_exception = exception;
    return _URC_NO_REASON;
}

void _Unwind_DeleteException(_Unwind_Exception* exception) {
    if (exception->exception_cleanup != nullptr) {
        exception->exception_cleanup(_URC_FOREIGN_EXCEPTION_CAUGHT, exception);
    }
}

// What a landing pad's code compares with: the address of the type that caught the exception, 1 for catch (...), -1 for
// a violated exception specification, 0 for none of these.
int __tessera_select_clause(_Unwind_Exception* exception, const Clause* clause) noexcept {
    __cxa_exception& header = static_cast<__cxa_exception*>(static_cast<void*>(exception + 1))[-1];
    for (; clause->kind != Kind::End; ++clause) {
        void* object = thrown_object(exception);
        if (clause->kind == Kind::Catch) {
            if (clause->what == nullptr || is_caught_as(clause->what, header, object)) {
                header.adjustedPtr = object;
                return clause->what == nullptr ? 1 : static_cast<int>(reinterpret_cast<__UINTPTR_TYPE__>(clause->what));
            }
            continue;
        }
        bool may_pass = false;
        for (const auto* type = static_cast<const void* const*>(clause->what); *type != nullptr && !may_pass; ++type) {
            void* unused = object;
            may_pass = is_caught_as(*type, header, unused);
        }
        if (!may_pass) {
            header.adjustedPtr = object;
            return -1;
        }
    }
    return 0;
}

// An exception has come to a function that none may leave: C code, main's caller.
[[noreturn]] void __tessera_exception_not_allowed() noexcept {
    _Unwind_Exception* exception = __tessera_exception;
    __tessera_exception = nullptr;
    __cxa_begin_catch(exception);
    std::terminate();
}
}
