#include "safeir/lower/program/program.h"

#include "safeir/lower/base/dynamic_stack.h"
#include "safeir/lower/base/imports.h"
#include "safeir/lower/base/places.h"
#include "safeir/lower/function/function_lowering.h"
#include "safeir/lower/program/cap_releases.h"
#include "safeir/lower/program/dynamic_stack.h"
#include "safeir/lower/program/expand_atomics.h"
#include "safeir/lower/program/methods.h"
#include "safeir/lower/program/odd_intrinsics.h"
#include "safeir/lower/program/prepare.h"
#include "safeir/lower/program/split_steps.h"
#include "safeir/lower/unit/by_value.h"
#include "safeir/spec/marks.h"

#include "llvm/ADT/SCCIterator.h"
#include "llvm/Analysis/CallGraph.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/Cloning.h"

namespace tessera::lower {

namespace {

// The kernel's own layout (safeir/read), which every checked module has.
constexpr const char* kTargetLayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128";

// Of every function, and before any is lowered: the map may not grow then.
void find_machine_frames(Lowering& program) {
    llvm::CallGraph calls(program.source);
    for (auto component = llvm::scc_begin(&calls); !component.isAtEnd(); ++component) {
        const auto recursion = component.hasCycle() ? Recursion::Possible : Recursion::No;
        for (const llvm::CallGraphNode* node : *component) {
            if (const llvm::Function* function = node->getFunction()) {
                program.machine_frames[function] = machine_frame_of(*function, recursion);
            }
        }
    }
}

// The stack pointer goes to functions that have objects on the arena's stack, call one of these, or call through a
// pointer; and to those that are called by someone who can't know: through a pointer, or from outside.
void find_stack_users(Lowering& program) {
    llvm::DenseMap<const llvm::Function*, llvm::SmallVector<const llvm::Function*, 4>> callers;
    llvm::SmallVector<const llvm::Function*> work;
    const auto add = [&](const llvm::Function& function) {
        if (program.takes_stack.insert(&function).second) {
            work.push_back(&function);
        }
    };
    for (const llvm::Function& function : program.source) {
        if (function.isDeclaration()) {
            if (is_method_import(function)) {
                program.takes_stack.insert(&function);
            }
            continue;
        }
        if (function.hasFnAttribute(safeir::marks::kExport) || is_address_taken(function)) {
            add(function);
        }
        for (const llvm::Instruction& instruction : llvm::instructions(function)) {
            if (const auto* object = llvm::dyn_cast<llvm::AllocaInst>(&instruction)) {
                if (!program.machine_frames[&function].bytes.contains(object)) {
                    add(function);
                }
            } else if (const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction)) {
                const auto* callee = llvm::dyn_cast<llvm::Function>(call->getCalledOperand()->stripPointerCasts());
                if (callee == nullptr
                        ? !call->isInlineAsm()
                        : (callee->getName() == safeir::marks::kTry || callee->getName() == kFrameFunction)) {
                    add(function);
                } else if (callee != nullptr && is_method_import(*callee)) {
                    add(function);
                } else if (callee != nullptr && !callee->isDeclaration()) {
                    callers[callee].push_back(&function);
                }
            }
        }
    }
    while (!work.empty()) {
        for (const llvm::Function* caller : callers[work.pop_back_val()]) {
            add(*caller);
        }
    }
}

void name_slices(llvm::Function& target, const llvm::Function& source, Lowering& program) {
    const SliceUse* use = program.slices.use_of(source);
    if (use == nullptr) {
        return;
    }
    if (use->result) {
        target.addFnAttr(safeir::marks::kSliceResult,
                         program.slices.is_writable(&source) ? safeir::marks::kWritable : safeir::marks::kReadOnly);
        if (!source.isDeclaration()) {
            program.diagnostics.refuse(source,
                                       "a borrowed slice can't be the result of a function that can't be inlined");
        }
    }
    unsigned at = program.takes_stack.contains(&source) ? 2 : 1;
    for (const llvm::Argument& argument : source.args()) {
        const bool is_slice = use->parameter[argument.getArgNo()];
        if (is_slice) {
            const bool writable = program.slices.is_writable(&argument);
            target.addParamAttr(
                at,
                llvm::Attribute::get(target.getContext(),
                                     writable ? safeir::marks::kWritableSlice : safeir::marks::kReadOnlySlice));
        }
        at += static_cast<unsigned>(
            program.signatures.passed(program.signatures.parts(argument.getType(), is_slice)).size());
    }
}

// A slice is lent down, never given up: a function whose result is one becomes part of its callers.
void inline_slice_results(llvm::Module& source, Diagnostics& diagnostics) {
    constexpr unsigned kRoundsMax = 16;  // as deep as such functions may call each other
    for (unsigned round = 0; round < kRoundsMax; ++round) {
        Slices slices(source, diagnostics);
        slices.infer();
        llvm::SmallVector<llvm::CallInst*> calls;
        llvm::SmallVector<llvm::Function*> functions;
        for (llvm::Function& function : source) {
            const SliceUse* use = slices.use_of(function);
            if (use == nullptr || !use->result || function.isDeclaration()) {
                continue;
            }
            functions.push_back(&function);
            for (llvm::User* user : function.users()) {
                auto* call = llvm::dyn_cast<llvm::CallInst>(user);
                if (call != nullptr && call->getCalledFunction() == &function && call->getFunction() != &function) {
                    calls.push_back(call);
                }
            }
        }
        for (llvm::CallInst* call : calls) {
            llvm::InlineFunctionInfo info;
            (void)llvm::InlineFunction(*call, info);
        }
        for (llvm::Function* function : functions) {
            if (function->use_empty() && !function->hasFnAttribute(safeir::marks::kExport)) {
                function->eraseFromParent();
            }
        }
        if (calls.empty() || diagnostics.failed()) {
            return;
        }
    }
}

void declare_functions(Lowering& program) {
    for (llvm::Function& source : program.source) {
        const llvm::StringRef import = import_module_of(source);
        if (source.isIntrinsic() || (source.isDeclaration() && import.empty()) || import == "tessera_slice" ||
            import == "tessera_capability") {
            continue;
        }
        const SliceUse* slices = program.slices.use_of(source);
        const auto stack = program.takes_stack.contains(&source) ? StackPointer::Passed : StackPointer::Absent;
        for (llvm::Type* type : source.getFunctionType()->params()) {
            if (const std::string problem = program.shapes.refusal(type); !problem.empty()) {
                program.diagnostics.refuse(source, "has a parameter that is " + problem);
            }
        }
        if (const std::string problem = program.shapes.refusal(source.getReturnType()); !problem.empty()) {
            program.diagnostics.refuse(source, "has a result that is " + problem);
        }
        if (source.isVarArg()) {
            program.diagnostics.refuse(
                source, "takes a variable number of arguments, in a form that the front end should have removed");
        }
        llvm::FunctionType* type = program.signatures.lower(source.getFunctionType(), stack, slices);
        if (type == nullptr) {
            program.diagnostics.refuse(source, "has more than eight results");
            continue;
        }
        const auto linkage =
            source.isDeclaration() ? llvm::GlobalValue::ExternalLinkage : llvm::GlobalValue::InternalLinkage;
        llvm::Function* target = llvm::Function::Create(type, linkage, source.getName(), *program.target);
        if (source.isDeclaration()) {
            target->addFnAttr(safeir::marks::kImport, (import + "/" + import_name_of(source)).str());
        } else if (source.hasFnAttribute(safeir::marks::kExport)) {
            target->addFnAttr(source.getFnAttribute(safeir::marks::kExport));
        }
        name_slices(*target, source, program);
        program.functions[&source] = target;
    }
}

void fill_tables(Lowering& program) {
    for (const auto& [type, group] : program.layout.function_groups()) {
        llvm::GlobalVariable* table = program.table(type);
        auto* array = llvm::cast<llvm::ArrayType>(table->getValueType());
        std::vector<llvm::Constant*> entries(
            array->getNumElements(), llvm::ConstantPointerNull::get(llvm::PointerType::get(program.context, 0)));
        for (const ArenaLayout::NumberedFunction& entry : group) {
            entries[entry.number] = program.functions.lookup(entry.function);
        }
        table->setInitializer(llvm::ConstantArray::get(array, entries));
    }
}

void keep_debug_information(Lowering& program) {
    llvm::NamedMDNode* units = program.source.getNamedMetadata("llvm.dbg.cu");
    if (units == nullptr) {
        return;
    }
    llvm::NamedMDNode* copy = program.target->getOrInsertNamedMetadata("llvm.dbg.cu");
    for (llvm::MDNode* unit : units->operands()) {
        copy->addOperand(unit);
    }
    program.target->addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
}

}  // namespace

std::optional<LoweredProgram>
lower_program(std::unique_ptr<llvm::Module> source, const ProgramOptions& options, Diagnostics& diagnostics) {
    prepare_program(*source, options, diagnostics);
    if (diagnostics.failed()) {
        return std::nullopt;
    }
    give_methods_their_results(*source, diagnostics);
    if (diagnostics.failed()) {
        return std::nullopt;
    }
    copy_by_value_arguments(*source);
    expand_atomics(*source);
    expand_odd_intrinsics(*source);
    make_stack_explicit(*source);
    split_steps(*source);

    inline_slice_results(*source, diagnostics);
    release_last_uses(*source);

    Lowering program(*source, diagnostics);
    program.target->setTargetTriple(llvm::Triple("x86_64-unknown-linux-gnu"));
    program.target->setDataLayout(kTargetLayout);
    find_machine_frames(program);
    find_stack_users(program);
    program.slices.infer();
    program.layout.place(options.stack_bytes, options.memory_max_bytes);
    program.layout.number_functions(program.signatures);
    declare_functions(program);
    if (diagnostics.failed()) {
        return std::nullopt;
    }
    for (llvm::Function& function : *source) {
        if (llvm::Function* target = program.functions.lookup(&function);
            target != nullptr && !function.isDeclaration()) {
            FunctionLowering(program, function, *target).run();
            target->setSubprogram(function.getSubprogram());
        }
    }
    program.layout.fill();
    fill_tables(program);
    keep_debug_information(program);
    if (diagnostics.failed()) {
        return std::nullopt;
    }
    LoweredProgram lowered{std::move(program.target), std::move(program.layout.image())};
    drop_places(*lowered.module);
    source.reset();  // a subprogram belongs to one function only, and the source had it too
    std::string problems;
    llvm::raw_string_ostream stream(problems);
    if (llvm::verifyModule(*lowered.module, &stream)) {
        diagnostics.error("the lowering made an invalid module (a fault of tessera cc): " + problems.substr(0, 600));
        return std::nullopt;
    }
    return lowered;
}

}  // namespace tessera::lower
