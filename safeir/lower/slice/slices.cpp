#include "safeir/lower/slice/slices.h"

#include "safeir/lower/base/imports.h"
#include "safeir/lower/base/shape.h"

#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

#include <algorithm>

namespace tessera::lower {

// Of a method, by its letters; the object comes first and is a capability.
Slices::Kind Slices::kind_of_parameter(const llvm::Function& method, unsigned number) {
    const llvm::StringRef letters = method.getFnAttribute(kMethodParameters).getValueAsString();
    const char letter = number == 0 || number > letters.size() ? 'c' : letters[number - 1];
    return letter == 'w' ? Kind::ReadWrite : letter == 'r' ? Kind::ReadOnly : Kind::Capability;
}

unsigned Slices::node_of(const llvm::Value* value) {
    const auto [entry, fresh] = nodes_.try_emplace(value, static_cast<unsigned>(parents_.size()));
    if (fresh) {
        parents_.push_back(entry->second);
        kinds_.push_back(Kind::Unknown);
    }
    return entry->second;
}

unsigned Slices::result_node(const llvm::Function* function) { return node_of(function); }

unsigned Slices::find(unsigned node) const {
    while (parents_[node] != node) {
        parents_[node] = parents_[parents_[node]];
        node = parents_[node];
    }
    return node;
}

void Slices::join(unsigned first, unsigned second) {
    first = find(first);
    second = find(second);
    if (first != second) {
        parents_[first] = second;
        const bool clash = (kinds_[first] == Kind::Capability) != (kinds_[second] == Kind::Capability) &&
                           kinds_[first] != Kind::Unknown && kinds_[second] != Kind::Unknown;
        kinds_[second] = clash ? Kind::Capability : std::max(kinds_[first], kinds_[second]);
    }
}

// A constant (an undefined value, or none) is every kind at once, so nothing flows through it.
void Slices::flow(const llvm::Value* from, const llvm::Value* to) {
    if (!llvm::isa<llvm::Constant>(from)) {
        join(node_of(from), node_of(to));
    }
}

void Slices::mark(const llvm::Instruction& where, unsigned node, Kind kind) {
    Kind& known = kinds_[find(node)];
    const bool clash = known != Kind::Unknown && (known == Kind::Capability) != (kind == Kind::Capability);
    if (clash) {
        diagnostics_.refuse(where, "a value is used both as a capability and as a borrowed slice");
        return;
    }
    known = std::max(known, kind);
}

void Slices::visit_call(llvm::CallInst& call) {
    llvm::Function* callee = call.getCalledFunction();
    if (callee == nullptr || callee->getFunctionType() != call.getFunctionType()) {
        return;
    }
    if (is_capability(call.getType())) {
        join(node_of(&call), result_node(callee));
    }
    for (unsigned i = 0; i < call.arg_size(); ++i) {
        if (is_capability(call.getArgOperand(i)->getType())) {
            if (!callee->isDeclaration()) {
                flow(call.getArgOperand(i), callee->getArg(i));
            }
        }
    }
}

void Slices::visit(llvm::Instruction& instruction) {
    if (auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction)) {
        visit_call(*call);
    } else if (auto* phi = llvm::dyn_cast<llvm::PHINode>(&instruction);
               phi != nullptr && is_capability(phi->getType())) {
        for (llvm::Value* incoming : phi->incoming_values()) {
            flow(incoming, phi);
        }
    } else if (auto* select = llvm::dyn_cast<llvm::SelectInst>(&instruction);
               select != nullptr && is_capability(select->getType())) {
        flow(select->getTrueValue(), select);
        flow(select->getFalseValue(), select);
    } else if (auto* freeze = llvm::dyn_cast<llvm::FreezeInst>(&instruction);
               freeze != nullptr && is_capability(freeze->getType())) {
        flow(freeze->getOperand(0), freeze);
    } else if (auto* result = llvm::dyn_cast<llvm::ReturnInst>(&instruction);
               result != nullptr && result->getReturnValue() != nullptr &&
               is_capability(result->getReturnValue()->getType())) {
        flow(result->getReturnValue(), result->getFunction());
    }
}

void Slices::infer() {
    // First what flows where, then what each use says.
    for (llvm::Function& function : program_) {
        for (llvm::Instruction& instruction : llvm::instructions(function)) {
            visit(instruction);
        }
    }
    for (llvm::Function& function : program_) {
        const llvm::StringRef module = import_module_of(function);
        const llvm::StringRef name = import_name_of(function);
        if (module == "tessera_file" && name == "map" && !function.use_empty()) {
            kinds_[find(result_node(&function))] = Kind::ReadOnly;
        } else if (module == "tessera_memory" && !function.use_empty()) {
            kinds_[find(result_node(&function))] = name == "slice" ? Kind::ReadWrite : Kind::ReadOnly;
        } else if (function.hasFnAttribute(kMethodParameters)) {
            for (llvm::Argument& argument : llvm::drop_begin(function.args())) {
                if (is_capability(argument.getType())) {
                    kinds_[find(node_of(&argument))] = kind_of_parameter(function, argument.getArgNo());
                }
            }
        }
    }
    const auto mark_arguments = [&](llvm::CallInst& call, const llvm::Function& callee) {
        const bool is_accessor = import_module_of(callee) == "tessera_slice";
        const llvm::StringRef name = import_name_of(callee);
        for (unsigned i = 0; i < call.arg_size(); ++i) {
            if (is_capability(call.getArgOperand(i)->getType()) && callee.isDeclaration()) {
                if (callee.hasFnAttribute(kMethodParameters)) {
                    mark(call, node_of(call.getArgOperand(i)), kind_of_parameter(callee, i));
                    continue;
                }
                const bool writes = is_accessor && (name.starts_with("store") || name == "write");
                mark(call,
                     node_of(call.getArgOperand(i)),
                     is_accessor ? (writes ? Kind::ReadWrite : Kind::ReadOnly) : Kind::Capability);
            }
        }
        if (is_accessor && is_capability(call.getType())) {
            join(node_of(&call), node_of(call.getArgOperand(0)));  // a sub-slice is as writable as the slice
            mark(call, node_of(&call), Kind::ReadOnly);
        }
    };
    for (llvm::Function& function : program_) {
        for (llvm::Instruction& instruction : llvm::instructions(function)) {
            if (auto* call = llvm::dyn_cast<llvm::CallInst>(&instruction);
                call != nullptr && call->getCalledFunction() != nullptr) {
                mark_arguments(*call, *call->getCalledFunction());
            }
        }
    }
    for (llvm::Function& function : program_) {
        SliceUse use;
        bool any = false;
        for (llvm::Argument& argument : function.args()) {
            use.parameter.push_back(is_capability(argument.getType()) && is_slice(&argument));
            any |= use.parameter.back();
        }
        use.result = is_capability(function.getReturnType()) && is_slice(&function);
        if (any || use.result) {
            uses_[&function] = use;
        }
    }
}

bool Slices::is_slice(const llvm::Value* value) const {
    const auto node = nodes_.find(value);
    return node != nodes_.end() && kinds_[find(node->second)] >= Kind::ReadOnly;
}

bool Slices::is_writable(const llvm::Value* value) const {
    const auto node = nodes_.find(value);
    return node != nodes_.end() && kinds_[find(node->second)] == Kind::ReadWrite;
}

const SliceUse* Slices::use_of(const llvm::Function& function) const {
    const auto use = uses_.find(&function);
    return use == uses_.end() ? nullptr : &use->second;
}

}  // namespace tessera::lower
